"""What is asked stands below an announcement: a line for whoever writes, links for whoever clicks."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.channels.email.body import announcement
from bot.channels.email.call import with_call
from bot.channels.email.look import PLAIN
from bot.storage.codec import to_doc
from bot.texts.catalogue import catalogue
from bot.vocabulary.announcing import Call, CallKind

KEY = "reply+0123456789abcdef@lumora.example"
DAYS = Call(CallKind.DATE, (date(2026, 12, 3), date(2026, 12, 10)))


def _asked(call: Call, language: str = "en", answer_to: str = KEY, subject: str = "Partner day") -> str:
    return with_call("We meet.", to_doc(call), subject, answer_to, catalogue(), language)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Yes"), ("de", "Ja"), ("fr", "Oui"), ("nl", "Ja"), ("es", "Sí")],
)
def test_a_link_writes_the_answer_in_the_readers_language_to_his_own_reply_address(language: str, words: str) -> None:
    link = _asked(Call(CallKind.ANSWER), language).split(f"[{words}](")[1].split(")")[0]
    parts = urlsplit(link)
    assert (parts.scheme, parts.path) == ("mailto", KEY)
    assert parse_qs(parts.query) == {"subject": ["Re: Partner day"], "body": [words]}


def test_each_of_the_days_has_a_link_and_none_of_them_is_a_no() -> None:
    said = _asked(DAYS)
    assert said.count("mailto:") == 3
    assert "body=No)" in said


def test_plain_text_says_how_to_answer_and_shows_no_link() -> None:
    body = announcement("Partner day", _asked(Call(CallKind.ANSWER)), PLAIN, "en", leave_url="")
    assert "Reply with yes, no or maybe." in body.plain
    assert "mailto:" not in body.plain
    assert body.html.count('href="mailto:') == 3
    assert "in another language? Just reply" in body.plain


def test_a_subject_cannot_end_the_link_or_add_to_it() -> None:
    said = _asked(Call(CallKind.ANSWER), subject="a)&body=No [x](y)\n\nz")
    assert said.count("](mailto:") == 3
    assert all(part.split(")")[0].count("&") == 1 for part in said.split("](")[1:])


def test_nothing_is_asked_where_nothing_is_to_be_answered_or_nowhere_to() -> None:
    assert _asked(Call()) == "We meet."
    assert "mailto:" not in _asked(Call(CallKind.ANSWER), answer_to="")
    assert with_call("x", {"kind": "?"}, "s", KEY, catalogue(), "en") == "x"


def test_what_is_asked_stands_above_how_to_answer_unless_the_text_asks_it() -> None:
    body = announcement("s", _asked(Call(CallKind.ANSWER, question="Will *you* join?")), PLAIN, "en", leave_url="")
    assert "We meet.\n\nWill *you* join?\n\nReply with yes, no or maybe." in body.plain
    assert "<em>" not in body.html
    assert _asked(Call(CallKind.ANSWER, question="We meet.")).count("We meet.") == 1


def test_the_link_to_leave_stands_behind_a_colon_as_each_language_sets_it() -> None:
    leaving = "https://agent.example/unsubscribe/t"
    assert f"d'annonces : {leaving}" in announcement("s", "x", PLAIN, "fr", leave_url=leaving).plain
    assert f"announcements: {leaving}" in announcement("s", "x", PLAIN, "en", leave_url=leaving).plain
