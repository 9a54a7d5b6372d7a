"""The month, quarter or year that a question about money is about; always one that has begun."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.readers.builtin.mentions import Kind, Mention
from bot.readers.builtin.months import ANY_MONTH, MONTH_OF

_MONTH = re.compile(rf"(?<![\w.,/@])(?P<month>{ANY_MONTH})(?:s|'s|’s)?(?![^\W\d_])(?:\s+(?P<year>20\d\d))?", re.I)
_ORDINALS = (
    r"first|1st|erste[sn]?|1\.|premier|1er|eerste|1e|primer",
    r"second|2nd|zweite[sn]?|2\.|deuxième|2e|2ème|tweede|segundo",
    r"third|3rd|dritte[sn]?|3\.|troisième|3e|3ème|derde|tercer",
    r"fourth|4th|last|vierte[sn]?|4\.|quatrième|4e|4ème|vierde|cuarto",
)
_QUARTER = re.compile(r"(?<![\w/@])[qt](?P<q>[1-4])(?!\w)(?:[-/ ]?(?P<year>20\d\d))?", re.I)
_QUARTER_WORDS = tuple(
    (n, re.compile(rf"(?<!\w)(?:{forms})\s+(?:quarter|quartals?|trimestre|kwartaal)", re.I))
    for n, forms in enumerate(_ORDINALS, 1)
)
_LAST_QUARTER = re.compile(
    r"(?:last|previous|letzte[sn]?|vorige[sn]?|vergangene[sn]?|dernier|afgelopen|vorig|pasado) (?:quarter|"
    r"quartals?|kwartaal|trimestre)"
    r"|trimestre (?:dernier|pasado|précédent|anterior)",
    re.I,
)
_LAST_MONTH = re.compile(
    r"last month|letzte[nrs]? monats?|vorige[nrs]? monats?|vormonat\w*|mois dernier|mois passé|vorige maand|"
    r"afgelopen maand|"
    r"mes pasado|mes anterior|previous month",
    re.I,
)
_YEAR = re.compile(r"(?<![\w/@.,-])(?P<year>20[2-4]\d)(?![\w/@-]|[.,]\d)")


def _past(month: int, received: date) -> int:
    """The year of the last such month that has begun."""
    return received.year if month <= received.month else received.year - 1


def _quarter(number: int, year: str | None, received: date) -> str:
    return f"{year or _past(number * 3 - 2, received)}-Q{number}"


def find_periods(text: str, received: date) -> Iterator[Mention]:
    """Quarters, months and years, in that order of trust."""
    for match in _QUARTER.finditer(text):
        yield Mention(Kind.PERIOD, *match.span(), _quarter(int(match["q"]), match["year"], received))
    for match in _LAST_QUARTER.finditer(text):
        number = (received.month - 1) // 3 or 4
        yield Mention(Kind.PERIOD, *match.span(), _quarter(number, None, received))
    for number, pattern in _QUARTER_WORDS:
        for match in pattern.finditer(text):
            yield Mention(Kind.PERIOD, *match.span(), _quarter(number, None, received))
    for match in _LAST_MONTH.finditer(text):
        year, month = (received.year, received.month - 1) if received.month > 1 else (received.year - 1, 12)
        yield Mention(Kind.PERIOD, *match.span(), f"{year}-{month:02}")
    for match in _MONTH.finditer(text):
        month = MONTH_OF[match["month"].casefold()]
        yield Mention(Kind.PERIOD, *match.span(), f"{match['year'] or _past(month, received)}-{month:02}")
    for match in _YEAR.finditer(text):
        yield Mention(Kind.PERIOD, *match.span(), match["year"], sure=False)
