"""Which machines a mail may come from: single addresses and networks."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

LOOPBACK = ("127.0.0.0/8", "::1")


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
