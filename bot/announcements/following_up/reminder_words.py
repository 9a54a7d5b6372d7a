"""What a reminder says, in the reader's language: a line above the announcement's own text, or below its post."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.texts.own import worded
from bot.texts.wording import Wording, reader_locale
from bot.vocabulary.announcing import Call, CallKind
from crm.records import Channel
from knowledge.program import Program

_RULE = "---"


def reminder(program: Program, call: Call, language: str, country: str, channel: Channel) -> str:
    """Plain text; the days of a call by date as the reader's country writes them."""
    return _line(_wording(program, language, country, channel), call)


def above(program: Program, call: Call, language: str, country: str, markdown: str) -> str:
    """The reminder as Markdown, with the text of the first copy below it as it was."""
    wording = _wording(program, language, country, Channel.EMAIL)
    said = [_line(wording, call), _RULE, wording.text("reminder.before", {}), markdown]
    return "\n\n".join(part for part in said if part)


def _line(wording: Wording, call: Call) -> str:
    if call.kind is CallKind.DATE and call.dates:
        return wording.text("reminder.date", {"dates": call.dates})
    return wording.text("reminder.question" if call.kind is CallKind.QUESTION else "reminder.answer", {})


def _wording(program: Program, language: str, country: str, channel: Channel) -> Wording:
    texts = worded(program.texts)
    known = texts.language(language)
    return Wording(texts, known, reader_locale(known, country), ZoneInfo("UTC"), channel)
