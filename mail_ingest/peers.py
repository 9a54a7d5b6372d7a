"""Which machines a mail may come from: single addresses and networks, and what counts as one peer."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from functools import lru_cache

LOOPBACK = ("127.0.0.0/8", "::1")

_NETWORK = 64  # bits: the least that a customer gets of IPv6, so that one peer has more addresses than we can count


class Peers:
    """A set of IP addresses and networks; ValueError where one of `given` is neither."""

    def __init__(self, given: Iterable[str]) -> None:
        self._networks = tuple(ipaddress.ip_network(text.strip(), strict=False) for text in given)

    def include(self, peer: str) -> bool:
        """Whether the address is one of them; what is no address never is."""
        try:
            address = ipaddress.ip_address(peer.strip())
        except ValueError:
            return False
        # A listener of both families sees IPv4 peers in this form.
        plain = getattr(address, "ipv4_mapped", None) or address
        return any(plain in network for network in self._networks)


@lru_cache(10_000)
def peer_of(host: str) -> str:
    """What is counted as one peer: a machine of IPv4, a network of IPv6; what is no address stands for itself."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address) or address.ipv4_mapped:
        return str(getattr(address, "ipv4_mapped", None) or address)
    return str(ipaddress.ip_network((address, _NETWORK), strict=False))
