"""Announcements under attack: names, orders, files and texts that want to be more than what they are."""

from __future__ import annotations

import csv
import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from io import StringIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.announcements.by_mail.orders import Order, understood
from bot.announcements.composing.personal import Reader, filled
from bot.announcements.segments.parsing import SegmentFault, parse_segment
from bot.announcements.text_format.faults import Faults
from bot.announcements.text_format.reading import Surroundings, read_text
from bot.channels.email.call import with_call
from bot.channels.email.chunks import chunks
from bot.channels.email.markdown import to_html, to_text
from bot.channels.slack.blocks.announced import Around, announced
from bot.documents.calendar_day import calendar_day
from bot.documents.safe_csv import safe_csv
from bot.texts.catalogue import catalogue
from bot.vocabulary.announcing import AnnouncementText
from bot.vocabulary.segment import Segment, SegmentChoices
from tests.builders import contact, partner, program

AROUND = Around("From Lumora", "How to stop these", "It goes on below")
SAYS = AnnouncementText("en", "News for {name} of {partner}", "Dear {first_name} {name},\n\n- {partner} is {tier}.")
NAMES = (
    "[win](https://evil.example)",
    "![x](https://evil.example/pixel.png)",
    "<https://evil.example>",
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "Eve <!channel> <@U1> <#C1>",
    "{tier} {open_deals} {partner}",
    "\\{tier} \\",
    "**bold** _it_ ~~no~~ `code`",
    "Eve\n# Heading\n\n- item",
    "Eve\r\nBcc: eve@evil.example\r\n\r\nHello",
    "Eve\u2028Second\x0b\x00third",
    "Eve \u202egro.live\u2066\u200f",
    "| a | b |\n|---|---|",
    "[de]\n# Betreff",
    "&lt;b&gt; &#x202e;",
    "]: https://evil.example\n[Eve]: https://evil.example",
    "javascript:alert(1)",
    "E" * 100_000,
)  # fmt: skip


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)


def elements(block: Any) -> list[dict[str, Any]]:
    """Everything in Slack's blocks, however deep."""
    if isinstance(block, list):
        return [one for inside in block for one in elements(inside)]
    return [block, *elements(list(block.values()))] if isinstance(block, dict) else []


def _named(name: str) -> AnnouncementText:
    eve = contact(name=name, email="eve@one.example")
    return filled(SAYS, Reader(partner(name=name, tier="Select"), eve), program())


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_name_is_words_and_never_markup_a_field_a_header_or_a_book(name: str) -> None:
    text = _named(name)
    assert len(text.subject) <= 2 * 200 + 20
    assert text.subject.isprintable()
    html = Tags()
    html.feed(to_html(text.body))
    assert html.seen <= {"p", "ul", "li"}, html.seen
    assert "0 open" not in to_text(text.body)
    for post in announced(text.subject, text.body, AROUND):
        kinds = {str(one.get("type")) for one in elements(post.blocks)}
        assert not kinds & {"user", "usergroup", "broadcast", "channel", "mrkdwn"}
        assert [one for one in elements(post.blocks) if one.get("style") and isinstance(one["style"], dict)] == []
    for hidden in "\u202e\u2066\u200f\x00":
        assert hidden not in text.subject + text.body


@pytest.mark.parametrize(
    "said",
    [
        "Send me the numbers again, please",
        "Sending you this from my holiday: I am back on Monday",
        "Sent from my phone",
        "> send",
        "> send 10\n> please",
        "Do not send",
        "Don't send it yet",
        "please do not send it",
        "send?",
        "Should we send",
        "send no",
        "send -1",
        "send 10 to eve@evil.example",
        "send at once to everyone",
        "send tomorrow",
        "Go home",
        "I am out of office. Test and send go to my deputy.",
        "Ich sende später",
        "nicht senden",
        "ne pas envoyer",
        "Automatic reply: send",
        "Segment: all\nsend",
        "send\n# Another subject\n\nAnd another text",
        "ｓｅｎｄ it all",
        "send" + " " * 300 + "now please",
        "",
    ],
    ids=str.strip,
)  # fmt: skip
def test_what_only_sounds_like_an_order_sends_nothing(said: str) -> None:
    assert not isinstance(understood(said), Order)


@pytest.mark.parametrize(
    "named",
    ["/etc/passwd", "../../etc/passwd", "http://169.254.169.254/a", "file:///etc/passwd", "\\\\evil\\share", "a.pdf"],
)
def test_a_mail_reads_no_file_of_ours_and_calls_no_address(named: str) -> None:
    found = read_text(f"Segment: all\nAttach: {named}\n\n# News\n\nText", Surroundings(lambda _: Segment()))
    assert isinstance(found, Faults)
    assert any("attach the file to the mail itself" in line for line in found.lines())


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>", "vbscript:x", "java&#115;cript:alert(1)"],
)  # fmt: skip
def test_a_link_that_runs_something_is_none_anywhere(address: str) -> None:
    body = f"[here]({address}) ![here]({address}) <{address}>"
    assert not re.search(r'(?:href|src)="(?!https?:|mailto:)', to_html(body))
    (post,) = announced("News", body, AROUND)
    assert [one for one in elements(post.blocks) if one.get("type") == "link"] == []


