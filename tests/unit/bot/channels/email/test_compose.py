"""The mails the agent writes: threaded, marked as automatic, and proof against injected headers."""

from __future__ import annotations

import email
import re
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default

import pytest
from selectolax.lexbor import LexborHTMLParser

from bot.channels.email.compose import (
    Author,
    Unsubscribe,
    compose_announcement,
    compose_notice,
    compose_reply,
    message_id,
)
from bot.vocabulary.message import ReplyAddress
from mail_ingest.parse import parse

AGENT = Author("Vendor Partner Desk", "partners@vendor.example", "vendor.example")
KEY = "0123456789abcdef0123456789abcdef"
ROW = "6f1c2e9a-0000-4000-8000-000000000001"
NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
TO = ReplyAddress(
    to="ann@acme.example",
    subject="AW: Re: Frage zum Projekt",
    in_reply_to="<3@acme.example>",
    references=("<1@acme.example>", "<2@vendor.example>", "<3@acme.example>"),
)


def reply(to: ReplyAddress = TO, text: str = "Done.\n", author: Author = AGENT) -> bytes:
    return compose_reply(to, text, author=author, outbox_id=ROW, reply_key=KEY, now=NOW)


def opened(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def plain(raw: bytes) -> str:
    body = opened(raw).get_body(("plain",))
    return str(body.get_content()).replace("\r\n", "\n") if body else ""


def html(raw: bytes) -> str:
    body = opened(raw).get_body(("html",))
    return str(body.get_content()) if body else ""


def test_an_answer_stands_in_its_thread() -> None:
    message = opened(reply())
    assert message["From"] == "Vendor Partner Desk <partners@vendor.example>"
    assert message["To"] == "ann@acme.example"
    assert message["Subject"] == "Re: Frage zum Projekt"
    assert message["In-Reply-To"] == "<3@acme.example>"
    assert message["References"] == "<1@acme.example> <2@vendor.example> <3@acme.example>"
    assert message["Message-ID"] == f"<{ROW}@vendor.example>"
    assert message["Reply-To"] == f"Vendor Partner Desk <reply+{KEY}@vendor.example>"
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["X-Auto-Response-Suppress"] == "All"


def test_the_same_row_makes_the_same_mail() -> None:
    assert reply() == reply()
    assert message_id(ROW, "vendor.example").encode() in reply()


def test_our_own_mail_is_known_as_automatic_when_it_comes_back() -> None:
    read = parse(reply(text="Die Provision für Größe M beträgt 10 %.\n"), own_addresses={"partners@vendor.example"})
    assert read.automatic == "own address"
    assert "Größe M" in read.text_body
    assert parse(reply()).automatic == "Auto-Submitted: auto-replied"


def test_a_key_that_is_no_key_is_refused() -> None:
    with pytest.raises(ValueError, match="not a mail address"):
        compose_reply(TO, "Done.\n", author=AGENT, outbox_id=ROW, reply_key=EVIL, now=NOW)


EVIL = "x\r\nBcc: eve@evil.example\r\n\r\nbody"


@pytest.mark.parametrize("part", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\0"])
def test_no_line_end_of_any_kind_makes_a_header(part: str) -> None:
    evil = f"x{part}Bcc: eve@evil.example"
    raw = reply(ReplyAddress(to="ann@acme.example", subject=evil, in_reply_to=evil, references=(evil,)))
    message = opened(raw)
    assert message["Bcc"] is None
    assert message["In-Reply-To"] is None
    assert b"\nBcc" not in raw


def test_names_and_lists_cannot_inject_either() -> None:
    raw = compose_announcement(
        "ann@acme.example",
        EVIL,
        "Hi\n",
        author=Author(EVIL, "partners@vendor.example", "vendor.example"),
        outbox_id=EVIL,
        reply_key=KEY,
        unsubscribe=Unsubscribe(EVIL, f"https://vendor.example/{EVIL}", "leave@vendor.example"),
        now=NOW,
    )
    assert opened(raw)["Bcc"] is None


def test_a_reminder_stands_in_the_thread_of_the_first_copy_and_can_be_left_like_it() -> None:
    first = "<one@vendor.example>"
    raw = compose_announcement(
        "ann@acme.example",
        "Partner day",
        "Hi\n",
        author=Author("Vendor", "partners@vendor.example", "vendor.example"),
        outbox_id="two",
        reply_key=KEY,
        unsubscribe=Unsubscribe("partners.vendor.example", "https://vendor.example/u/1"),
        now=NOW,
        thread=ReplyAddress(to="ann@acme.example", in_reply_to=first, references=(first,)),
    )
    message = opened(raw)
    assert (message["Subject"], message["In-Reply-To"], message["References"]) == ("Re: Partner day", first, first)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert b"Re: Partner day" not in raw.replace(b"Subject: Re: Partner day", b"")


@pytest.mark.parametrize(
    "to", ["", "ann", "ann@acme.example, eve@evil.example", "ann@acme.example\nBcc: e@evil.example"]
)
def test_a_recipient_that_is_no_address_is_refused(to: str) -> None:
    with pytest.raises(ValueError, match="not a mail address"):
        reply(ReplyAddress(to=to, subject="x"))


def test_ids_longer_than_a_line_are_not_broken() -> None:
    ids = tuple(f"<{'x' * 120}{n}@acme.example>" for n in range(150))
    message = email.message_from_bytes(reply(ReplyAddress(to="a@b.example", in_reply_to=ids[-1], references=ids)))
    found = str(message["References"]).split()
    assert len(found) == 100
    assert found[0] == ids[0]
    assert found[-1] == ids[-1]
    assert message["In-Reply-To"].strip() == ids[-1]


def test_text_of_any_language_arrives_as_it_was_written() -> None:
    text = "Grüße – ¿qué tal? €12.345,67\n.\n.. dots\nFrom here\n" + "long " * 400 + "\n"
    assert plain(reply(text=text)) == text.rstrip() + "\n"
    assert max(len(line) for line in reply(text=text).split(b"\r\n")) <= 900


def test_the_html_twin_says_the_same_and_holds_no_markup_of_the_text() -> None:
    raw = reply(text="Hi <script>alert(1)</script> & co\n\n- one\n- two\n\nSee https://vendor.example/a?b=1&c=2.\n")
    body = html(raw)
    assert "<script" not in body
    assert "&lt;script&gt;" in body
    assert [li.text() for li in LexborHTMLParser(body).css("ul > li")] == ["one", "two"]
    assert 'href="https://vendor.example/a?b=1&amp;c=2"' in body


def test_a_link_can_be_nothing_but_the_web() -> None:
    body = html(reply(text='javascript:alert(1) https://x.example/"onmouseover="alert(1)\n'))
    assert 'href="javascript' not in body
    assert 'href="https://x.example/"' in body


def test_an_announcement_says_how_to_leave() -> None:
    raw = compose_announcement(
        "ann@acme.example",
        "Webinar in May",
        "Will you join? Yes, no or maybe.\n",
        author=AGENT,
        outbox_id=ROW,
        reply_key=KEY,
        unsubscribe=Unsubscribe("news.vendor.example", "https://agent.vendor.example/u/1", "leave@vendor.example"),
        now=NOW,
    )
    message = opened(raw)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == "<news.vendor.example>"
    assert message["List-Unsubscribe"] == (
        "<https://agent.vendor.example/u/1>, <mailto:leave@vendor.example?subject=unsubscribe>"
    )
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Reply-To"].endswith(f"<reply+{KEY}@vendor.example>")


@pytest.mark.parametrize("url", ["", "http://agent.vendor.example/u/1"])
def test_one_click_needs_an_encrypted_address(url: str) -> None:
    raw = compose_announcement(
        "ann@acme.example",
        "News",
        "Hi\n",
        author=AGENT,
        outbox_id=ROW,
        reply_key=KEY,
        unsubscribe=Unsubscribe("news.vendor.example", url, "leave@vendor.example"),
        now=NOW,
    )
    message = opened(raw)
    assert message["List-Unsubscribe"] == "<mailto:leave@vendor.example?subject=unsubscribe>"
    assert message["List-Unsubscribe-Post"] is None


def test_a_notice_is_generated_and_belongs_to_no_list() -> None:
    raw = compose_notice(
        "ann@acme.example", "Your statement", "Hi\n", author=AGENT, outbox_id=ROW, reply_key=KEY, now=NOW, thread=TO
    )
    message = opened(raw)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["In-Reply-To"] == "<3@acme.example>"
    assert message["List-Id"] is None
    assert message["Subject"] == "Your statement"


@pytest.mark.parametrize("name", ["Lumora Partnerbüro für Österreich und die Schweiz " * 3, "株式会社ルモラ" * 20])
def test_long_names_and_subjects_in_any_script_are_words_that_every_reader_decodes(name: str) -> None:
    raw = reply(ReplyAddress(to="ann@acme.example", subject=name), author=Author(name, AGENT.address, AGENT.domain))
    head = raw.partition(b"\r\n\r\n")[0]
    assert all(len(word) <= 75 for word in re.findall(rb"=\?utf-8\?\S*\?=", head))
    assert max(map(len, head.split(b"\r\n"))) <= 76
    message = email.message_from_bytes(raw)
    assert str(make_header(decode_header(message["From"]))) == f"{name.strip()} <{AGENT.address}>"
    assert str(make_header(decode_header(message["Subject"]))) == f"Re: {name.strip()}"[:204].strip()


@pytest.mark.parametrize(
    "name", ['"Ann" <eve@evil.example>', "Ann, eve@evil.example", "=?utf-8?q?Bcc=3A_eve?=", "a;b:c@d(e)\\"]
)
def test_a_display_name_stays_a_name(name: str) -> None:
    message = opened(reply(author=Author(name, AGENT.address, AGENT.domain)))
    assert [a.addr_spec for a in message["From"].addresses] == [AGENT.address]
    assert [a.addr_spec for a in message["Reply-To"].addresses] == [f"reply+{KEY}@vendor.example"]


def test_answers_and_notices_are_no_list() -> None:
    notice = compose_notice("a@b.example", "s", "x", author=AGENT, outbox_id=ROW, reply_key=KEY, now=NOW)
    for raw in (reply(), notice):
        message = opened(raw)
        assert [name for name in message if name.startswith("List-") or name == "Precedence"] == []
        assert message["X-Auto-Response-Suppress"] == "All"
        assert message["Date"].datetime == NOW
