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


def test_a_neighbour_at_a_free_mail_host_is_a_stranger() -> None:
    assert answered("From: ann@gmail.com", "Reply-To: eve@gmail.com") == "ann@gmail.com"


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
    assert len(found) == 10
    assert found[0] == "<299@x.example>"


def test_a_person_whose_program_asks_for_silence_is_read_and_not_answered_by_itself() -> None:
    raw = mail("person_with_suppress")
    message = to_message(envelope(raw), parse(raw), inbox_id="7", proof=SenderProof("", ""), own_addresses=OURS)
    assert message.automatic == ""
    assert message.no_answer == "X-Auto-Response-Suppress"
