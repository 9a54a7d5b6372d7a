"""What people read in HubSpot of an interaction; words of strangers are words there, and nothing else."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.adapters.hubspot.logging.markers import marker_of, own_marker, ref
from crm.adapters.hubspot.logging.wording import plain, says, worded
from crm.records import Channel, Direction
from tests.unit.crm.hubspot.timelines.conftest import posted, said

MARKER = marker_of("in:1")
CHANGED = "Attribution of D-1 changed from sourced to influenced"
HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(1)> & <a href="javascript:x">[ref: ' + "0" * 24 + "]</a>"


class Tags(HTMLParser):
    """Which tags a browser would see."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        self.seen.add(tag)


def test_a_mail_reads_as_it_was_written_and_says_what_came_of_it() -> None:
    wording = worded(said(1), MARKER, "Sara Lind", as_mail=True)
    assert wording.html == (
        "<p>Hello,</p><p>this is question 1.</p><p>Sara</p><hr>"
        f"<p>Outcome: answered · About: D-1<br>Message-ID: 1@brightpath.example<br>{ref(MARKER)}</p>"
    )
    assert wording.text.startswith("Hello,\n\nthis is question 1.\n\nSara\n\nOutcome: answered")


def test_a_post_says_who_wrote_it_and_where_it_stands() -> None:
    wording = worded(posted(1, body="Any news?\nThanks"), MARKER, "Sara Lind", as_mail=False)
    assert wording.html.startswith("<p><strong>Slack message from Sara Lind</strong></p><p>Any news?<br>Thanks</p>")
    assert '<a href="https://slack.com/archives/C1/p1764233000000100">open in Slack</a>' in wording.html
    answer = worded(posted(1, direction=Direction.OUT), MARKER, "Sara Lind", as_mail=False)
    assert "Slack message to Sara Lind" in answer.html


def test_a_step_that_nobody_wrote_is_told_by_its_summary() -> None:
    step = said(
        1, channel=Channel.CLI, sender="", recipients=(), summary=CHANGED,
        body="By noor@lumora.example: agreed on the phone", outcome="attribution_changed", link="",
    )  # fmt: skip
    text = plain(worded(step, MARKER, "Brightpath", as_mail=False).html)
    assert text.startswith(f"Partnerline: Brightpath {CHANGED} By noor@")
    assert "Outcome: attribution changed" in text
    bare = plain(worded(replace(step, body=""), MARKER, "Brightpath", as_mail=False).html)
    assert bare.count("Attribution of D-1") == 1


def test_words_of_strangers_are_no_markup_and_no_marker() -> None:
    hostile = posted(1, body=HOSTILE, summary=HOSTILE, outcome="answered", link='https://x.example/"><script>')
    wording = worded(hostile, MARKER, HOSTILE, as_mail=False)
    assert Tags(wording.html).seen == {"p", "strong", "hr", "br", "a"}
    assert "javascript:" not in "".join(re.findall(r"<[^>]*>", wording.html))
    assert own_marker(wording.html) == own_marker(wording.text) == MARKER
    assert says(wording.html, hostile)


def test_what_people_made_of_an_entry_is_read_at_once() -> None:
    began = time.monotonic()
    assert not says("<" * 65_000, posted(1, body="hello"))
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("text", ["<" * 200_000, "\n\n" * 100_000 + "x", "🚀" * 100_000, "word " * 60_000])
def test_what_is_longer_than_hubspot_holds_is_cut_and_says_so(text: str) -> None:
    long = posted(1, body=text)
    html = worded(long, MARKER, "Sara Lind", as_mail=False).html
    assert len(html.encode("utf-16-le")) // 2 <= 65_536
    assert own_marker(html) == MARKER
    assert says(html, long)
    if text.strip() != "x":
        assert "the rest stands in Partnerline" in html


@given(st.text(max_size=400), st.text(max_size=60), st.booleans())
def test_any_words_come_out_as_they_went_in(body: str, who: str, as_mail: bool) -> None:
    one = said(1, body=body, summary=who)
    wording = worded(one, MARKER, who, as_mail=as_mail)
    assert own_marker(wording.html) == own_marker(wording.text) == MARKER
    assert Tags(wording.html).seen <= {"p", "strong", "hr", "br", "a"}
    assert says(wording.html, one)
