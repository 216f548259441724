"""JSON pointers (RFC 6901), as Redfish and MQTT profiles use them. Pure."""


def pointed(found: object, pointer: str) -> object:
    """Follow a JSON pointer, or give None where it leads nowhere."""
    for part in pointer.split("/")[1:]:
        if isinstance(found, dict):
            found = found.get(part.replace("~1", "/").replace("~0", "~"))
        elif isinstance(found, list) and part.isdigit() and int(part) < len(found):
            found = found[int(part)]
        else:
            return None
    return found
