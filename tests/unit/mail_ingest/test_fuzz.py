"""No bytes break the reading of a mail: it is read or refused, in time, and what is read can be stored.

`make fuzz` tries for as long as `FUZZ_SECONDS` says; the mails that once broke something stand in `FOUND`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mail_ingest.dedupe import dedupe_key
from mail_ingest.errors import MailRefused
from mail_ingest.limits import DEFAULT
from mail_ingest.parse import parse
from tests.unit.mail_ingest.hostile_bytes import DAMAGES, SAMPLES, damaged, trees

pytestmark = pytest.mark.slow

SECONDS = 2.0
FUZZ_SECONDS = float(os.environ.get("FUZZ_SECONDS", "0"))
QUICK = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))

FOUND = {
    "a charset that is an escape": b"Content-Type: text/plain; charset=unicode-escape\r\n\r\n\\y",
    "a report of 8-bit text in a charset for names of hosts": (
        b"Content-Type: multipart/report; charset=idna\r\n\r\n\x80"
    ),
    "a charset with NUL on 8-bit text": b"Content-Type: text/plain; charset=utf-8\0\r\n\r\nh\xe4",
}


def _holds(raw: bytes) -> None:
    began = time.process_time()
    try:
        read = parse(raw, envelope_sender="a@b.example", own_addresses={"agent@lumora.example"})
    except MailRefused:
        read = None
    dedupe_key(raw)
    assert time.process_time() - began < SECONDS
    texts = list(_texts(read))
    for text in texts:
        assert "\0" not in text
        text.encode("utf-8")
    # The body stands in it at most thrice: as it came, as it is read, and what was passed on.
    assert sum(map(len, texts)) <= 3 * DEFAULT.text + 2 * DEFAULT.header_block + 64 * 1024


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts(one)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))


@pytest.mark.parametrize("name", FOUND)
def test_what_once_broke_it_does_so_no_more(name: str) -> None:
    _holds(FOUND[name])


@QUICK
@given(st.binary(max_size=3_000))
def test_random_bytes(raw: bytes) -> None:
    _holds(raw)


@QUICK
@given(damaged())
def test_damaged_mails(raw: bytes) -> None:
    _holds(raw)


@QUICK
@given(trees())
def test_trees_of_parts(raw: bytes) -> None:
    _holds(raw)


@pytest.mark.skipif(not FUZZ_SECONDS, reason="for `make fuzz`: set FUZZ_SECONDS")
@pytest.mark.timeout(0)
def test_for_a_long_time(record_property: Callable[[str, object], None]) -> None:
    """A faster and blinder search than hypothesis makes: samples damaged again and again, from a seed that is told."""
    until = time.monotonic() + FUZZ_SECONDS
    seed = int(os.environ.get("FUZZ_SEED", str(time.time_ns() % 1_000_000)))
    record_property("seed", seed)
    tried = 0
    while time.monotonic() < until:
        raw = _made(seed, tried)
        try:
            _holds(raw)
        except (Exception, Warning) as fault:
            fault.add_note(f"FUZZ_SEED={seed}, mail {tried}: {raw[:3_000]!r}")
            raise
        tried += 1
    record_property("mails", tried)
    assert tried > FUZZ_SECONDS


def _made(seed: int, number: int) -> bytes:
    chance = Random(f"{seed}:{number}")
    raw = chance.choice(SAMPLES)
    for _ in range(chance.randint(1, 12)):
        raw = chance.choice(DAMAGES)(raw, chance)[: 1024 * 1024]
    return raw
