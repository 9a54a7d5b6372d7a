"""Asking DNS within bounds: one cache for the process, and for each check a limit on the time it may take."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from mail_ingest.authentication.bounds import DEFAULT, Bounds
from mail_ingest.authentication.dns import Answer, Dns, DnsUnavailable, RecordType

_LEAST, _MOST = 5.0, 3_600.0  # seconds an answer is kept, whatever it says itself
_FAILED = 10.0  # seconds a failure is kept: a dead domain must not hold up one check after another
_ENTRIES = 4_096
_LARGE = 16_384  # bytes; larger answers are not kept

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class _Kept:
    until: float
    answer: Answer | None
    fault: str = ""


class CachedDns:
    """Implements `Dns`: answers are kept for their TTL, the least recently used given up first."""

    def __init__(self, dns: Dns, clock: Clock = time.monotonic, entries: int = _ENTRIES) -> None:
        self._dns = dns
        self._clock = clock
        self._entries = entries
        self._kept: OrderedDict[tuple[str, RecordType], _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def look_up(self, name: str, kind: RecordType, seconds: float) -> Answer:
        kept = self._known(name, kind)
        if kept is None:
            kept = self._asked(name, kind, seconds)
        if kept.answer is None:
            raise DnsUnavailable(kept.fault)
        return kept.answer

    def _known(self, name: str, kind: RecordType) -> _Kept | None:
        with self._lock:
            kept = self._kept.get((name, kind))
            if kept is None or kept.until <= self._clock():
                return None
            self._kept.move_to_end((name, kind))
            return kept

    def _asked(self, name: str, kind: RecordType, seconds: float) -> _Kept:
        """The lock is not held meanwhile: two checks may ask the same at the same time."""
        try:
            answer = self._dns.look_up(name, kind, seconds)
            kept = _Kept(self._clock() + min(max(answer.ttl, _LEAST), _MOST), answer)
        except DnsUnavailable as fault:
            kept = _Kept(self._clock() + _FAILED, None, str(fault))
        if kept.answer is None or sum(map(len, kept.answer.records)) <= _LARGE:
            with self._lock:
                self._kept[name, kind] = kept
                self._kept.move_to_end((name, kind))
                while len(self._kept) > self._entries:
                    self._kept.popitem(last=False)
        return kept


class Lookups:
    """What one check asks; raises `DnsUnavailable` once its time is used up."""

    def __init__(self, dns: Dns, bounds: Bounds = DEFAULT, clock: Clock = time.monotonic) -> None:
        self._dns = dns
        self._each = bounds.seconds_each
        self._clock = clock
        self._until = clock() + bounds.seconds_total

    def records(self, name: str, kind: RecordType) -> tuple[bytes, ...]:
        left = self._until - self._clock()
        if left <= 0:
            raise DnsUnavailable("DNS took too long")
        return self._dns.look_up(name.lower().rstrip("."), kind, min(self._each, left)).records
