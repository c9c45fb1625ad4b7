"""Whether an address belongs to the public network: what a webhook may be sent to, and nothing within our walls."""

import ipaddress

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(text: str) -> bool:
    """Whether everybody reaches the same machine there; also when an IPv4 address is wrapped in another."""
    try:
        address = ipaddress.ip_address(text.split("%", 1)[0])
    except ValueError:
        return False
    return all(_is_public(one) for one in (address, *_wrapped(address)))


def _is_public(address: _Address) -> bool:
    plain = not (address.is_multicast or address.is_reserved or address.is_unspecified)
    return address.is_global and plain


def _wrapped(address: _Address) -> tuple[_Address, ...]:
    if isinstance(address, ipaddress.IPv4Address):
        return ()
    found: list[_Address] = [one for one in (address.ipv4_mapped, address.sixtofour) if one is not None]
    if address.teredo is not None:
        found += address.teredo
    return tuple(found)
