"""No bytes, records or envelopes make the check raise, prove anybody, or take long."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from dkim.canonicalization import Relaxed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mail_ingest.authentication.dkim_body import relaxed_body
from mail_ingest.authentication.own_check import OwnCheck
from mail_ingest.envelope import Envelope
from mail_ingest.errors import MailRefused
from mail_ingest.parse import parse
from tests.fakes.dkim_keys import ed25519_key, rsa_key, sign
from tests.fakes.zone import Zone
from tests.unit.mail_ingest.authentication.checking import DOMAIN, check, letter, publish

QUICK = 10.0  # seconds

PIECES = st.sampled_from(
    [
        b"DKIM-Signature: ", b"ARC-Seal: ", b"ARC-Message-Signature: ", b"ARC-Authentication-Results: ", b"From: ",
        b"sara@acme.example", b"<", b">", b"\r\n", b"\n", b"\r", b" ", b"\t", b"\0", b"v=1;", b"a=rsa-sha256;",
        b"a=ed25519-sha256;", b"c=relaxed/relaxed;", b"d=acme.example;", b"s=k1;", b"h=from:subject;", b"h=;",
        b"bh=AA==;", b"b=AAAA;", b"b=;", b"l=1;", b"l=999999999999999999999;", b"x=0;", b"t=-1;", b"i=@acme.example;",
        b"i=1;", b"cv=pass;", b"cv=none;", b"Subject: x", b"=", b";", b":", b"\xff",
        b"\xc3\xa9", b"(", b")", b'"', b",", b"\r\n\r\n",
    ]
)  # fmt: skip
RECORDS = st.binary(max_size=80) | st.sampled_from(
    [
        b"v=spf1 ", b"v=spf1 include:acme.example", b"v=spf1 +all", b"v=spf1 exists:%{i}.%{p}.acme.example",
        b"v=DMARC1; p=", b"v=DMARC1; p=none; adkim=", b"v=DKIM1; p=", b"v=DKIM1; p=AAAA", b"k=ed25519; p=AAAA",
        rsa_key().record.encode(), b"10 acme.example", b"10", b"\xff", b"",
    ]
)  # fmt: skip


class Anything:
    """A DNS that answers every question with the same, or not at all."""

    def __init__(self, records: list[bytes], *, fails: bool) -> None:
        self.zone = Zone()
        for name in (DOMAIN, f"_dmarc.{DOMAIN}", f"k1._domainkey.{DOMAIN}"):
            for kind in ("TXT", "A", "AAAA", "MX", "PTR"):
                self.zone.add(name, kind, *records)
        if fails:
            self.zone.fail(f"k1._domainkey.{DOMAIN}")


@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(PIECES | st.binary(max_size=6), max_size=40).map(b"".join), st.lists(RECORDS, max_size=2), st.booleans()
)
def test_no_mail_and_no_record_makes_it_raise_or_proves_without_a_signature(
    middle: bytes, records: list[bytes], fails: bool
) -> None:
    dns = Anything(records, fails=fails)
    for raw in (middle, b"From: sara@acme.example\r\n" + middle, letter().replace(b"To: ", middle + b"To: ")):
        try:
            mail = parse(raw)
        except MailRefused:
            continue
        envelope = Envelope("x@acme.example", (), "198.51.100.7", "x", raw, datetime(2026, 11, 27, tzinfo=UTC))
        proof = OwnCheck(dns.zone, arc_sealers=[DOMAIN]).prove(mail, envelope)
        assert proof.reason
        assert not proof.proven


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=20))
def test_no_envelope_makes_it_raise(mail_from: str, helo: str, peer: str) -> None:
    assert check(letter(), Zone(), mail_from=mail_from, helo=helo, peer=peer).reason


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_damage_to_a_sound_mail_goes_unnoticed(data: st.DataObject) -> None:
    """Any other byte in what is signed, and it is not the mail that was signed."""
    zone = Zone()
    publish(zone)
    raw = sign(letter(), rsa_key(), DOMAIN, form="simple/simple")
    signed = raw.index(b"\r\nFrom:") + 2
    at = data.draw(st.integers(signed, len(raw) - 3))
    byte = data.draw(st.integers(0, 255).filter(lambda b: b != raw[at]))
    changed = raw[:at] + bytes([byte]) + raw[at + 1 :]
    assert not check(changed, zone).proven


@given(st.lists(st.sampled_from([b" ", b"\t", b"\r\n", b"\r", b"a", b"bc", b"\0"]), max_size=30).map(b"".join))
def test_the_relaxed_body_is_the_one_that_the_standard_describes(body: bytes) -> None:
    """As dkimpy makes it, which takes its time for it."""
    assert relaxed_body(body) == Relaxed.canonicalize_body(body)


def test_many_threads_may_check_at_once() -> None:
    zone = Zone()
    publish(zone)
    publish(zone, ed25519_key(), selector="e")
    zone.add(DOMAIN, "TXT", "v=spf1 ip4:198.51.100.0/24 -all")
    mails = {
        sign(letter(), rsa_key(), DOMAIN): "dkim",
        sign(letter(body="other"), ed25519_key(), DOMAIN, selector="e"): "dkim",
        sign(letter(), rsa_key(), DOMAIN, selector="e"): "",
        letter(): "",
    }
    one = OwnCheck(zone)

    def prove(raw: bytes) -> bool:
        for peer, by_spf in (("198.51.100.1", "spf"), ("192.0.2.1", "")):
            for mail_from in ("", "x@acme.example"):
                envelope = Envelope(mail_from, (), peer, "x", raw, datetime(2026, 11, 27, tzinfo=UTC))
                expected = mails[raw] or (by_spf if mail_from else "")
                if one.prove(parse(raw), envelope).kind != expected:
                    return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(prove, list(mails) * 20))


def own(tags: str) -> str:
    """A signature field of the author's domain."""
    return f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={DOMAIN}; s=k1; {tags}"


