"""Days that a message names: full dates, months, quarters, weeks and spans counted from the day it arrived."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.readers.builtin.calendar_days import Calendar
from bot.readers.builtin.cues import DIGIT, Look
from bot.readers.builtin.date_spans import SPANS, Rule, rule, year_of
from bot.readers.builtin.day_words import ANY_WEEKDAY, WEEKDAY, WEEKDAY_OF, find_day_words
from bot.readers.builtin.feasts import find_feasts
from bot.readers.builtin.folding import folded
from bot.readers.builtin.mentions import Kind, Mention
from bot.readers.builtin.months import ANY_MONTH, MONTH, MONTH_OF

_YEAR = r"(?:,?\s*(?:de |del |of )?(?P<year>20\d\d)|\s+'(?P<short>\d\d))"
_EDGE = r"(?<![\w.,/@-])"

_EARLY = (
    r"early|anfang|beginning of|start of|début|debut|begin|principios de|comienzos de|inicios de|"
    r"primeros de|at the start of|the start of|vroeg in|aanfangs?"
)
_MID = (
    r"mid|mitte|middle of|mi|mid den|half|medio|mediados de|halfweg|midden|the middle of|med(?=\.)|à la mi|around mid"
)
_LATE = (
    r"end|ende|late|end of|fin|fin de|eind|einde|finales de|the end of|fines de|last day of|eind van|"
    r"back end of|ultimo|ult\.|close of|letzter tag im|dernier jour de"
)


def _month(match: re.Match[str]) -> int:
    return MONTH_OF[folded(match["month"])]


def _numeric(match: re.Match[str], cal: Calendar) -> date | None:
    first, second = int(match["a"]), int(match["b"])
    year = int(match["y"]) if match["y"] else None
    slashed = match["sep"] == "/"
    if (second > 12 >= first and match["sep"] != ".") or (slashed and cal.month_first and first <= 12):
        return cal.day(second, first, year)
    return cal.day(first, second, year)


def _quarter(match: re.Match[str], cal: Calendar) -> date | None:
    number = int(match["q"] or match["q2"] or match["q3"])
    return cal.month_end(number * 3, year_of(match)) if 1 <= number <= 4 else None


def _weekday(match: re.Match[str], cal: Calendar) -> date | None:
    return cal.weekday(WEEKDAY_OF[folded(match["weekday"])])


_NO_LETTER = r"(?![^\W\d_])"
_MORROW = ("morrow", "morgen", "demain", "mañana")
FORMS: tuple[Rule, ...] = (
    rule(
        r"(?<![\w./@-])(?P<year>20\d\d)[-./](?P<m>\d\d?)[-./](?P<d>\d\d?)(?!\d)",
        lambda m, cal: cal.day(int(m["d"]), int(m["m"]), int(m["year"])),
        DIGIT,
    ),
    rule(r"(?<![\w,/@-])(?P<a>\d\d?)(?P<sep>[./-])\s?(?P<b>\d\d?)(?P=sep)\s?(?P<y>20\d\d|\d\d)(?!\d)", _numeric, DIGIT),
    rule(
        rf"{_EDGE}(?P<d>\d\d?)(?P<sep>[-/])(?P<month>{ANY_MONTH})(?:(?P=sep)(?P<y>20\d\d|\d\d)(?![\d:]))?(?![\w-])",
        lambda m, cal: cal.day(int(m["d"]), _month(m), int(m["y"]) if m["y"] else None),
        DIGIT,
        MONTH,
    ),
    rule(
        rf"{_EDGE}(?P<d>\d\d?)\s*(?:st|nd|rd|th|er|ste|de|e|º|\.|de|of|the)?\s*(?:of |de |d'|den )?\s*"
        rf"(?P<month>{ANY_MONTH})\.?{_NO_LETTER}{_YEAR}?",
        lambda m, cal: cal.day(int(m["d"]), _month(m), year_of(m)),
        DIGIT,
        MONTH,
    ),
    rule(
        rf"{_EDGE}(?:{_MID})[- ]?(?:of |in |de |den |d'|van )?(?P<month>{ANY_MONTH})\.?{_NO_LETTER}{_YEAR}?",
        lambda m, cal: cal.in_month("mid", _month(m), year_of(m)),
        MONTH,
    ),
    rule(
        rf"{_EDGE}(?:{_EARLY})[- ]?(?:of |in |de |den |d'|van )?(?P<month>{ANY_MONTH})\.?{_NO_LETTER}{_YEAR}?",
        lambda m, cal: cal.in_month("early", _month(m), year_of(m)),
        MONTH,
    ),
    rule(
        rf"{_EDGE}(?:{_LATE})[- ]?(?:of |in |de |den |d'|van )?(?:el |"
        rf"mes de )?(?P<month>{ANY_MONTH})\.?{_NO_LETTER}{_YEAR}?",
        lambda m, cal: cal.month_end(_month(m), year_of(m)),
        MONTH,
    ),
    rule(
        rf"{_EDGE}(?P<month>{ANY_MONTH})\.?(?:[ \u00a0]{{1,2}}|[ ]?\n(?=\d\d?(?:st|nd|rd|th|, ?20\d\d))|(?=\d))"
        rf"(?:the )?(?P<d>\d\d?)(?:st|nd|rd|th)?(?!\)\s*[^\W\d_]|[\d.,:%€$£k]\d|\d|\s?[kK€$£%])"
        rf"{_YEAR}?",
        lambda m, cal: cal.day(int(m["d"]), _month(m), year_of(m)),
        DIGIT,
        MONTH,
    ),
    rule(
        rf"(?<![\w/@])(?:q(?P<q>[1-4])|t(?P<q2>[1-4])|"
        rf"(?P<q3>[1-4])\. ?quartal){_NO_LETTER}(?:[-/ ]{{0,2}}(?P<year>20\d\d))?(?!\d)",
        _quarter,
        DIGIT,
    ),
    *SPANS,
    rule(
        rf"{_EDGE}(?P<month>{ANY_MONTH})\.?{_NO_LETTER}{_YEAR}?",
        lambda m, cal: cal.month_end(_month(m), year_of(m)),
        MONTH,
        sure=False,
    ),
    rule(
        r"(?<![\w.,/@'’-])(?P<a>\d\d?)(?P<sep>[./-])(?P<b>\d\d?)(?P<y>)\.?(?![\w%€$£]|[.,/-]\d|\s?(?:%|€|\$|£|"
        r"eur|k\b|mio|mill))",
        _numeric,
        DIGIT,
        sure=False,
    ),
    rule(
        r"(?<![\w.,/@-])(?:(?:the |op de |op )?(?P<d>\d\d?)(?:st|nd|rd|th)|"
        r"(?:am|den|dem|der|vom|bis|zum|ab|beim|auf den) (?P<d2>\d\d?)\.|(?:de|den) (?P<d3>\d\d?)(?:e|ste|de))"
        r"(?![\w%]|\s?\d| (?:keer|jaar|kwartaal|maand|week|verdieping|editie|klant|deal)(?![^\W\d_]))",
        lambda m, cal: cal.day_of_month(int(m["d"] or m["d2"] or m["d3"])),
        DIGIT,
        sure=False,
    ),
    rule(
        r"(?<![^\W\d_])(?:le|el|on the|op de|al|au|el día|el dia)\s(?P<d>\d\d?)(?![\w%:]|[.,]\d|\s?(?:%|€|\$|£|h\b))",
        lambda m, cal: cal.day_of_month(int(m["d"])),
        DIGIT,
        sure=False,
    ),
    rule(rf"(?<![^\W\d_])(?P<weekday>{ANY_WEEKDAY}){_NO_LETTER}", _weekday, WEEKDAY, sure=False),
    rule(
        r"(?<![^\W\d_])(?:day after tomorrow|übermorgen|overmorgen|après-demain|pasado mañana)(?![^\W\d_])",
        lambda _, cal: cal.after(2, "day"),
        _MORROW,
        sure=False,
    ),
    rule(
        r"(?<![^\W\d_])(?:tomorrow|morgen früh|demain|mañana)(?![^\W\d_])",
        lambda _, cal: cal.after(1, "day"),
        _MORROW,
        sure=False,
    ),
)


_AMERICAN = re.compile(r"\$|\busd\b|\(\d{3}\) ?\d{3}-\d{4}|\b\d{3}-\d{3}-\d{4}\b|\b\d{3}-\d{4}\b", re.I)
_OTHERS = re.compile(r"€|£|\beuros?\b|\beur\b|\bgbp\b|\bchf\b", re.I)
_LATER = re.compile(r"(?<!\d)(?P<a>\d\d?)/(?P<b>\d\d?)(?:/\d\d(?:\d\d)?)?(?![\d/])")


def writes_month_first(text: str, language: str) -> bool:
    """Whether 12/3 is 3 December here: some date in the text says so, or the text is American English."""
    for match in _LATER.finditer(text):
        if int(match["b"]) > 12 >= int(match["a"]):
            return True
        if int(match["a"]) > 12 >= int(match["b"]):
            return False
    return language == "en" and bool(_AMERICAN.search(text)) and not _OTHERS.search(text)


def find_dates(text: str, language: str, received: date) -> Iterator[Mention]:
    """Every day the text names, the surer forms first; overlaps are for the caller to settle."""
    cal, look = Calendar(received, writes_month_first(text, language)), Look(text)
    for start, end, day in find_day_words(text, language, cal, look):
        yield Mention(Kind.DATE, start, end, day.isoformat())
    for form in FORMS:
        for match in form.pattern.finditer(text) if look.holds(*form.needs) else ():
            found = form.reading(match, cal)
            if found is not None:
                yield Mention(Kind.DATE, match.start(), match.end(), found.isoformat(), sure=form.sure)
    for start, end, day in find_feasts(text, received):
        yield Mention(Kind.DATE, start, end, day.isoformat(), sure=False)
