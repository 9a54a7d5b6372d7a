"""Only a clear verdict of the one trusted mail server proves a sender; everything else fails closed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail_ingest.authentication.proof import SenderProof
from mail_ingest.authentication.results import read_results
from mail_ingest.authentication.trusted_header import sender_check
from mail_ingest.envelope import Envelope
from mail_ingest.parse import parse
from tests.mails import mail

TRUSTED = "mx.vendor.example"


def prove(
    *headers: str,
    sender: str = "From: Ann <ann@acme.example>",
    authserv_id: str = TRUSTED,
    peer: str = "127.0.0.1",
    peers: tuple[str, ...] = ("127.0.0.0/8", "::1"),
) -> SenderProof:
    raw = "\n".join([*headers, sender, "Subject: x", "", "hi"]).encode("utf-8", "surrogatepass")
    envelope = Envelope("ann@acme.example", ("p@vendor.example",), peer, "x", raw, datetime(2026, 11, 26, tzinfo=UTC))
    return sender_check(authserv_id, peers).prove(parse(raw), envelope)


def results(text: str, who: str = TRUSTED) -> str:
    return f"Authentication-Results: {who}; {text}"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("dmarc=pass header.from=acme.example", "dmarc"),
        ("dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=acme.example", "dmarc"),
        (
            "spf=fail smtp.mailfrom=x.example; dkim=fail; dmarc=pass header.from=acme.example",
            "dmarc",
        ),
        ("dkim=pass header.d=acme.example; dmarc=none", "dkim"),
        ("dkim=pass header.d=mail.acme.example", "dkim"),
        ("dkim=pass header.i=@acme.example header.s=k1", "dkim"),
        ("dkim=pass header.d=esp.example; dkim=pass header.d=acme.example", "dkim"),
        ("spf=pass smtp.mailfrom=bounces@mail.acme.example", "spf"),
        ("spf=pass smtp.mailfrom=acme.example", "spf"),
        ('spf=pass smtp.mailfrom="a b; c"@acme.example', "spf"),
        ('spf=pass smtp.mailfrom="bounces+x=y@acme.example"', "spf"),
        ("spf=pass smtp.mailfrom=bounces+x=y@acme.example", "spf"),
        ("spf=pass (mx: domain of a@acme.example (really) designates 192.0.2.9) smtp.mailfrom=a@acme.example;", "spf"),
        ('dkim=pass (2048-bit key; \\) "x") reason="fine" header . d = acme.example header.b="ab/c=="', "dkim"),
        ("dmarc/1 = pass action=none header.from=acme.example;compauth=pass reason=100", "dmarc"),
    ],
)
def test_an_aligned_pass_proves_the_sender(text: str, kind: str) -> None:
    assert prove(results(text)).kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "none",
        "dmarc=none",
        "dmarc=fail header.from=acme.example",
        "dmarc=temperror",
        "dmarc=bestguesspass header.from=acme.example",
        "dmarc=pass header.from=evil.example",
        "dmarc=pass; dmarc=fail",
        "dmarc=fail; dkim=pass header.d=acme.example",
        "dkim=neutral header.d=acme.example",
        "dkim=pass header.d=evil.example",
        "dkim=pass header.d=acme.example.evil.example",
        "dkim=pass header.d=evil-acme.example",
        "dkim=pass header.d=example",
        "dkim=pass",
        "spf=softfail smtp.mailfrom=acme.example",
        "spf=pass smtp.helo=acme.example",
        "spf=pass smtp.mailfrom=evil.example",
        "arc=pass",
        "x=y (dmarc=pass header.from=acme.example)",
        'spf=fail smtp.mailfrom="a; dmarc=pass header.from=acme.example"',
        "spf=fail reason=dmarc=pass header.from=acme.example",
        "dmarc=pass (unclosed header.from=acme.example",
        "dmarc=none; dmarc=pass",
        'spf=pass (domain of "a) smtp.mailfrom=acme.example (b"@evil.example) smtp.mailfrom=x@evil.example',
        'spf=pass (of "a\\" ) smtp.mailfrom=acme.example (\\"b"@evil.example) smtp.mailfrom=x@evil.example',
        "spf=pass (of a) smtp.mailfrom=acme.example (b@evil.example) smtp.mailfrom=x@evil.example",
        'dkim=pass reason="header.d=acme.example" header.d=evil.example',
        'dkim=pass reason="x header.d=acme.example',
        'spf=pass smtp.mailfrom="a@acme.example"@evil.example',
        'spf=pass smtp.mailfrom="a@acme.example" @evil.example',
        'spf=pass smtp.mailfrom="a"acme.example',
        "dkim=pass header.d=acme.example)",
        "dkim=pass header.d=acme.example header.d=evil.example",
        "dkim=pass header.d=acme.example\\; x",
    ],
)
def test_everything_else_proves_nothing_and_says_why(text: str) -> None:
    proof = prove(results(text))
    assert not proof.proven
    assert proof.reason


def test_only_the_configured_server_counts() -> None:
    assert not prove(results("dmarc=pass header.from=acme.example", who="mx.evil.example")).proven
    assert not prove(results("dmarc=pass header.from=acme.example", who="mx.vendor.example.evil.example")).proven


def test_only_its_topmost_verdict_counts() -> None:
    passed = results("dmarc=pass header.from=acme.example")
    assert not prove(results("dmarc=fail header.from=acme.example"), passed).proven
    assert prove(results("dmarc=fail", who="relay.example"), passed).proven


@pytest.mark.parametrize(
    "spoiled",
    [
        "spf=fail (",
        'spf=fail smtp.mailfrom="',
        "spf=fail; =",
        "dkim=fail header.d=" + "x" * 20_000,
    ],
)
@pytest.mark.parametrize("who", [TRUSTED, TRUSTED.upper(), f'"{TRUSTED}"', f"(a) {TRUSTED}", f"{TRUSTED} 1"])
def test_below_an_unreadable_verdict_of_the_server_nothing_is_believed(spoiled: str, who: str) -> None:
    passed = results("dmarc=pass header.from=acme.example")
    assert read_results(f"{who}; {spoiled}") is None
    assert not prove(results(spoiled, who), passed).proven


@pytest.mark.parametrize("peer", ["192.0.2.1", "", "mx", "::ffff:192.0.2.1", "fe80::1%eth0"])
def test_the_header_counts_from_trusted_peers_only(peer: str) -> None:
    proof = prove(results("dmarc=pass header.from=acme.example"), peer=peer)
    assert not proof.proven
    assert "no trusted peer" in proof.reason


@pytest.mark.parametrize("peer", ["10.1.2.3", "::ffff:10.1.2.3", "2001:db8::7"])
def test_the_trusted_peers_are_those_that_are_configured(peer: str) -> None:
    header = results("dmarc=pass header.from=acme.example")
    assert prove(header, peer=peer, peers=("10.1.0.0/16", "2001:db8::7")).proven
    assert not prove(header, peer="127.0.0.1", peers=("10.1.0.0/16", "2001:db8::7")).proven


NAMES = ["dmarc", "dkim", "spf", "reason", "header.d", "header.from", "header.i", "smtp.mailfrom"]
WORDS = st.sampled_from(
    [*NAMES, TRUSTED, "acme.example", "pass", "none", "fail", *'=;()"\\ .@', "/1", "..", "xn--a", "\0", "\udcff"]
)


@given(st.lists(st.lists(WORDS | st.text(max_size=3), max_size=25).map("".join), max_size=4))
def test_no_header_makes_the_check_fail(values: list[str]) -> None:
    lines = [f"Authentication-Results: {value}".replace("\n", " ").replace("\r", " ") for value in values]
    assert prove(*lines).reason


@given(st.lists(WORDS, max_size=25).map("".join))
def test_what_the_sender_chose_proves_nothing_wherever_the_server_quotes_it(chosen: str) -> None:
    """The server quotes as the grammar asks for, in a comment, a reason and the address itself."""
    quoted = "".join(f"\\{char}" if char in '"\\' else char for char in chosen)
    comment = "".join(f"\\{char}" if char in '()"\\' else char for char in chosen)
    header = f'spf=pass ({comment}) reason="{quoted}" smtp.mailfrom="{quoted}"@evil.example'
    assert not prove(results(header)).proven


def test_without_a_configured_server_nothing_is_proven() -> None:
    assert not prove(results("dmarc=pass header.from=acme.example"), authserv_id="").proven


@pytest.mark.parametrize(
    "sender",
    [
        "From: ann@acme.example\nFrom: eve@evil.example",
        "From: ann@acme.example, eve@evil.example",
        "From: all: ann@acme.example;",
        "From:",
    ],
)
def test_without_a_single_sender_nothing_is_proven(sender: str) -> None:
    assert not prove(results("dmarc=pass header.from=acme.example"), sender=sender).proven


def test_the_hostile_sample_proves_nobody() -> None:
    raw = mail("hostile_headers")
    envelope = Envelope("", (), "192.0.2.1", "x", raw, datetime(2026, 11, 26, tzinfo=UTC))
    assert not sender_check(TRUSTED).prove(parse(raw), envelope).proven


def test_neighbours_below_a_public_suffix_are_strangers() -> None:
    proof = prove(results("dkim=pass header.d=evil.co.uk"), sender="From: ann@acme.co.uk")
    assert not proof.proven
    assert prove(results("dkim=pass header.d=mail.acme.co.uk"), sender="From: ann@acme.co.uk").proven


@pytest.mark.parametrize("value", ["eve@evil.example <ann@acme.example>", "<@evil.example:ann@acme.example>"])
def test_a_pass_that_does_not_say_for_whom_proves_no_from_that_programs_read_in_two_ways(value: str) -> None:
    """The server in front may have taken the first of two addresses, which is the forger's own."""
    assert not prove(results("dmarc=pass"), sender=f"From: {value}").proven
    assert prove(results("dmarc=pass"), sender="From: Ann <ann@acme.example>").proven
    assert prove(results("dmarc=pass header.from=acme.example"), sender=f"From: {value}").proven
