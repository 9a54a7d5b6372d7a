"""Rates: who comes too often is put off, nobody else is, and what is remembered has an end."""

from __future__ import annotations

import pytest

from mail_ingest.peers import Peers
from mail_ingest.rates import (
    TOO_MANY_OF_CLIENT,
    TOO_MANY_OF_DOMAIN,
    TOO_MANY_OF_SENDER,
    Bucket,
    RateLimits,
    Rates,
)

RELAY = "10.0.0.25"


class Clock:
    def __init__(self) -> None:
        self.now = 500_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def rates(clock: Clock, **limits: int) -> Rates:
    calm = {"connections_per_minute": 0, "client_mails": 0, "sender_mails": 0, "domain_mails": 0, "client_refusals": 0}
    return Rates(RateLimits(**{**calm, **limits}), Peers((RELAY,)), clock)


def test_a_bucket_gives_what_it_holds_and_fills_evenly() -> None:
    bucket = Bucket(3, 60.0, 10)

    def taken(now: float) -> bool:
        if not bucket.has("a", now):
            return False
        bucket.take("a", now)
        return True

    assert [taken(0.0) for _ in range(4)] == [True, True, True, False]
    assert [taken(20.0), taken(20.0)] == [True, False]
    assert [taken(100.0) for _ in range(4)] == [True, True, True, False]
    assert bucket.has("b", 0.0)


@pytest.mark.parametrize(("most", "seconds"), [(1, 60.0), (7, 60.0), (60, 60.0), (3_000, 3_600.0), (999_983, 3_600.0)])
def test_rounding_neither_gives_nor_takes(most: int, seconds: float) -> None:
    bucket, now, count = Bucket(most, seconds, 1), 1_234_567.891, 0
    while bucket.has("a", now):
        bucket.take("a", now)
        count += 1
    assert count == most


def test_the_oldest_are_forgotten_first_and_who_keeps_coming_is_not() -> None:
    bucket = Bucket(2, 60.0, 100)
    for number in range(10_000):
        bucket.take("hammering", 0.0)
        bucket.take(f"once-{number}", 0.0)
    assert len(bucket) == 100
    assert not bucket.has("hammering", 0.0)


def test_a_client_has_a_tenth_of_its_hour_within_a_minute(clock: Clock) -> None:
    counted = rates(clock, client_mails=100)
    answers = [counted.mail("192.0.2.1", f"a{n}@b{n}.example") for n in range(11)]
    assert answers == [""] * 10 + [TOO_MANY_OF_CLIENT]
    assert counted.mail("192.0.2.2", "a@b.example") == ""
    clock.now += 6
    assert counted.mail("192.0.2.1", "a@b.example") == ""
    assert counted.mail("192.0.2.1", "a@b.example") == TOO_MANY_OF_CLIENT


def test_the_hour_has_its_own_end(clock: Clock) -> None:
    counted, taken = rates(clock, client_mails=100), 0
    for _ in range(60):
        while not counted.mail("192.0.2.1", "a@b.example"):
            taken += 1
        clock.now += 60
    # What it may have at once, and what comes back in an hour.
    assert 190 <= taken <= 200


def test_a_network_of_ipv6_is_one_client(clock: Clock) -> None:
    counted = rates(clock, client_mails=20)
    assert [counted.mail(f"2001:db8::{n}", "") for n in range(3)] == ["", "", TOO_MANY_OF_CLIENT]
    assert counted.mail("2001:db8:0:1::1", "") == ""
    assert [counted.mail(host, "") for host in ("::ffff:192.0.2.1", "192.0.2.1", "192.0.2.1")][-1] == TOO_MANY_OF_CLIENT


def test_a_sender_is_counted_wherever_it_comes_from_and_however_it_is_written(clock: Clock) -> None:
    counted = rates(clock, sender_mails=30)
    hosts = ["192.0.2.1", "192.0.2.2", RELAY, "192.0.2.3"]
    answers = [counted.mail(host, s) for host, s in zip(hosts, ["a@b.example", "A@B.example"] * 2, strict=True)]
    assert answers == ["", "", "", TOO_MANY_OF_SENDER]
    assert counted.mail(RELAY, "other@b.example") == ""


def test_a_domain_is_counted_over_its_senders(clock: Clock) -> None:
    counted = rates(clock, domain_mails=30)
    answers = [counted.mail(RELAY, f"a{n}@b.example") for n in range(4)]
    assert answers == ["", "", "", TOO_MANY_OF_DOMAIN]
    assert counted.mail(RELAY, "a@sub.b.example") == ""


def test_bounces_have_no_sender_but_do_not_come_without_end(clock: Clock) -> None:
    counted = rates(clock, sender_mails=10, domain_mails=50)
    assert [counted.mail(RELAY, "") for _ in range(6)] == [""] * 5 + [TOO_MANY_OF_DOMAIN]


def test_what_is_put_off_is_not_counted(clock: Clock) -> None:
    counted = rates(clock, sender_mails=10, domain_mails=20)
    assert counted.mail(RELAY, "a@b.example") == ""
    for _ in range(50):
        assert counted.mail(RELAY, "a@b.example") == TOO_MANY_OF_SENDER
    assert counted.mail(RELAY, "other@b.example") == ""
    clock.now += 60
    assert counted.mail(RELAY, "a@b.example") == ""


def test_the_mail_server_in_front_is_no_client_but_its_senders_are_senders(clock: Clock) -> None:
    counted = rates(clock, connections_per_minute=1, client_mails=10, client_refusals=1, sender_mails=100)
    assert all(counted.connection(RELAY) for _ in range(100))
    assert all(counted.refusal(RELAY, 1_000) for _ in range(100))
    assert [counted.mail(RELAY, "a@b.example") for _ in range(11)][-1] == TOO_MANY_OF_SENDER


def test_connections_are_counted_by_the_minute(clock: Clock) -> None:
    counted = rates(clock, connections_per_minute=3)
    assert [counted.connection("192.0.2.1") for _ in range(4)] == [True, True, True, False]
    clock.now += 20
    assert [counted.connection("192.0.2.1") for _ in range(2)] == [True, False]


def test_who_tries_out_addresses_is_kept_off_for_a_while(clock: Clock) -> None:
    counted = rates(clock, client_refusals=30, refusals=10)
    assert [counted.refusal("192.0.2.1", before) for before in range(11)] == [True] * 10 + [False]
    for _ in range(19):
        counted.refusal("192.0.2.1", 0)
    assert not counted.refusal("192.0.2.1", 0)
    assert not counted.connection("192.0.2.1")
    assert counted.connection("192.0.2.2")
    clock.now += 600
    assert counted.connection("192.0.2.1")


def test_no_limit_is_none(clock: Clock) -> None:
    counted = rates(clock)
    assert all(counted.connection("192.0.2.1") for _ in range(5_000))
    assert all(counted.mail("192.0.2.1", "a@b.example") == "" for _ in range(5_000))
