"""Files that go with a mail: whole, under their names, the same at every attempt, and never too much for a mail."""

from __future__ import annotations

import email
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.email.compose import MailFile, compose_notice, compose_reply
from bot.channels.email.look import look_of
from bot.vocabulary.documents import CSV, MOST_BYTES, PDF
from mail_ingest.parse import parse
from tests.builders import program
from tests.unit.bot.channels.email.test_compose import AGENT, KEY, NOW, ROW, TO

PAPER = MailFile("S-2026-10.pdf", PDF, bytes(range(256)) * 40)
TABLE = MailFile("S-2026-10.csv", CSV, "\ufeffcustomer\r\nMüller & Söhne\r\n".encode())
LOOK = look_of(program().brand, "Lumora")


def notice(*files: MailFile) -> bytes:
    return compose_notice(
        "ann@acme.example", "Statement", "Here it is.", author=AGENT, outbox_id=ROW, reply_key=KEY, now=NOW, look=LOOK,
        files=files,
    )  # fmt: skip


def opened(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=default)


def attached(raw: bytes) -> list[MailFile]:
    return [
        MailFile(part.get_filename() or "", part.get_content_type(), cast("bytes", part.get_payload(decode=True)))
        for part in opened(raw).iter_attachments()
    ]


def test_a_mail_carries_its_files_whole_and_in_their_order() -> None:
    assert attached(notice(PAPER, TABLE)) == [PAPER, TABLE]


def test_an_answer_carries_them_too() -> None:
    raw = compose_reply(TO, "Here.", author=AGENT, outbox_id=ROW, reply_key=KEY, now=NOW, files=[PAPER])
    assert attached(raw) == [PAPER]
    assert opened(raw)["In-Reply-To"] == TO.in_reply_to


def test_the_words_stay_what_they_are_beside_a_file() -> None:
    mail, bare = opened(notice(PAPER)), opened(notice())
    for kind in ("plain", "html"):
        with_file, without = mail.get_body((kind,)), bare.get_body((kind,))
        assert with_file is not None
        assert without is not None
        assert with_file.get_content() == without.get_content()


def test_the_logo_in_the_text_is_no_attached_file() -> None:
    assert attached(notice()) == []
    assert b"logo.png" in notice()


def test_the_same_mail_is_the_same_bytes() -> None:
    assert notice(PAPER, TABLE) == notice(PAPER, TABLE)


def test_another_row_has_other_boundaries() -> None:
    one = compose_notice("a@b.example", "S", "T", author=AGENT, outbox_id="1", reply_key="", now=NOW, files=[PAPER])
    two = compose_notice("a@b.example", "S", "T", author=AGENT, outbox_id="2", reply_key="", now=NOW, files=[PAPER])
    assert opened(one).get_boundary() != opened(two).get_boundary()


@pytest.mark.parametrize(
    ("name", "arrives"),
    [
        ("Vergütungsplan für Partner.pdf", "Vergütungsplan für Partner.pdf"),
        ("план.pdf", "план.pdf"),
        ("../../etc/passwd", "-..-etc-passwd"),
        ('a"; filename="b.exe', "a-; filename=-b.exe"),
        ("line\r\nBcc: x@evil.example\r\n\r\n.pdf", "line Bcc- x@evil.example .pdf"),
        ("", "file"),
        ("...", "file"),
    ],
)
def test_a_name_arrives_as_a_name_and_nothing_else(name: str, arrives: str) -> None:
    raw = notice(replace(PAPER, name=name))
    (file,) = attached(raw)
    assert file.name == arrives
    assert opened(raw)["Bcc"] is None


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=timedelta(seconds=5))
def test_no_name_breaks_a_mail(name: str) -> None:
    (file,) = attached(notice(replace(TABLE, name=name)))
    assert file.content == TABLE.content
    assert file.name
    assert "/" not in file.name


def test_our_own_reader_finds_the_files_again() -> None:
    mail = parse(notice(PAPER, TABLE))
    found = [(file.name, file.size) for file in mail.attachments]
    assert found[-2:] == [(PAPER.name, len(PAPER.content)), (TABLE.name, len(TABLE.content))]


def test_files_that_weigh_too_much_are_not_sent() -> None:
    half = replace(PAPER, content=b"x" * (MOST_BYTES // 2))
    assert len(notice(half, half)) > MOST_BYTES
    with pytest.raises(ValueError, match="too large for a mail"):
        notice(half, half, PAPER)
