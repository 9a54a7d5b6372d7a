"""What is read of a mail: sample mails of five languages and the programs that people write them with."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta, timezone

import pytest

from mail_ingest.limits import Limits
from mail_ingest.parse import parse
from tests.mails import VISIBLE, mail


@pytest.mark.parametrize("name", VISIBLE)
def test_the_text_that_the_sender_newly_wrote_is_found(name: str) -> None:
    assert parse(mail(name)).visible == VISIBLE[name]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("reply_de_outlook", "Wann rechnen Sie mit dem Abschluss?"),
        ("reply_de_outlook", "HRB 00000 Amtsgericht Jena"),
        ("reply_fr_gmail", "Votre relevé est prêt."),
        ("reply_en_outlook_web", "Ranade Consulting"),
        ("reply_es_inline", "¿Y cuándo se firma?"),
    ],
)
def test_what_is_cut_off_is_kept_beside_it(name: str, kept: str) -> None:
    assert kept in parse(mail(name)).cut_off


@pytest.mark.parametrize(
    ("name", "passed_on"),
    [
        ("forward_en", "we need about 60 seats of Core"),
        ("forward_nl", "Wij zoeken iets voor 15 medewerkers."),
        ("forward_es_apple", "Buscamos una herramienta para 30 personas."),
    ],
)
def test_a_forwarded_mail_is_kept_apart(name: str, passed_on: str) -> None:
    read = parse(mail(name))
    assert passed_on in read.forwarded
    assert ">" not in read.forwarded.replace("<", "").split("\n")[-1]
    assert passed_on not in read.visible + read.cut_off


def test_headers_are_read() -> None:
    read = parse(mail("reply_de_outlook"))
    assert read.message_id == "<d1@mail.example>"
    assert read.in_reply_to == ("<q1@vendor.example>",)
    assert read.references == ("<q0@vendor.example>", "<q1@vendor.example>")
    assert read.single_from == "jonas@kettler-it.example"
    assert read.sender_name == "Jonas Kettler"
    assert [a.address for a in read.to] == ["partners@vendor.example"]
    assert read.date == datetime(2026, 11, 10, 10, 15, tzinfo=timezone(timedelta(hours=1)))


def test_the_subject_of_a_reply_or_a_forwarded_mail_is_not_part_of_what_is_said() -> None:
    assert parse(mail("reply_de_outlook")).new_subject == ""
    assert parse(mail("forward_nl")).new_subject == ""
    assert parse(mail("new_en_plain")).new_subject == "Protect Pennywort Foods"


@pytest.mark.parametrize(
    "prefix",
    ["Re:", "RE: ", "AW:", "Antw:", "SV:", "Fwd:", "FW:", "WG:", "TR:", "RV:", "Doorst:", "Re[2]:", "[ext] Re:"],
)
def test_reply_prefixes_of_many_programs_are_known(prefix: str) -> None:
    assert parse(f"From: a@b.example\nSubject: {prefix} Deal\n\nhi".encode()).is_reply_subject


@pytest.mark.parametrize("subject", ["Registration: Acme", "Request", "Reply to all", "Free: tickets", "D-1042: lost"])
def test_other_words_with_a_colon_are_a_subject(subject: str) -> None:
    assert parse(f"From: a@b.example\nSubject: {subject}\n\nhi".encode()).new_subject == subject


def test_a_long_subject_is_cut_and_nul_removed() -> None:
    read = parse(b"From: a@b.example\nSubject: a\0" + b"b" * 500 + b"\n\nhi")
    assert read.subject == "a" + "b" * 254


def test_an_attachment_is_described_and_not_mixed_with_the_text() -> None:
    (attachment,) = parse(mail("attachment_utf8_name")).attachments
    assert attachment.name == "factura nº 12.pdf"
    assert attachment.content_type == "application/pdf"
    assert attachment.size == 9
    assert attachment.sha256 == hashlib.sha256(b"%PDF-1.4\n").hexdigest()


def test_a_file_name_cannot_lead_out_of_a_folder_or_turn_round() -> None:
    raw = (
        b"From: a@b.example\nMIME-Version: 1.0\nContent-Type: application/pdf\n"
        b'Content-Disposition: attachment; filename="../../etc/\xe2\x80\xaepasswd"\n\nx'
    )
    (attachment,) = parse(raw).attachments
    assert attachment.name == "_passwd"


@pytest.mark.parametrize("kind", ["x/y z", "x/\0y", "x/\udcff", "image/" + "x" * 500, "a/b/c", "te\u00e9/x"])
def test_a_content_type_that_is_none_is_unknown(kind: str) -> None:
    head = f'From: a@b.example\nContent-Type: {kind}\nContent-Disposition: attachment; filename="a\0b\udcff"\n\nx'
    (file,) = parse(head.encode("utf-8", "surrogateescape")).attachments
    assert file.content_type in ("application/octet-stream", "text/plain")
    file.name.encode()
    assert "\0" not in file.name


def test_a_bounce_names_the_mail_it_is_about() -> None:
    assert parse(mail("bounce")).inner_ids == ("<outbox-77@vendor.example>",)


def test_undeclared_bytes_in_headers_are_decoded() -> None:
    read = parse(mail("undeclared_8bit"))
    assert read.subject == "Grüsse"
    assert read.sender_name == "Jürg Stämpfli"


def test_internal_headers_from_outside_are_stripped() -> None:
    assert not [name for name, _ in parse(mail("hostile_headers")).headers if name.startswith("X-Partnerline")]


@pytest.mark.parametrize(
    "sender",
    [
        "From: a@b.example\nFrom: c@d.example",
        "From: a@b.example, c@d.example",
        "From: friends: a@b.example;",
        "From: undisclosed:;",
        "From:",
        "From: nobody",
        "To: a@b.example",
    ],
)
def test_no_or_more_than_one_sender_is_no_single_sender(sender: str) -> None:
    assert parse(f"{sender}\nSubject: x\n\nhi".encode()).single_from == ""


def test_text_beyond_the_limit_is_said_to_be_unread() -> None:
    read = parse(b"From: a@b.example\n\n" + b"word " * 100, Limits(text=50))
    assert read.unread == ("text",)
    assert len(read.text_body) == 50


def test_flowed_lines_are_joined() -> None:
    head = b"From: a@b.example\nIn-Reply-To: <q@c.example>\nContent-Type: text/plain; format=flowed\n\n"
    raw = head + b"one \ntwo\n> quoted \n> more\n-- \nAnn"
    assert parse(raw).visible == "one two"
