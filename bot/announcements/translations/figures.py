"""What a text says in figures - days, times, numbers, sums - in one form for all languages, for comparing two of them.

Pure. Numbers in words are not looked at.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bot.readers.builtin.amounts import find_numbers
from bot.readers.builtin.dates import writes_month_first
from bot.readers.builtin.folding import folded
from bot.readers.builtin.mentions import without_overlaps
from bot.readers.builtin.months import ANY_MONTH, MONTH_OF

_AM = r"(?P<half>[ap])\.?\s?m\b\.?"
_RANGE = re.compile(rf"(?<![\d.,:])(?P<first>\d{{1,2}})\s?(?:-|–|to|and)\s?(?P<hour>\d{{1,2}})\s?{_AM}", re.IGNORECASE)
_TIMES = (
    re.compile(rf"(?<![\d.,:])(?P<hour>\d{{1,2}})(?:[:.](?P<minute>\d\d))?\s?{_AM}", re.IGNORECASE),
    re.compile(r"(?<![\d.,:])(?P<hour>\d{1,2})\s?(?::|\s?[hH]\s?)(?P<minute>[0-5]\d)(?![\d.,]\d)(?:\s?h\b)?"),
    re.compile(r"(?<![\d.,:])(?P<hour>\d{1,2})\.(?P<minute>[0-5]\d)(?=\s?(?:Uhr|uur|h)\b)"),
    re.compile(r"(?<![\d.,:])(?P<hour>\d{1,2})(?=\s?(?:h|H)\b)"),
)
_NTH = r"(?:\.?[ºª°]|\.|st|nd|rd|th|er|e|de|ste)?"
_OF = r"\s+(?:of\s+|de\s+|d['’])?"
_MONTH = rf"(?P<month>{ANY_MONTH})(?![^\W\d_])\.?"
_YEAR = r"(?:,?\s+(?:de\s+|del\s+)?(?P<year>(?:19|20)\d\d)(?!\d))"
_DAYS = (
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)-(?P<m>\d\d?)-(?P<day>\d\d?)(?!\d)"),
    re.compile(rf"(?<!\d)(?P<day>\d\d?){_NTH}{_OF}{_MONTH}{_YEAR}?", re.IGNORECASE),
    re.compile(rf"(?<![^\W\d_]){_MONTH}\s+(?:the\s+)?(?P<day>\d\d?)(?!\d)(?:st|nd|rd|th)?{_YEAR}?", re.IGNORECASE),
    re.compile(rf"(?<![^\W\d_]){_MONTH}{_YEAR}", re.IGNORECASE),
    re.compile(r"(?<![\d.,/])(?P<a>\d\d?)(?P<mark>[./-])(?P<b>\d\d?)(?P=mark)(?P<year>(?:19|20)\d\d)?(?!\d)"),
)
_WRAPPED = re.compile(r"(?<!\n)\n(?!\n)")
_LEFT = re.compile(r"\d+")
_DIGIT = re.compile(r"\d")
_HALF_DAY = 12
_MONTHS, _DAYS_AT_MOST = 12, 31


def figures(text: str, language: str) -> Counter[str]:
    """Each figure and how often it is said: days as 2026-12-03, or as 12-03 where no year is said."""
    found: Counter[str] = Counter()
    text = _WRAPPED.sub("  ", text)  # a sum may be parted from its currency; two blanks part no thousands
    for look in (_days, _times, _numbers):
        for said, start, end in look(text, language):
            found.update(said)
            text = _without(text, start, end)
    found.update(str(int(digits)) for digits in _LEFT.findall(text))
    return found


_Found = Iterator[tuple[list[str], int, int]]
"""What is said, and where."""


def _days(text: str, language: str) -> _Found:
    month_first = writes_month_first(text, language)
    for form in _DAYS:
        for match in form.finditer(text):
            said = _day(match.groupdict(), month_first)
            if said:
                yield [said], *match.span()
                text = _without(text, *match.span())


def _day(said: dict[str, str | None], month_first: bool) -> str:
    """The parts that are said; "" for what is no day."""
    if said.get("a"):
        one, other = int(said["a"] or 0), int(said["b"] or 0)
        day, month = (other, one) if month_first else (one, other)
    else:
        day = int(said.get("day") or 0)
        month = int(said.get("m") or 0) or MONTH_OF[folded(said["month"] or "")]
    if month > _MONTHS or day > _DAYS_AT_MOST:
        return ""
    return "-".join(filter(None, (said.get("year"), f"{month:02}", f"{day:02}" if day else "")))


def _times(text: str, _: str) -> _Found:
    """Times as 14:30, those at a full hour as the hour alone: "at 9" says no more."""
    for match in _RANGE.finditer(text):
        first, hour = int(match["first"]), _of_day(match["hour"], match["half"])
        began = first + _HALF_DAY if hour >= _HALF_DAY and first + _HALF_DAY <= hour else first
        yield [str(began), str(hour)], *match.span()
        text = _without(text, *match.span())
    for form in _TIMES:
        for match in form.finditer(text):
            groups = match.groupdict()
            hour, minute = _of_day(match["hour"], groups.get("half") or ""), groups.get("minute") or "00"
            yield [str(hour) if minute == "00" else f"{hour}:{minute}"], *match.span()
            text = _without(text, *match.span())


def _of_day(hour: str, half: str) -> int:
    said = int(hour)
    match half.lower():
        case "p":
            return said % _HALF_DAY + _HALF_DAY
        case "a":
            return said % _HALF_DAY
        case _:
            return said


def _numbers(text: str, language: str) -> _Found:
    in_digits = (one for one in find_numbers(text, language) if _DIGIT.search(text, one.start, one.end))
    for one in without_overlaps(in_digits):
        yield [f"{one.value} {one.currency}".strip()], one.start, one.end


def _without(text: str, start: int, end: int) -> str:
    """As long as before: places of what was found stay what they are."""
    return text[:start] + " " * (end - start) + text[end:]
