"""Answers are kept as long as they may be, failures shortly, and no check asks longer than its time."""

from __future__ import annotations

import threading

import pytest

from mail_ingest.authentication.bounds import Bounds
from mail_ingest.authentication.dns import Answer, DnsUnavailable, RecordType
from mail_ingest.authentication.lookups import CachedDns, Lookups
from tests.fakes.zone import Zone


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Slow:
    """Answers each question, or fails it, after all the time it is given."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.given: list[float] = []

    def look_up(self, name: str, kind: RecordType, seconds: float) -> Answer:
        self.given.append(seconds)
        self.clock.now += seconds
        raise DnsUnavailable("timeout")


@pytest.mark.parametrize(("ttl", "kept_for"), [(300.0, 300.0), (0.0, 5.0), (1e9, 3_600.0)])
def test_an_answer_is_kept_for_its_time_within_bounds(ttl: float, kept_for: float) -> None:
    zone, clock = Zone(ttl), Clock()
    zone.add("a.example", "TXT", "one")
    cached = CachedDns(zone, clock)
    for _ in range(3):
        assert cached.look_up("a.example", "TXT", 1).records == (b"one",)
        cached.look_up("a.example", "A", 1)
    assert len(zone.asked) == 2
    zone.replace("a.example", "TXT", "two")
    clock.now += kept_for - 0.1
    assert cached.look_up("a.example", "TXT", 1).records == (b"one",)
    clock.now += 0.2
    assert cached.look_up("a.example", "TXT", 1).records == (b"two",)


def test_a_failure_is_kept_shortly_so_that_a_retry_asks_again() -> None:
    zone, clock = Zone(), Clock()
    zone.fail("a.example")
    cached = CachedDns(zone, clock)
    for _ in range(5):
        with pytest.raises(DnsUnavailable, match="SERVFAIL"):
            cached.look_up("a.example", "TXT", 1)
    assert len(zone.asked) == 1
    zone.recover("a.example")
    clock.now += 11
    assert cached.look_up("a.example", "TXT", 1).records == ()


def test_the_cache_is_bounded_and_gives_up_what_was_used_least_recently() -> None:
    zone = Zone()
    cached = CachedDns(zone, Clock(), entries=3)
    for name in ("a", "b", "c", "a", "d"):
        cached.look_up(name, "A", 1)
    zone.asked.clear()
    for name in ("a", "c", "d", "b"):
        cached.look_up(name, "A", 1)
    assert [name for name, _ in zone.asked] == ["b"]


def test_huge_answers_are_not_kept() -> None:
    zone = Zone()
    zone.add("a.example", "TXT", b"x" * 65_000)
    cached = CachedDns(zone, Clock())
    for _ in range(2):
        assert len(cached.look_up("a.example", "TXT", 1).records[0]) == 65_000
    assert len(zone.asked) == 2


def test_a_check_ends_when_its_time_is_used_up() -> None:
    clock = Clock()
    slow = Slow(clock)
    lookups = Lookups(slow, Bounds(seconds_each=4, seconds_total=10), clock)
    for number in range(6):
        with pytest.raises(DnsUnavailable):
            lookups.records(f"a{number}.example", "A")
    assert slow.given == [4, 4, 2]


def test_names_are_asked_for_in_one_form() -> None:
    zone = Zone()
    zone.add("a.example", "TXT", "one")
    assert Lookups(zone).records("A.Example.", "TXT") == (b"one",)


def test_many_threads_may_ask_at_once() -> None:
    zone = Zone()
    zone.add("a.example", "TXT", "one")
    cached = CachedDns(zone, entries=10)
    found: list[int] = []

    def ask() -> None:
        for number in range(300):
            found.append(len(cached.look_up(f"n{number % 25}.example", "A", 1).records))
            found.append(len(cached.look_up("a.example", "TXT", 1).records))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(found) == 8 * 300
