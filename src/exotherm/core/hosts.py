"""Names and addresses of machines, as far as they tell something by themselves."""

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Tell whether a host is this very machine, by its name or address alone."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