BLANKS = " " * 900 + "\r\n"
PLAIN = own("h=from:subject; bh=AAAA; b=AAAA")
MANY = [f"X-{number}: y" for number in range(900)]


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(letter(own("h=from:subject; bh=AAAA; b=" + " " * 7_000 + "!")), id="blanks in a signature"),
        pytest.param(letter(own("h=from:subject; bh=AAAA; b=" + "\r\n " * 2_000 + "!")), id="folds in a signature"),
        pytest.param(letter(own("h=from:subject; bh=AAAA;" + " b=" * 2_000 + "AAAA")), id="many b= in a signature"),
        pytest.param(letter(own("h=" + "from:" * 1_500 + "subject; bh=AAAA; b=AAAA")), id="many signed names"),
        pytest.param(letter(own("h=" + ":" * 7_000 + "; bh=AAAA; b=AAAA")), id="many empty names"),
        pytest.param(letter(*[PLAIN] * 900), id="900 signatures"),
        pytest.param(letter(PLAIN, body=BLANKS * 6_000), id="5 MB of blanks"),
        pytest.param(letter(PLAIN, body=" " * 3_000_000), id="one run of blanks"),
        pytest.param(letter(*[PLAIN] * 9, body="\r\n" * 300_000), id="300,000 empty lines"),
        pytest.param(letter(*[PLAIN] * 9, body="a  \t" * 1_500_000), id="6 MB of words and blanks"),
        pytest.param(letter(own("h=from:subject; l=1; bh=AA==; b=AAAA"), body=BLANKS * 3_000), id="a length"),
        pytest.param(letter(*MANY, own("h=" + "x:" * 190 + "from:subject; bh=AAAA; b=AAAA")), id="900 fields"),
        pytest.param(letter(sender="(" * 60_000), id="an open comment"),
        pytest.param(letter(sender='"' + "\\" * 60_000), id="an open quote"),
        pytest.param(letter("ARC-Seal: i=1; " + "i=1" * 2_000), id="a long seal"),
    ],
)  # fmt: skip
def test_no_mail_takes_long(raw: bytes) -> None:
    zone = Zone()
    publish(zone)
    mail = parse(raw)
    envelope = Envelope("", (), "198.51.100.7", "x", raw, datetime(2026, 11, 27, tzinfo=UTC))
    started = time.monotonic()
    proof = OwnCheck(zone, arc_sealers=[DOMAIN]).prove(mail, envelope)
    assert time.monotonic() - started < QUICK
    assert not proof.proven


def test_a_sound_signature_over_blanks_without_end_still_stands() -> None:
    zone = Zone()
    publish(zone)
    raw = sign(letter(body=("a" + " \t" * 40 + "b" + " " * 60 + "\r\n") * 2_000), rsa_key(), DOMAIN)
    assert check(raw, zone).proven
