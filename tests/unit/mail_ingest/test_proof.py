"""Only a clear verdict of the one trusted mail server proves a sender; everything else fails closed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mail_ingest.envelope import Envelope
from mail_ingest.parse import parse
from mail_ingest.proof import SenderProof, sender_check
from tests.mails import mail

TRUSTED = "mx.vendor.example"


def prove(*headers: str, sender: str = "From: Ann <ann@acme.example>", authserv_id: str = TRUSTED) -> SenderProof:
    raw = "\n".join([*headers, sender, "Subject: x", "", "hi"]).encode()
    envelope = Envelope(
        "ann@acme.example", ("p@vendor.example",), "192.0.2.1", "x", raw, datetime(2026, 11, 26, tzinfo=UTC)
    )
    return sender_check(authserv_id).prove(parse(raw), envelope)


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
