"""How often one client, one sender and one sender's domain may come: beyond that they are told to come again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from mail_ingest.peers import Peers, peer_of

_MINUTE, _HOUR = 60.0, 3_600.0
_BURST = 10  # the part of an hour's mails that may come within a minute

TOO_MANY_CONNECTIONS = "421 4.7.0 Too many connections from your address, please try again later"
TOO_MANY_OF_CLIENT = "450 4.7.1 Too many mails from your address, please try again later"
TOO_MANY_OF_SENDER = "450 4.7.1 Too many mails of this sender, please try again later"
TOO_MANY_OF_DOMAIN = "450 4.7.1 Too many mails of this sender's domain, please try again later"


@dataclass(frozen=True, slots=True)
class RateLimits:
    """0 is no limit. Mails are those of an hour; a tenth of them may come within a minute.

    A client is a machine, in IPv6 a /64 network; the peers whose connections are uncapped are not counted as clients.
    `refusals` are unknown recipients. The last four hold within one connection, `answers` between two mails.
    """

    connections_per_minute: int = 60
    client_mails: int = 1_200
    sender_mails: int = 600
    domain_mails: int = 3_000
    client_refusals: int = 100
    remembered: int = 10_000

    refusals: int = 10
    bad_commands: int = 8
    answers: int = 1_000


DEFAULT_RATES = RateLimits()


class Bucket:
    """`most` at once for each key, coming back evenly over `seconds`.

    Kept is the moment at which a key's bucket is full again, and of the latest `remembered` keys only.
    """

    def __init__(self, most: int, seconds: float, remembered: int) -> None:
        self._most = most
        self._seconds = seconds
        self._each = seconds / most if most else 0.0
        self._remembered = remembered
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._full_at)

    def has(self, key: str, now: float) -> bool:
        """Whether one more may be taken."""
        if not self._most:
            return True
        waits = max(self._full_at.get(key, now) - now, 0.0)
        return waits + self._each / 2 < self._seconds  # half a step, so that rounding does not decide

    def take(self, key: str, now: float) -> None:
        if not self._most:
            return
        self._full_at[key] = max(self._full_at.get(key, now), now) + self._each
        self._full_at.move_to_end(key)
        if len(self._full_at) > self._remembered:
            self._full_at.popitem(last=False)


class Rates:
    """What came lately. `clock` gives seconds that never go back."""

    def __init__(self, limits: RateLimits, exempt: Peers, clock: Callable[[], float]) -> None:
        self.limits = limits
        self._exempt = lru_cache(limits.remembered)(exempt.include)
        self._clock = clock
        self._connections = Bucket(limits.connections_per_minute, _MINUTE, limits.remembered)
        self._refusals = Bucket(limits.client_refusals, _HOUR, limits.remembered)
        self._client = _mails(limits.client_mails, limits.remembered)
        self._sender = _mails(limits.sender_mails, limits.remembered)
        self._domain = _mails(limits.domain_mails, limits.remembered)

    def exempt(self, host: str) -> bool:
        """Whether the peer hands over the mail of many, so that it is not counted as one client."""
        return self._exempt(host)

    def connection(self, host: str) -> bool:
        """Count a connection; False when it is one too many."""
        if self.exempt(host):
            return True
        now, peer = self._clock(), peer_of(host)
        if not (self._connections.has(peer, now) and self._refusals.has(peer, now)):
            return False
        self._connections.take(peer, now)
        return True

    def mail(self, host: str, sender: str) -> str:
        """Count a mail where it may come; else the answer that puts it off, and nothing is counted.

        The empty sender of bounces is nobody's, so it counts for its client, and as a domain of its own.
        """
        now, sender = self._clock(), sender.lower()
        counted = [(self._domain, sender.rpartition("@")[2], TOO_MANY_OF_DOMAIN)]
        if sender:
            counted.append((self._sender, sender, TOO_MANY_OF_SENDER))
        if not self.exempt(host):
            counted.append((self._client, peer_of(host), TOO_MANY_OF_CLIENT))
        for buckets, key, answer in counted:
            if not all(bucket.has(key, now) for bucket in buckets):
                return answer
        for buckets, key, _ in counted:
            for bucket in buckets:
                bucket.take(key, now)
        return ""

    def refusal(self, host: str, of_this_connection: int) -> bool:
        """Count an unknown recipient; False when the client seems to try out addresses."""
        if self.exempt(host):
            return True
        now, peer = self._clock(), peer_of(host)
        self._refusals.take(peer, now)
        within = not self.limits.refusals or of_this_connection < self.limits.refusals
        return within and self._refusals.has(peer, now)


def _mails(hourly: int, remembered: int) -> tuple[Bucket, Bucket]:
    minutely = max(1, hourly // _BURST) if hourly else 0
    return Bucket(minutely, _MINUTE, remembered), Bucket(hourly, _HOUR, remembered)
