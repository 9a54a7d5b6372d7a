"""What mail servers say of mails that did not arrive is read, whatever form they chose for it."""

from __future__ import annotations

import time

import pytest

from mail_ingest.bounces import DeliveryReport, FailedRecipient
from mail_ingest.parse import parse
from tests.mails import mail

OURS = "<6f1c2e9a-0000-4000-8000-000000000001@vendor.example>"


def report(raw: str, sender: str = "") -> DeliveryReport | None:
    return parse(raw.encode(), envelope_sender=sender).report


def standard(*fields: str, enclosed: bool = True) -> str:
    """A report by RFC 3464 with these fields in its recipient's block."""
    lines = [
        "From: MAILER-DAEMON@mx.example", "To: bounce@vendor.example", "Subject: Undelivered Mail",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"', "",
        "--b", "Content-Type: text/plain", "", "I could not deliver your mail.", "",
        "--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.example", "", *fields, "",
    ]  # fmt: skip
    if enclosed:
        lines += ["--b", "Content-Type: message/rfc822", "", f"Message-ID: {OURS}", "Subject: News", "", "Hello", ""]
    return "\n".join([*lines, "--b--", ""])


def only(raw: str) -> FailedRecipient:
    found = report(raw)
    assert found is not None
    (failure,) = found.failures
    return failure


def test_a_standard_report_says_whom_and_why_and_which_mail() -> None:
    found = report(
        standard(
            "Original-Recipient: rfc822;jan@verbeke.example",
            "Final-Recipient: rfc822; j.peeters@mail.verbeke.example",
            "Action: failed",
            "Status: 5.1.1",
            "Diagnostic-Code: smtp; 550 5.1.1 <j.peeters@mail.verbeke.example>:",
            "    Recipient address rejected: User unknown",
        )
    )
    assert found == DeliveryReport(
        (
            FailedRecipient(
                ("jan@verbeke.example", "j.peeters@mail.verbeke.example"),
                True,
                "5.1.1",
                "550 5.1.1 <j.peeters@mail.verbeke.example>: Recipient address rejected: User unknown",
            ),
        ),
        (OURS,),
    )


@pytest.mark.parametrize(
    ("status", "words", "hard"),
    [
        ("5.1.1", "550 User unknown", True),
        ("5.1.2", "550 Host unknown", True),
        ("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found", True),
        ("5.2.1", "550 5.2.1 The email account that you tried to reach is disabled", True),
        ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied", True),
        ("5.4.4", "Host not found", True),
        ("5.0.0", "550 no such user", True),
        ("5.0.0", "550 5.7.1 blocked by policy", False),
        ("5.2.2", "552 5.2.2 The recipient's inbox is out of storage", False),
        ("5.1.1", "550 mailbox is full", False),
        ("5.1.8", "553 sender address rejected: domain not found", False),
        ("5.3.4", "552 message too large", False),
        ("5.7.1", "554 5.7.1 Spam", False),
        ("5.4.6", "routing loop", False),
        ("4.4.7", "delivery time expired", False),
        ("4.2.2", "over quota", False),
    ],
)
def test_hard_is_only_what_says_that_the_address_takes_no_mail(status: str, words: str, hard: bool) -> None:
    found = only(
        standard("Final-Recipient: rfc822; a@b.example", "Action: failed", f"Status: {status}",
                 f"Diagnostic-Code: smtp; {words}")
    )  # fmt: skip
    assert found.hard is hard
    assert found.words == words


def test_the_closer_status_of_the_words_is_taken_where_the_field_is_general() -> None:
    fields = ("Final-Recipient: rfc822; a@b.example", "Action: failed", "Status: 5.0.0")
    assert only(standard(*fields, "Diagnostic-Code: smtp; 550-5.1.1 gone")).status == "5.1.1"
    assert only(standard(*fields, "Diagnostic-Code: smtp; 450 4.2.2 full")).status == "5.0.0"
    assert only(standard(*fields, "Diagnostic-Code: smtp; from [10.5.1.1] at 5.1.1.9")).status == "5.0.0"


