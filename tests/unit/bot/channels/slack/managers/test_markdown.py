"""What somebody wrote in Slack, as Markdown for a mail."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.slack.managers.markdown import headed, to_markdown


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("*New prices* from _May_ on", "**New prices** from _May_ on"),
        ("~old~ new", "~~old~~ new"),
        ("See <https://lumora.example/a(b)|the [list]>", "See [the list](https://lumora.example/a%28b%29)"),
        ("See <https://lumora.example>", "See https://lumora.example"),
        ("Write to <mailto:a@b.example|a@b.example>", "Write to a@b.example"),
        ("• one\n  ◦ two", "- one\n  - two"),
        ("`a *b* c` and ```\nx *y*\n```", "`a *b* c` and ```\nx *y*\n```"),
        ("Thanks <@U0ALICE|Alice>, see <#C0123|general> <!channel>", "Thanks Alice, see general channel"),
        ("Hello <@U0ALICE> :tada:", "Hello"),
        ("5 &lt; 6 &amp; 7", "5 < 6 & 7"),
        ("2*3*4 and a*b", "2*3*4 and a*b"),
        ("at 10:30:45 o'clock", "at 10:30:45 o'clock"),
    ],
)
def test_what_was_marked_stays_marked(text: str, markdown: str) -> None:
    assert to_markdown(text) == markdown


@pytest.mark.parametrize(
    ("markdown", "subject", "text"),
    [
        ("**Webinar**\nOn Friday.", "Webinar", "On Friday."),
        ("# Webinar\n\nOn Friday.", "Webinar", "On Friday."),
        ("**Webinar** on Friday", "", "**Webinar** on Friday"),
        ("On Friday.", "", "On Friday."),
        ("**Webinar**", "Webinar", ""),
        ("", "", ""),
    ],
)
def test_a_first_line_that_is_a_heading_is_the_subject(markdown: str, subject: str, text: str) -> None:
    assert headed(markdown) == (subject, text)


@given(st.text(alphabet=st.characters(codec="utf-8") | st.sampled_from("*_~`<>|@#!:&\n[]()"), max_size=300))
def test_whatever_it_is_given_it_calls_nobody(text: str) -> None:
    assert "<!" not in to_markdown(text.replace("&", ""))
    subject, rest = headed(to_markdown(text))
    assert "\n" not in subject
    assert len(rest) <= len(to_markdown(text))