@pytest.mark.parametrize(
    "subject",
    ["News&bcc=eve@evil.example", "News?cc=eve@evil.example#x", "News%0D%0ABcc: eve", "News) [x](https://evil.example",
     "News\"><script>", "News &amp;body=send", "News\r\nBcc: eve@evil.example"],
)  # fmt: skip
def test_a_subject_adds_nothing_to_the_links_that_write_an_answer(subject: str) -> None:
    text = with_call("Text", {"kind": "answer", "dates": []}, subject, "key+1@lumora.example", catalogue(), "en")
    links = re.findall(r'href="([^"]*)"', to_html(text))
    assert len(links) == 3
    for link in links:
        parts = urlsplit(link.replace("&amp;", "&"))
        assert (parts.scheme, parts.path) == ("mailto", "key+1@lumora.example")
        assert parse_qs(parts.query).keys() == {"subject", "body"}
        assert parse_qs(parts.query)["subject"] == [f"Re: {subject}"]


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "a\n=1", '","=1', "=cmd|' /C calc'!A0"]
)
def test_a_name_is_no_formula_and_no_other_cell_and_no_other_event(cell: str) -> None:
    _, row = csv.reader(StringIO(safe_csv(["a", "b"], [[cell, "x"]]).decode("utf-8-sig"), newline=""))
    assert len(row) == 2
    assert not row[0].startswith(("=", "+", "-", "@", "\t", "\r"))
    hostile = f"{cell}\r\nEND:VEVENT\nATTACH:https://evil.example\u2028X"
    lines = calendar_day("1@x", date(2026, 12, 3), hostile, [hostile], datetime(2026, 11, 27, tzinfo=UTC)).decode()
    assert [line.partition(":")[0] for line in lines.replace("\r\n ", "").split("\r\n")].count("END") == 2
    assert "\nATTACH" not in lines


def _read(text: str) -> object:
    return read_text(text, Surroundings(lambda _: Segment(), today=date(2026, 11, 27)))


def _segment(words: str) -> object:
    try:
        return parse_segment(words, SegmentChoices((), (), (), ()))
    except SegmentFault as fault:
        return fault


def _posted(markdown: str) -> object:
    return announced("News", markdown, AROUND)


MANY = 60_000
LONG: dict[str, tuple[Callable[[str], object], str]] = {
    "spaces in a heading": (_read, f"Segment: all\n\n# a{' ' * MANY}b\n\nText"),
    "spaces in a head line": (_read, f"Call: a{' ' * MANY}b\n\n# News\n\nText"),
    "a segment that goes on": (_read, "Segment: a,\n" + "b,\n" * (MANY // 3)),
    "marks of languages": (_read, "[de]\n" * (MANY // 5)),
    "head lines": (_read, "Segment: all\n" * (MANY // 13)),
    "fields": (_read, "Segment: all\n\n# News\n\n" + "{first_name}" * 8_000),
    "unknown fields": (_read, "Segment: all\n\n# News\n\n" + "{x}" * (MANY // 3)),
    "commas behind an order": (understood, "send" + "," * MANY + "x"),
    "spaced commas behind an order": (understood, "send" + " ," * MANY + "x"),
    "digits behind an order": (understood, "send at 1" + "1 " * MANY),
    "code in a post": (_posted, "`a``" * (MANY // 4)),
    "empty lines in a mail": (chunks, "a" + "\n" * MANY + "- b"),
    "brackets in a mail": (chunks, "[\n" * MANY),
    "items in a post": (_posted, "- a\n" * (MANY // 10)),
    "quotes in a segment": (_segment, "tier=" + '"' * 19_000),
    "conditions of a segment": (_segment, "tier!=a;" * 2_400),
}  # fmt: skip


@pytest.mark.parametrize("long", LONG)
def test_a_long_hostile_text_holds_nobody_up(long: str) -> None:
    act, text = LONG[long]
    began = time.process_time()
    assert act(text) is not None
    assert time.process_time() - began < 20


def test_ten_thousand_fields_with_the_longest_name_stay_a_mail() -> None:
    text = AnnouncementText("en", "News", "{name}" * 10_000)
    eve = contact(name="*" * 100_000)
    assert len(filled(text, Reader(partner(), replace(eve, name="*" * 100_000)), program()).body) <= 10_000 * 400