def test_a_delay_is_soft_whatever_its_status() -> None:
    assert not only(standard("Final-Recipient: rfc822; a@b.example", "Action: delayed", "Status: 5.1.1")).hard


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded", ""])
def test_what_arrived_is_no_failure(action: str) -> None:
    assert report(standard("Final-Recipient: rfc822; a@b.example", f"Action: {action}", "Status: 2.0.0")) is None


def test_several_recipients_each_have_their_own_fate() -> None:
    found = report(
        standard(
            "Final-Recipient: rfc822; a@b.example", "Action: failed", "Status: 5.1.1", "",
            "Final-Recipient: rfc822; c@b.example", "Action: delayed", "Status: 4.4.1",
        )
    )  # fmt: skip
    assert found is not None
    assert [(f.addresses[0], f.hard) for f in found.failures] == [("a@b.example", True), ("c@b.example", False)]


def test_the_international_form_is_read_like_the_other() -> None:
    raw = standard("Final-Recipient: utf-8; jörg@müller.example", "Action: failed", "Status: 5.1.1")
    found = only(raw.replace("message/delivery-status", "message/global-delivery-status"))
    assert found.addresses == ("jörg@xn--mller-kva.example",)
    assert found.hard


def test_headers_alone_name_the_mail_as_well() -> None:
    raw = standard("Final-Recipient: rfc822; a@b.example", "Action: failed", "Status: 5.1.1", enclosed=False)
    part = f"--b\nContent-Type: text/rfc822-headers\n\nSubject: News\nMessage-ID: {OURS}\n\n--b--"
    found = report(raw.replace("--b--", part))
    assert found is not None
    assert found.about == (OURS,)


EXIM = f"""From: Mail Delivery System <Mailer-Daemon@mx.example>
To: bounce@vendor.example
X-Failed-Recipients: jan@verbeke.example
Auto-Submitted: auto-replied
Subject: Mail delivery failed: returning message to sender

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  jan@verbeke.example
    host mx.verbeke.example [192.0.2.7]
    SMTP error from remote mail server after RCPT TO:<jan@verbeke.example>:
    550 5.1.1 User unknown

------ This is a copy of the message, including all the headers. ------

From: Acme <partners@vendor.example>
Message-ID: {OURS}
Subject: News
"""

QMAIL = f"""From: MAILER-DAEMON@mx.example
To: bounce@vendor.example
Subject: failure notice

Hi. This is the qmail-send program at mx.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<jan@verbeke.example>:
192.0.2.7 does not like recipient.
Remote host said: 550 No such user here

--- Below this line is a copy of the message.

Return-Path: <bounce@vendor.example>
Message-ID:
 {OURS}
Subject: News
"""


@pytest.mark.parametrize("raw", [EXIM, QMAIL])
def test_older_forms_are_read_as_well(raw: str) -> None:
    found = report(raw)
    assert found is not None
    assert [(f.addresses, f.hard) for f in found.failures] == [(("jan@verbeke.example",), True)]
    assert "550" in found.failures[0].words
    assert found.about == (OURS,)


def test_a_full_mailbox_is_soft_in_older_forms_too() -> None:
    full = QMAIL.replace("550 No such user here", "552 5.2.2 mailbox full")
    found = report(full)
    assert found is not None
    assert not found.failures[0].hard


@pytest.mark.parametrize(
    ("subject", "text", "hard"),
    [
        ("Unzustellbar: News", "Ihre Nachricht an a@b.example konnte nicht zugestellt werden.\n550 5.1.1 gone", True),
        ("Onbestelbaar", "Uw bericht aan a@b.example is niet bezorgd: gebruiker onbekend", True),
        ("Échec de remise", "a@b.example : boîte inexistante", True),
        ("No se pudo entregar", "a@b.example: 550 5.1.1 el buzón no existe", True),
        ("Entrega retrasada", "No se ha podido entregar todavía el mensaje a a@b.example", False),
        ("Unzustellbar: News", "Ihre Nachricht an a@b.example: 552 Postfach voll", False),
        ("Undeliverable: News", "Your message to a@b.example couldn't be delivered. 452 4.2.2 Over quota", False),
        ("Undeliverable: News", "Your message to a@b.example couldn't be delivered. 554 5.7.1 Spam", False),
        ("Undeliverable: News", "Your message to a@b.example couldn't be delivered.", False),
    ],
)
def test_servers_without_any_form_are_read_in_five_languages(subject: str, text: str, hard: bool) -> None:
    found = only(f"From: mail@b.example\nSubject: {subject}\n\n{text}\n")
    assert found.addresses == ("a@b.example",)
    assert found.hard is hard


