"""Names and addresses of machines, as far as they tell something by themselves."""

from ipaddress import IPv6Address, ip_address


def is_loopback(host: str) -> bool:
    """Tell whether a host is this very machine, by its name or address alone."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_ipv6(host: str) -> bool:
    """Tell whether a host is written as an address of IPv6, whose colons are no port's."""
    try:
        return isinstance(ip_address(host), IPv6Address)
    except ValueError:
        return False


def place_of(host: str, port: int) -> str:
    """Write a machine and its port as people do, an address of IPv6 in brackets."""
    return f"[{host}]:{port}" if is_ipv6(host) else f"{host}:{port}"
