"""The month, quarter or year that a question about money is about; always one that has begun."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.readers.builtin.cues import DIGIT, MONTH_WORD, QUARTER, YEAR, Look
from bot.readers.builtin.folding import folded
from bot.readers.builtin.mentions import Kind, Mention
from bot.readers.builtin.months import ANY_MONTH, MONTH, MONTH_OF

_MONTH = re.compile(rf"(?<![\w.,/@])(?P<month>{ANY_MONTH})(?:s|'s|’s)?(?![^\W\d_])(?:\s+(?P<year>20\d\d))?", re.I)
_COMPOUND = re.compile(
    rf"(?<![\w.,/@])(?P<month>{ANY_MONTH})s?-?(?:abrechnung|provision|kommission|zahlung|auszahlung|betr[aä]g|geld|gutschrift|"
    r"statement|aufstellung|abschluss|überweisung|rechnung|bonus|lohn|marge|afrekening|commissie|betaling|uitbetaling|"
    r"bedrag|overzicht|vergoeding|staat|factuur|payout|provisie)\w*",
    re.I,
)
_ORDINALS = (
    r"first|1st|erste[sn]?|1\.|premier|1er|eerste|1e|primer|1º",
    r"second|2nd|zweite[sn]?|2\.|deuxième|2e|2ème|tweede|segundo|2º",
    r"third|3rd|dritte[sn]?|3\.|troisième|3e|3ème|derde|tercer|3º",
    r"fourth|4th|last|vierte[sn]?|4\.|quatrième|4e|4ème|vierde|cuarto|4º",
)
_QUARTER = re.compile(r"(?<![\w/@])[qt](?P<q>[1-4])(?!\w)(?:[-/ ]?(?P<year>20\d\d))?", re.I)
_QUARTER_WORDS = tuple(
    (
        n,
        re.compile(
            rf"(?<!\w)(?:{forms})\s+(?:quarter|quartals?|trimestre|kwartaal)(?:\s(?:of |de |van )?(?P<year>20\d\d))?",
            re.I,
        ),
    )
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
_THIS_QUARTER = re.compile(
    r"(?<![^\W\d_])(?:this|current|dieses|laufende[sn]?|aktuelle[sn]?|ce|dit|lopend|este) "
    r"(?:quarters?|quartals?|kwartaal|trimestre)(?![^\W\d_])|trimestre (?:en cours|actual)",
    re.I,
)
_THIS_YEAR = re.compile(
    r"(?<![^\W\d_])(?:this year|this calendar year|year to date|ytd|dieses jahr|heuer|cette année|dit jaar|este año)"
    r"(?![^\W\d_])",
    re.I,
)
_LAST_YEAR = re.compile(
    r"(?<![^\W\d_])(?:last year|previous year|letzte[sn]? jahr|vergangene[sn]? jahr|vorjahr\w*|l['’]année dernière|"
    r"l['’]an dernier|l['’]an passé|vorig jaar|afgelopen jaar|(?:el )?año pasado)(?![^\W\d_])",
    re.I,
)
_YEARS = (*YEAR, "ytd", "heuer", "vorjahr", "l'an ", "l’an ")
_YEAR = re.compile(r"(?<![\w/@.,-])(?P<year>20[2-4]\d)(?![\w/@-]|[.,]\d)")
# What makes a bare number of four digits a year.
_YEAR_CUE = re.compile(
    r"(?:(?<![^\W\d_])(?:in|en|during|im|over|across|durante|fy|year|jahre?s?|jahres\w+|année|exercice|año|ejercicio|jaar|"
    r"boekjaar|geschäftsjahr|gutschriften|statements?|provisionen|zahlungen|commissions?|commissies|comisiones|todo|"
    r"whole of|all of|totals? for|total|aus|for|für|pour|voor)|d['’]année|l['’]année) $",
    re.I,
)


def _past(month: int, received: date) -> int:
    """The year of the last such month that has begun."""
    return received.year if month <= received.month else received.year - 1


def _quarter(number: int, year: str | None, received: date) -> str:
    return f"{year or _past(number * 3 - 2, received)}-Q{number}"


def _month(match: re.Match[str], received: date, year: str | None = None) -> str:
    month = MONTH_OF[folded(match["month"])]
    return f"{year or _past(month, received)}-{month:02}"


def find_periods(text: str, received: date) -> Iterator[Mention]:
    """Quarters, months and years, in that order of trust."""
    look = Look(text)
    yield from _quarters(text, received, look)
    for match in _LAST_MONTH.finditer(text) if look.holds(MONTH_WORD) else ():
        year, month = (received.year, received.month - 1) if received.month > 1 else (received.year - 1, 12)
        yield Mention(Kind.PERIOD, *match.span(), f"{year}-{month:02}")
    if look.holds(MONTH):
        yield from _months(text, received)
    yield from _years(text, received, look)


def _months(text: str, received: date) -> Iterator[Mention]:
    for match in _COMPOUND.finditer(text):
        yield Mention(Kind.PERIOD, *match.span(), _month(match, received))
    for match in _MONTH.finditer(text):
        yield Mention(Kind.PERIOD, *match.span(), _month(match, received, match["year"]))


def _quarters(text: str, received: date, look: Look) -> Iterator[Mention]:
    for match in _QUARTER.finditer(text) if look.holds(DIGIT) else ():
        yield Mention(Kind.PERIOD, *match.span(), _quarter(int(match["q"]), match["year"], received))
    if not look.holds(QUARTER):
        return
    for match in _LAST_QUARTER.finditer(text):
        number = (received.month - 1) // 3 or 4
        yield Mention(Kind.PERIOD, *match.span(), _quarter(number, None, received))
    for match in _THIS_QUARTER.finditer(text):
        yield Mention(Kind.PERIOD, *match.span(), _quarter((received.month + 2) // 3, None, received), sure=False)
    for number, pattern in _QUARTER_WORDS:
        for match in pattern.finditer(text):
            yield Mention(Kind.PERIOD, *match.span(), _quarter(number, match["year"], received))


def _years(text: str, received: date, look: Look) -> Iterator[Mention]:
    for match in _YEAR.finditer(text) if look.holds(DIGIT) else ():
        cued = bool(_YEAR_CUE.search(text, max(0, match.start() - 24), match.start()))
        yield Mention(Kind.PERIOD, *match.span(), match["year"], sure=cued)
    for pattern, back in ((_THIS_YEAR, 0), (_LAST_YEAR, 1)):
        for match in pattern.finditer(text) if look.holds(_YEARS) else ():
            yield Mention(Kind.PERIOD, *match.span(), str(received.year - back), sure=False)