def test_a_confirmation_of_delivery_reports_no_failure() -> None:
    assert report("From: postmaster@b.example\nSubject: Delivered: News\n\nDelivered to a@b.example.\n") is None


def test_a_person_who_quotes_a_bounce_reports_none() -> None:
    asked = EXIM.replace("Mail Delivery System <Mailer-Daemon@mx.example>", "ann@verbeke.example")
    asked = asked.replace("X-Failed-Recipients: jan@verbeke.example\nAuto-Submitted: auto-replied\n", "")
    assert report(asked, "ann@verbeke.example") is None


def test_a_report_passed_on_inside_a_mail_is_not_its_sender_s() -> None:
    inner = standard("Final-Recipient: rfc822; a@b.example", "Action: failed", "Status: 5.1.1")
    outer = 'From: noreply@b.example\nContent-Type: multipart/mixed; boundary="o"\n\n'
    outer += f"--o\nContent-Type: message/rfc822\n\n{inner}\n--o--"
    assert report(outer, "noreply@b.example") is None


@pytest.mark.parametrize("name", ["absence_de", "absence_fr_subject_only", "newsletter_en", "person_with_suppress"])
def test_other_automatic_mails_report_nothing(name: str) -> None:
    assert parse(mail(name)).report is None
    assert parse(mail(name), envelope_sender="").report is None


def test_a_read_receipt_reports_nothing() -> None:
    raw = standard("Final-Recipient: rfc822; a@b.example", "Disposition: automatic-action/MDN; deleted")
    receipt = raw.replace("delivery-status", "disposition-notification")
    assert report(receipt) is None


def test_the_sample_bounce_is_read() -> None:
    found = parse(mail("bounce")).report
    assert found is not None
    assert found.failures == (FailedRecipient(("gone@tidemark.example",), True, "5.1.1", "5.1.1"),)
    assert found.about == ("<outbox-77@vendor.example>",)


@pytest.mark.parametrize(
    "raw",
    [
        standard("Final-Recipient: rfc822;", "Action: failed"),
        standard("Final-Recipient: \xff\xfe;;;;", "Action: failed", "Status: five"),
        standard("Action: failed"),
        standard("Final-Recipient: =?utf-8?b?////?=; x", "Action: failed"),
        "From: mailer-daemon@x.example\nContent-Type: multipart/report\n\nno parts",
        "From: mailer-daemon@x.example\nContent-Type: message/delivery-status\n\n\n\n\n",
        "X-Failed-Recipients: ,,,;<>@\n\n",
        EXIM.replace("jan@", "j\udcffn@").encode("utf-8", "surrogateescape").decode("latin-1"),
    ],
)
def test_malformed_reports_do_no_harm(raw: str) -> None:
    found = report(raw)
    assert found is None or all(f.addresses for f in found.failures)


@pytest.mark.parametrize(
    "raw",
    [
        standard(*["Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n"] * 900),
        QMAIL.replace("<jan@verbeke.example>:", "<a@b.example>:\n\n" * 2_000),
        QMAIL.replace("Hi.", "<" * 900 + "\n" + "a@" * 450 + "\n") * 15,
        QMAIL + "x" * 60_000,
        EXIM.replace("X-Failed-Recipients: jan@verbeke.example", "X-Failed-Recipients: " + "a@b.example, " * 4_000),
        EXIM.replace("550 5.1.1 User", "5.1." * 9_000),
    ],
    ids=["blocks", "paragraphs", "brackets", "one line", "recipients", "digits"],
)
def test_huge_reports_are_read_in_time_and_in_part(raw: str) -> None:
    began = time.process_time()
    found = report(raw)
    assert time.process_time() - began < 2.0
    assert found is None or len(found.failures) <= 100
