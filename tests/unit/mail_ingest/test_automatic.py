"""Machines are told from people by what their mails say of themselves."""

from __future__ import annotations

import pytest

from mail_ingest.parse import ParsedMail, parse
from tests.mails import mail

OURS = frozenset({"partners@vendor.example"})


def read(*headers: str, sender: str = "ann@verbeke.example", subject: str = "News") -> ParsedMail:
    lines = [f"From: {sender}", f"Subject: {subject}", *headers, "", "hi"]
    return parse("\n".join(lines).encode(), envelope_sender=sender, own_addresses=OURS)


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated (rejected)",
        "Auto-Submitted: auto-notified; owner-email=a@b",
        "Precedence: bulk",
        "Precedence: junk",
        "Precedence: auto_reply",
        "X-Autoreply: yes",
        "X-Autorespond: Out",
        "X-Loop: yes",
        "X-Loop: partners@vendor.example",
        "X-Failed-Recipients: a@b.example",
        "List-Unsubscribe: <https://x.example>",
        "X-Holidayreply: 1",
        "X-Kind: auto-generated",
        "Content-Type: multipart/report; boundary=x",
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=x",
        "Content-Type: message/disposition-notification",
        "X-Autorespond:",
        "X-Failed-Recipients:",
        "Return-Path: <>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "X-Mail-Kind: holidayreply",
        "Auto-Submitted: no\nAuto-Submitted: auto-replied",
        "Precedence: first-class\nPrecedence: bulk",
        "X-Loop: other@x.example\nX-Loop: true",
    ],
)
def test_a_machines_header_is_a_sign(header: str) -> None:
    mailed = read(header)
    assert mailed.automatic
    assert mailed.no_answer == mailed.automatic


@pytest.mark.parametrize(
    "sender",
    [
        "MAILER-DAEMON@x.example",
        "postmaster@x.example",
        "no-reply@x.example",
        "noreply@x.example",
        "bounce+1a2b@x.example",
        "bounce@x.example",
        "bounces-77=ann@x.example",
        "donotreply@x.example",
        "do-not-reply@x.example",
        "no-reply+case7@x.example",
        "noreply-dmarc@x.example",
    ],
)
def test_a_machines_address_is_a_sign(sender: str) -> None:
    assert read(sender=sender).automatic


@pytest.mark.parametrize(
    "sender",
    [
        "bouncer@x.example",
        "norepel@x.example",
        "postmasters.club@x.example",
        "reply@x.example",
        "ann.noreply@x.example",
        "daemon@x.example",
    ],
)
def test_a_persons_address_is_none(sender: str) -> None:
    assert not read(sender=sender).no_answer


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Partner day",
        "Auto-Reply: Partner day",
        "Autosvar: Partnerdag",
        "Frånvaro",
        "Fuori sede",
        "Risposta automatica: Registrazione",
        "Out of Office",
        "Auto: away",
        "Abwesenheitsnotiz",
        "Automatische Antwort: AW: Deal",
        "Unzustellbar: Partnertag",
        "Réponse automatique : Relevé",
        "Automatisch antwoord: Webinar",
        "Afwezig tot 3 januari",
        "Abwesend: Jahresaktion",
        "Absence",
        "Respuesta automática: Estado",
        "Fuera de la oficina",
        "Undelivered Mail Returned to Sender",
        "Delivery Status Notification (Failure)",
    ],
)
def test_a_machines_subject_is_a_sign(subject: str) -> None:
    assert read(subject=subject).automatic


@pytest.mark.parametrize(
    "subject",
    [
        "Out of the office but one quick thing",
        "Re: Out of office plan",
        "AW: Abwesenheitsnotiz für unser Portal",
        "How do I set up an automatic reply?",
        "Absence de commission sur le relevé",
        "Delivery status of our order",
        "Auto dealers in Ghent",
        "Autonomous forklifts",
        "Automation deal",
        "Office move",
        "Undecided",
        "Read this",
    ],
)
def test_a_persons_subject_is_none(subject: str) -> None:
    assert not read(subject=subject).no_answer


@pytest.mark.parametrize(
    "header",
    [
        "X-Auto-Response-Suppress: All",
        "X-Auto-Response-Suppress: DR, OOF",
        "X-Auto-Response-Suppress: AutoReply",
        "X-Auto-Response-Suppress: DR\nX-Auto-Response-Suppress: All",
        "List-Id: <l.example>",
        "List-Post: <mailto:l@l.example>",
        "Precedence: list",
        "X-No-Ack: yes",
        "X-No-Ack:",
        "X-Ack: no",
        "X-MS-Exchange-Inbox-Rules-Loop: ann@verbeke.example",
        "X-Mailer: Ticket desk (auto-generated)",
    ],
)
def test_a_person_may_carry_signs_that_stop_the_answer_only(header: str) -> None:
    mailed = read(header)
    assert mailed.automatic == ""
    assert mailed.no_answer


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: no",
        "Auto-Submitted: no (written by a person)",
        "X-Auto-Response-Suppress: DR, RN",
        "Return-Path: <ann@verbeke.example>",
        "Feedback-ID: 12:campaign:vendor",
        "X-Ack: yes",
        "Thread-Topic: Is the auto-reply broken?",
        "DKIM-Signature: v=1; d=x.example; h=from:auto-submitted:x-auto-response-suppress; b=x",
        "X-Spam-Report: auto-generated mails score 3",
        "Content-Type: text/plain",
        "Precedence: first-class",
        "X-Autoreply: no",
        "X-Loop: other@x.example",
    ],
)
def test_the_same_headers_with_harmless_values_are_none(header: str) -> None:
    assert not read(header).no_answer


def test_the_empty_envelope_sender_is_a_machine() -> None:
    raw = b"From: ann@verbeke.example\n\nhi"
    assert parse(raw, envelope_sender="").automatic == "empty envelope sender"
    assert parse(b"Return-Path: <>\n" + raw).automatic == "empty envelope sender"
    assert parse(raw).automatic == ""


def test_our_own_address_is_a_loop() -> None:
    assert read(sender="Partners@Vendor.example").automatic == "own address"


def test_words_in_the_text_are_no_sign() -> None:
    assert not parse(b"From: ann@verbeke.example\n\nOur auto-reply is broken, it says out of office.").no_answer


@pytest.mark.parametrize("name", ["absence_de", "absence_fr_subject_only", "bounce", "newsletter_en"])
def test_the_sample_machines_are_known(name: str) -> None:
    assert parse(mail(name)).automatic


def test_the_sample_person_with_an_exchange_header_is_a_person() -> None:
    assert parse(mail("person_with_suppress")).automatic == ""
