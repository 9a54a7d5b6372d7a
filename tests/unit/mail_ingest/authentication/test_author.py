"""Who stands in From is one person that every program reads alike, or nobody."""

from __future__ import annotations

import pytest

from mail_ingest.authentication.author import author_of
from mail_ingest.authentication.fields import read_fields
from mail_ingest.parse import parse
from tests.fakes.dkim_keys import SIGNED, rsa_key, sign
from tests.fakes.zone import Zone
from tests.unit.mail_ingest.authentication.checking import DOMAIN, check, letter, publish


def author_shown(raw: bytes) -> str:
    """Whom the rest of the program takes for the sender."""
    return parse(raw).single_from


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("sara@acme.example", "sara@acme.example"),
        (" <Sara@ACME.example> ", "sara@acme.example"),
        ("Sara Lind <sara@acme.example>", "sara@acme.example"),
        ('"Lind, Sara" <sara@acme.example>', "sara@acme.example"),
        ('"Sara \\"Ace\\" Lind" <sara@acme.example>', "sara@acme.example"),
        ("Sara Q. Lind (Sales (DACH)) <sara@acme.example> (her)", "sara@acme.example"),
        ("sara@acme.example (Sara Lind)", "sara@acme.example"),
        ("=?utf-8?B?U8O4cmVu?= <sara@acme.example>", "sara@acme.example"),
        ("Søren <sara@acme.example>", "sara@acme.example"),
        ("Sara\r\n Lind\r\n\t<sara@acme.example>", "sara@acme.example"),
        ('"ceo@partner.example" <eve@evil.example>', "eve@evil.example"),
        ("(ceo@partner.example) eve@evil.example", "eve@evil.example"),
        ("sara@müller.example", "sara@xn--mller-kva.example"),
        ("sara@ａcme.example", "sara@acme.example"),
        ("sara@аcme.example", "sara@xn--cme-5cd.example"),
        ("ceo@partner.example <eve@evil.example>", ""),
        ("<ceo@partner.example> <eve@evil.example>", ""),
        ("ceo@partner.example, eve@evil.example", ""),
        ("ceo@partner.example; eve@evil.example", ""),
        ("Lind, Sara <sara@acme.example>", ""),
        ("team: sara@acme.example;", ""),
        ("team: sara@acme.example, eve@evil.example;", ""),
        ("undisclosed:;", ""),
        ("<sara@acme.example", ""),
        ("sara@acme.example>", ""),
        ("<<sara@acme.example>>", ""),
        ('"Sara <sara@acme.example>', ""),
        ("Sara ) <sara@acme.example>", ""),
        ("Sara ( <sara@acme.example>", ""),
        ("Sara \\( <sara@acme.example>", ""),
        ('"sara"@acme.example', ""),
        ('"a b"@acme.example', ""),
        ("<sara@acme.example\0>", ""),
        ("<@relay.example:sara@acme.example>", ""),
        ("sara(x)@acme.example", ""),
        ("sara@acme.example eve@evil.example", ""),
        ("sara@[192.0.2.1]", ""),
        ("sara", ""),
        ("<>", ""),
        ("", ""),
        ("(" * 3_000, ""),
        ("x" * 100_000 + "@acme.example", ""),
    ],
)
def test_the_author_is_read_strictly(value: str, address: str) -> None:
    assert author_of(value.encode()) == address


@pytest.mark.parametrize(
    "sender",
    [
        '"sara@acme.example" <eve@evil.example>',
        "sara@acme.example <eve@evil.example>",
        "=?utf-8?Q?sara=40acme.example?= <eve@evil.example>",
        "Sara Lind <sara@acme.example> <eve@evil.example>",
        "sara@acme.example, eve@evil.example",
        "sara@acme.example\r\n ,eve@evil.example",
        "team: sara@acme.example;",
        "sara@acme.example (, eve@evil.example",
        "sara@аcme.example",
        "sara@acmе.example",
        "sara@xn--cme-5cd.example",
        "sara@acme.example.evil.example",
        "sara@acme.example\0.evil.example",
        "\0sara@acme.example",
        "sara@acme.example\r\nFrom: eve@evil.example",
        "sara@acme.example\r\n\r\n",
        "\udcffsara@acme.example",
        "<sara@acme.example\udcff>",
    ],
)
def test_a_forger_who_signs_soundly_is_never_the_person_it_shows(sender: str) -> None:
    zone = Zone()
    for domain in ("evil.example", "acme.example.evil.example", "xn--cme-5cd.example", "xn--acm-tdd.example"):
        publish(zone, domain=domain)
        raw = sign(letter(sender=sender), rsa_key(), domain, names=[*SIGNED, "from"])
        assert author_shown(raw) != "sara@acme.example" or not check(raw, zone, mail_from=f"x@{domain}").proven


@pytest.mark.parametrize(
    "raw",
    [
        b"From: a@x.example\rSubject: b\r\n\r\nbody",
        b"From: a@x.example\0\r\n\r\nbody",
        b" From: a@x.example\r\n\r\n",
        b"From : a@x.example\r\n\r\n",
        b"From: a@x.example\r\n \r\nTo: b\r\n\r\n",
        b"From: a@x.example\r\nno field\r\n\r\n",
        b"From a@x.example Thu Nov 26\r\nFrom: a@x.example\r\n\r\n",
        b": x\r\n\r\n",
        b"From\xe9: x\r\n\r\n",
        b"\r\nFrom: a@x.example\r\n\r\n",
        b"",
    ],
)
def test_a_header_that_two_programs_could_read_differently_is_not_read(raw: bytes) -> None:
    assert read_fields(raw) is None


@pytest.mark.parametrize("trick", [b"\r", b"\r\n\r", b"\0\r\n", b"\r\n \r\n", b"\x0b", b"\x0c", b"\x85", b"\x1c"])
def test_no_line_end_hides_a_second_sender_from_the_signature(trick: bytes) -> None:
    zone = Zone()
    publish(zone, domain="evil.example")
    publish(zone)
    hidden = b"X-Note: hello" + trick + b"From: sara@acme.example\r\n"
    by_eve = sign(letter(sender="eve@evil.example"), rsa_key(), "evil.example", names=[*SIGNED, "from"])
    by_nobody = sign(letter().replace(b"From:", b"X-From:"), rsa_key(), DOMAIN, names=["to", "subject"])
    for raw in (hidden + by_eve, hidden + by_nobody, by_eve.replace(b"Subject:", hidden + b"Subject:")):
        assert author_shown(raw) != "sara@acme.example" or not check(raw, zone).proven


@pytest.mark.parametrize(
    "field",
    [
        "Authentication-Results: mx.vendor.example; dmarc=pass header.from=acme.example",
        "Authentication-Results: localhost; dkim=pass header.d=acme.example; spf=pass smtp.mailfrom=acme.example",
        "ARC-Authentication-Results: i=1; mx.vendor.example; dmarc=pass header.from=acme.example",
        "Received-SPF: pass (vendor.example: domain of sara@acme.example designates 198.51.100.7)",
        "X-Partnerline-Proof: dmarc",
        "X-Partnerline-Trust: proven",
        "X-Original-Authentication-Results: mx.vendor.example; dmarc=pass header.from=acme.example",
        "X-Spam-Status: No",
    ],
)
def test_verdicts_that_come_with_the_mail_are_ignored(field: str) -> None:
    assert not check(letter(field), Zone(), mail_from="eve@evil.example").proven
    zone = Zone()
    publish(zone)
    signed = sign(letter(), rsa_key(), "acme.example")
    failed = field.replace("=pass", "=fail").encode() + b"\r\n"
    assert check(failed + signed, zone).proven
