"""A mail as a neutral message, who is answered, and what finds its thread."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.channels.email.incoming import ThreadHints, reply_address, thread_hints, to_message
from crm.records import Channel
from mail_ingest.authentication.proof import SenderProof
from mail_ingest.envelope import Envelope
from mail_ingest.parse import parse
from tests.mails import mail

OURS = frozenset({"partners@vendor.example"})
KEY = "0123456789abcdef0123456789abcdef"
NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)


def envelope(raw: bytes, *recipients: str) -> Envelope:
    return Envelope("ann@acme.example", recipients or ("partners@vendor.example",), "192.0.2.1", "x", raw, NOW)


def answered(*headers: str) -> str:
    raw = "\n".join([*headers, "Subject: x", "", "hi"]).encode()
    to = reply_address(parse(raw), OURS)
    return to.to if to else ""


def test_a_reply_becomes_a_message() -> None:
    raw = mail("reply_de_outlook")
    message = to_message(
        envelope(raw), parse(raw), inbox_id="7", proof=SenderProof("dmarc", "dmarc=pass"), own_addresses=OURS
    )
    assert message.channel is Channel.EMAIL
    assert message.inbox_id == "7"
    assert message.received_at == NOW
    assert message.sender.address == "jonas@kettler-it.example"
    assert message.sender.proof == "dmarc"
    assert message.subject == ""
    assert message.text.startswith("Guten Tag,\n\nder Abschluss")
    assert "Wann rechnen Sie" in message.cut_off
    assert message.reply_to is not None
    assert message.reply_to.subject == "AW: Frage zu Ihrem Projekt"
    assert message.reply_to.in_reply_to == "<d1@mail.example>"
    assert message.reply_to.references == ("<q0@vendor.example>", "<q1@vendor.example>", "<d1@mail.example>")


def test_files_come_along() -> None:
    raw = mail("attachment_utf8_name")
    message = to_message(envelope(raw), parse(raw), inbox_id="7", proof=SenderProof("", ""), own_addresses=OURS)
    assert [(a.name, a.size) for a in message.attachments] == [("factura nº 12.pdf", 9)]


@pytest.mark.parametrize(
    ("reply_to", "to"),
    [
        ("Reply-To: desk@acme.example", "desk@acme.example"),
        ("Reply-To: Desk <desk@mail.acme.example>", "desk@mail.acme.example"),
        ("Reply-To: eve@evil.example", "ann@acme.example"),
        ("Reply-To: desk@acme.example, eve@evil.example", "ann@acme.example"),
        ("Reply-To: partners@vendor.example", "ann@acme.example"),
        ("Reply-To: nonsense", "ann@acme.example"),
        ("Cc: eve@evil.example", "ann@acme.example"),
    ],
)
def test_only_the_sender_or_its_own_organisation_is_answered(reply_to: str, to: str) -> None:
    assert answered("From: ann@acme.example", reply_to) == to


@pytest.mark.parametrize(
    "host", ["gmail.com", "outlook.de", "yahoo.co.uk", "orange.fr", "co.uk", "github.io", "telenet.be", "ziggo.nl"]
)
def test_a_neighbour_at_a_host_that_strangers_share_is_a_stranger(host: str) -> None:
    assert answered(f"From: ann@{host}", f"Reply-To: eve@{host}") == f"ann@{host}"


@pytest.mark.parametrize(
    "headers",
    [
        ("Reply-To: desk@acme.example", "Reply-To: desk@acme.example"),
        ("Reply-To: desk@acme.example", "Reply-To: eve@evil.example"),
        ("Reply-To: desk: desk@acme.example;",),
        ("Reply-To: desk: desk@acme.example, eve@evil.example;",),
        ('Reply-To: "desk@acme.example" <eve@evil.example>',),
        ("Reply-To: desk@acme.example.evil.example",),
        ("Reply-To: desk@evil-acme.example",),
        ("Reply-To: desk@acme.example@evil.example",),
        ("Reply-To: <>",),
        ("Mail-Reply-To: desk@acme.example", "Mail-Followup-To: desk@acme.example"),
        ("Sender: eve@evil.example", "Return-Path: <eve@evil.example>", "Errors-To: eve@evil.example"),
        ("Resent-From: eve@evil.example", "Resent-Reply-To: eve@evil.example"),
    ],
)
def test_whatever_is_not_one_plain_reply_to_is_as_if_it_were_not_there(headers: tuple[str, ...]) -> None:
    assert answered("From: ann@acme.example", *headers) == "ann@acme.example"


def test_organisations_below_a_public_suffix_are_strangers_to_each_other() -> None:
    assert answered("From: ann@acme.co.uk", "Reply-To: eve@evil.co.uk") == "ann@acme.co.uk"
    assert answered("From: ann@mail.acme.co.uk", "Reply-To: desk@acme.co.uk") == "desk@acme.co.uk"


@pytest.mark.parametrize(
    "sender", ["From: partners@vendor.example", "From: a@acme.example, b@acme.example", "From: x", "To: a@acme.example"]
)
def test_nobody_is_answered_where_there_is_no_one_sender_or_it_is_us(sender: str) -> None:
    assert answered(sender) == ""


def test_the_reply_key_and_the_ids_find_the_thread() -> None:
    raw = mail("reply_de_outlook")
    hints = thread_hints(envelope(raw, f"reply+{KEY}@vendor.example"), parse(raw))
    assert hints == ThreadHints((KEY,), ("<q1@vendor.example>", "<q0@vendor.example>"))


def test_a_bounce_finds_what_bounced() -> None:
    raw = mail("bounce")
    hints = thread_hints(envelope(raw), parse(raw))
    assert hints.message_ids == ("<outbox-77@vendor.example>",)


def test_of_a_very_long_thread_both_ends_are_looked_up() -> None:
    ids = " ".join(f"<{n}@x.example>" for n in range(300))
    raw = f"From: a@acme.example\nReferences: {ids}\n\nhi".encode()
    found = thread_hints(envelope(raw), parse(raw)).message_ids
    assert found == tuple(f"<{n}@x.example>" for n in (299, 298, 297, 296, 295, 4, 3, 2, 1, 0))


@pytest.mark.parametrize(
    "header",
    [
        "To", "Cc", "Delivered-To", "X-Original-To", "X-Forwarded-To", "Envelope-To", "X-Gm-Original-To", "Resent-To",
    ],
)  # fmt: skip
def test_the_key_is_found_wherever_a_server_on_the_way_wrote_it(header: str) -> None:
    raw = f"From: a@acme.example\n{header}: Partner team <Reply+{KEY.upper()}@vendor.example>\n\nhi".encode()
    assert thread_hints(envelope(raw), parse(raw)).reply_keys == (KEY,)


@pytest.mark.parametrize("header", ["Subject", "X-Anything", "From", "Reply-To", "In-Reply-To", "Bcc"])
def test_a_key_elsewhere_is_none(header: str) -> None:
    raw = f"From: a@acme.example\n{header}: <reply+{KEY}@vendor.example>\n\nreply+{KEY}@vendor.example".encode()
    assert thread_hints(envelope(raw), parse(raw)).reply_keys == ()


def test_of_very_many_keys_the_envelopes_and_the_first_are_looked_up() -> None:
    many = ", ".join(f"reply+{n:032x}@vendor.example" for n in range(1_000))
    raw = f"From: a@acme.example\nTo: {many}\n\nhi".encode()
    found = thread_hints(envelope(raw, f"reply+{KEY}@vendor.example"), parse(raw)).reply_keys
    assert found[0] == KEY
    assert len(found) == 20


def test_a_person_whose_program_asks_for_silence_is_read_and_not_answered_by_itself() -> None:
    raw = mail("person_with_suppress")
    message = to_message(envelope(raw), parse(raw), inbox_id="7", proof=SenderProof("", ""), own_addresses=OURS)
    assert message.automatic == ""
    assert message.no_answer == "X-Auto-Response-Suppress"
