"""What is asked of whoever reads an announcement: a line that says how to answer, and links that write the answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from urllib.parse import quote
from zoneinfo import ZoneInfo

from bot.texts.catalogue import Catalogue
from bot.texts.wording import Wording, reader_locale
from bot.vocabulary.announcing import CallKind
from crm.records import Channel

_ANSWERS = ("yes", "no", "maybe")
_MARKS = re.compile(r"([!-/:-@\[-`{-~])")  # whatever Markdown may take for a mark, and may be escaped
Labels = tuple[tuple[str, str], ...]
"""What stands on each link, and the words that it writes."""


def with_call(text: str, call: object, subject: str, answer_to: str, texts: Catalogue, language: str) -> str:
    """The Markdown with the call below it; `call` is that of the parcel, None for none. `answer_to` "" leaves the links
    out: there is nowhere to answer. In plain text the line alone is shown (see `body.plain_of`).
    """
    kind, days, question = _read(call)
    if kind is CallKind.NONE:
        return text
    asked = [] if question in text else [_MARKS.sub(r"\\\1", question)]
    how, labels = _said(kind, days, texts.language(language), _Texts(texts))
    links = [f"[{label}]({_mail(answer_to, subject, words)})" for label, words in labels] if answer_to else []
    return "\n\n".join([text.rstrip(), *asked, how, *([" · ".join(links)] if links else [])])


def _read(call: object) -> tuple[CallKind, tuple[date, ...], str]:
    """What is no call asks for nothing."""
    if not isinstance(call, Mapping) or call.get("kind") not in set(CallKind):
        return CallKind.NONE, (), ""
    days = tuple(date.fromisoformat(str(day)) for day in call.get("dates") or ())
    return CallKind(call["kind"]), days, " ".join(str(call.get("question") or "").split())


class _Texts:
    """A catalogue as part of a key: one is as good as the same one, and no other."""

    def __init__(self, texts: Catalogue) -> None:
        self.texts = texts

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Texts) and other.texts == self.texts

    def __hash__(self) -> int:
        return hash(_Texts)


@lru_cache(maxsize=64)
def _said(kind: CallKind, days: tuple[date, ...], language: str, own: _Texts) -> tuple[str, Labels]:
    wording = Wording(own.texts, language, reader_locale(language, ""), ZoneInfo("UTC"), Channel.EMAIL)
    if kind is CallKind.QUESTION:
        return wording.text("announcement.how_to_answer_words", {}), ()
    answers = tuple(
        (wording.text(f"announcement.press_{a}", {}), wording.text(f"announcement.say_{a}", {})) for a in _ANSWERS
    )
    if kind is CallKind.ANSWER:
        return wording.text("announcement.how_to_answer", {}), answers
    chosen = tuple(
        (wording.text("announcement.press_day", {"day": day}), wording.text("announcement.say_day", {"day": day}))
        for day in days
    )
    return wording.text("announcement.how_to_answer_day", {"days": days}), (*chosen, answers[1])


def _mail(to: str, subject: str, words: str) -> str:
    """An address of RFC 6068; everything that could end it is escaped."""
    return f"mailto:{quote(to, safe='@+')}?subject={quote(f'Re: {subject}', safe='')}&body={quote(words, safe='')}"
