"""What stands behind the keys of head lines, read one by one: a value, or why it is none."""

from __future__ import annotations

import re
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from bot.vocabulary.announcing import Call, CallKind

MOST_DATES = 20
_LONGEST_QUESTION = 500
_LONGEST_WAIT = 90  # days until a reminder
_ANSWER = re.compile(r"(?i:yes ?/ ?no(?: ?/ ?maybe)?)(?:[\s:,–-]+(?P<question>.*))?\Z")
_QUESTION = re.compile(r"(?i:question)(?:[\s:,–-]+(?P<question>.*))?\Z")
_DATE = re.compile(r"(?i:dates?)(?:[\s:,–-]+(?P<question>.*))?\Z")
_DAYS = re.compile(r"(?:(?i:after) )?(?P<count>\d{1,3})(?: ?(?P<unit>(?i:days?|weeks?)))?\Z")
_KINDS = ((_ANSWER, CallKind.ANSWER), (_DATE, CallKind.DATE), (_QUESTION, CallKind.QUESTION))
Choice = TypeVar("Choice", bound=StrEnum)


class WrongValue(ValueError):
    """What is wrong, and what would be right."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(what)
        self.what = what
        self.fix = fix


def call_of(words: str) -> Call:
    """Without its dates, which stand in a line of their own."""
    if words.casefold() in ("", "none"):
        return Call()
    for pattern, kind in _KINDS:
        if found := pattern.match(words):
            question = (found["question"] or "").strip()
            if len(question) > _LONGEST_QUESTION:
                raise WrongValue(f"the question has {len(question)} characters", f"use at most {_LONGEST_QUESTION}")
            return Call(kind, question=question)
    raise WrongValue(f"there is no call {words[:60]!r}", "write yes/no, date or question; what is asked may follow it")


def dates_of(words: str, today: date | None) -> tuple[date, ...]:
    """In the order they are written, each once."""
    said = [word for word in re.split(r"[,;\s]+", words) if word]
    if not said:
        raise WrongValue("no day is named", "write them as 2026-12-03, 2026-12-10")
    days = tuple(dict.fromkeys(map(_day, said)))
    if len(days) > MOST_DATES:
        raise WrongValue(f"{len(days)} days are more than anybody chooses from", f"name at most {MOST_DATES}")
    if over := [day for day in days if today is not None and day < today]:
        raise WrongValue(f"{', '.join(map(str, over))} is over", "name days to come")
    return days


def _day(word: str) -> date:
    try:
        return datetime.strptime(word, "%Y-%m-%d").date()  # noqa: DTZ007 - a day, in nobody's zone
    except ValueError as fault:
        raise WrongValue(f"{word[:40]!r} is no day", "write it as 2026-12-03") from fault


def time_of(words: str) -> datetime | None:
    """What clocks show; None for now."""
    fix = "write day and time as 2026-12-01 09:00"
    if words.casefold() in ("", "now", "at once"):
        return None
    try:
        at = datetime.fromisoformat(words)
    except ValueError as fault:
        raise WrongValue(f"{words[:40]!r} is no time", fix) from fault
    if at.tzinfo is not None:
        raise WrongValue(f"{words[:40]!r} names a zone", "leave it away: “Zone: vendor” or “Zone: partner” says whose")
    if not re.search(r"\d[T ]\d", words):
        raise WrongValue(f"{words[:40]!r} says no time of the day", fix)
    return at.replace(second=0, microsecond=0)


def wait_of(words: str) -> int | None:
    """Days; None for never."""
    if words.casefold() in ("", "never", "no", "none"):
        return None
    found = _DAYS.match(words)
    if found is None:
        raise WrongValue(f"{words[:40]!r} is no number of days", "write it as 5 days, or never")
    days = int(found["count"]) * (7 if (found["unit"] or "").casefold().startswith("week") else 1)
    if not 0 < days <= _LONGEST_WAIT:
        raise WrongValue(f"{words[:40]!r} is not between one day and {_LONGEST_WAIT}", "write it as 5 days, or never")
    return days


def one_of(words: str, choices: type[Choice]) -> Choice:
    for choice in choices:
        if choice.value == words.casefold():
            return choice
    known = [choice.value for choice in choices]
    raise WrongValue(f"there is no {words[:40]!r} here", f"write {', '.join(known[:-1])} or {known[-1]}")


def kept(words: str) -> bool:
    if words.casefold() in ("keep", "kept", "yes"):
        return True
    if words.casefold() in ("ignore", "ignored", "no"):
        return False
    raise WrongValue(f"there is no {words[:40]!r} here", "write keep, or ignore to write to people at any hour")


def language_in(words: str) -> str:
    plain = words.strip("[] ").casefold()
    if not re.fullmatch("[a-z]{2}", plain):
        raise WrongValue(f"{words[:40]!r} is no language", "write its two letters, like en")
    return plain
