"""How much the SMTP edge takes on at a time: connections in all and of one peer, and bytes of mails under way."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from mail_ingest.limits import MB
from mail_ingest.peers import LOOPBACK, Peers, peer_of


@dataclass(frozen=True, slots=True)
class LoadLimits:
    """`per_peer` holds for all but the addresses and networks in `uncapped`, which may have all the `connections`.

    `in_flight` counts the bytes of mails from the first one received until the mail is committed or refused.
    """

    connections: int = 500
    per_peer: int = 50
    in_flight: int = 512 * MB
    uncapped: tuple[str, ...] = LOOPBACK


DEFAULT_LOAD = LoadLimits()


class Load:
    """What is under way now."""

    def __init__(self, limits: LoadLimits) -> None:
        self._limits = limits
        self._uncapped = Peers(limits.uncapped)
        self._by_peer: Counter[str] = Counter()
        self._bytes = 0

    def connected(self, host: str) -> bool:
        """Count a connection; False when it is one too many. Either way it is to be told to `disconnected`."""
        peer = peer_of(host)
        self._by_peer[peer] += 1
        if self._by_peer.total() > self._limits.connections:
            return False
        return self._uncapped.include(host) or self._by_peer[peer] <= self._limits.per_peer

    def disconnected(self, host: str) -> None:
        peer = peer_of(host)
        self._by_peer[peer] -= 1
        if self._by_peer[peer] <= 0:
            del self._by_peer[peer]

    def has_room(self, size: int) -> bool:
        """Whether a mail that is said to have this size may come now."""
        return self._bytes + size <= self._limits.in_flight

    def received(self, size: int) -> bool:
        """Count bytes of a mail; False when they are too many. Either way they are to be told to `done`."""
        self._bytes += size
        return self._bytes <= self._limits.in_flight

    def done(self, size: int) -> None:
        self._bytes -= size
