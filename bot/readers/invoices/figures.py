"""Sums of money and days as invoices write them in five languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.numbers import list_currencies

from bot.readers.builtin.months import ANY_MONTH, MONTH_OF
from bot.readers.builtin.numbers import parse_digits

_SIGNS = {"€": "EUR", "£": "GBP", "$": "USD", "US$": "USD", "¥": "JPY", "EURO": "EUR", "EUROS": "EUR", "FR.": "CHF"}
_KNOWN = frozenset(list_currencies())
_SIGN = r"(?<![A-Za-z])US\$|[€£¥]|(?<![A-Za-z])\$|(?<![A-Za-z])(?:[A-Z]{3}|[Ee]uros?|Fr\.)(?![A-Za-z])"
_DIGITS = r"\d{1,3}(?:[.,'’ \u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_SUM = re.compile(
    rf"(?P<before>{_SIGN})?\s?(?P<minus>[-−–]\s?)?(?P<inner>{_SIGN})?\s?(?:(?<![\w.,/'’-])|(?<=[A-Z]{{3}})|(?<=[€£$¥])|(?<=[\s€£$¥][-−–])|(?<=^[-−–])|(?<=[-−–]\s))(?P<digits>{_DIGITS})"
    rf"(?![\w%/]|[.,]\d|\s?%)(?P<after_minus>-(?!\d))?\s?(?P<behind>{_SIGN})?"
)
_PERCENT = re.compile(r"(?<![\w.,])(\d{1,2}(?:[.,]\d{1,2})?)\s?%")
_NUMERIC = re.compile(r"(?<![\w/.-])(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(20\d\d|\d\d)(?![\w/-])")
_ISO = re.compile(r"(?<!\w)(20\d\d)([-/.])(\d\d)\2(\d\d)(?!\w)")
_DAY_MONTH = re.compile(
    rf"(?<!\w)(\d{{1,2}})(?:\.|st|nd|rd|th|er)?\s(?:de\s)?({ANY_MONTH})\.?,?\s(?:de\s)?(20\d\d)", re.I
)
_MONTH_DAY = re.compile(rf"(?<!\w)({ANY_MONTH})\.?\s(\d{{1,2}})(?:st|nd|rd|th)?,?\s(20\d\d)", re.I)
_LARGEST = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum at start..end of a text; `currency` "" where none stands beside it, `cents` whether it has decimals."""

    start: int
    end: int
    amount: Decimal
    currency: str
    cents: bool

    @property
    def plain(self) -> bool:
        """Whether nothing but its place tells that it is money at all."""
        return not (self.cents or self.currency)


def sums(text: str) -> Iterator[Sum]:
    """What is followed by a percent sign, or is part of a longer code or date, is no sum."""
    for match in _SUM.finditer(_without_days(text)):
        value = parse_digits(match["digits"])
        if value is None or value >= _LARGEST:
            continue
        currency = next((c for name in ("before", "inner", "behind") if (c := _currency(match[name] or ""))), "")
        minus = bool(match["minus"] or match["after_minus"])
        cents = bool(re.search(r"[.,]\d{1,2}$", match["digits"]))
        yield Sum(match.start(), match.end(), -value if minus else value, currency, cents)


def percents(text: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(found.replace(",", ".")) for found in _PERCENT.findall(text))


def currencies(text: str) -> frozenset[str]:
    """All that a text names."""
    return frozenset(c for found in re.findall(_SIGN, text) if (c := _currency(found)))


def day(text: str) -> date | None:
    """The first day that a text names; None where day and month cannot be told apart."""
    for pattern, place in ((_ISO, (1, 3, 4)), (_DAY_MONTH, (3, 2, 1)), (_MONTH_DAY, (3, 1, 2))):
        if found := pattern.search(text):
            year, month, number = (found[n] for n in place)
            return _date(int(year), _month(month), int(number))
    if found := _NUMERIC.search(text):
        return _numeric(found)
    return None


def plain(text: str) -> str:
    """In lower case, without accents and with plain spaces."""
    bare = unicodedata.normalize("NFKD", text.replace("ß", "ss")).casefold()
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).replace("’", "'").split())


def _without_days(text: str) -> str:
    for pattern in (_ISO, _NUMERIC, _DAY_MONTH, _MONTH_DAY):
        text = pattern.sub(lambda found: "x" * len(found.group()), text)
    return text


def _numeric(found: re.Match[str]) -> date | None:
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    year += 2000 if year < 100 else 0
    if found[2] == "/" and first <= 12 and second > 12:
        first, second = second, first
    return _date(year, second, first)


def _month(said: str) -> int:
    return int(said) if said.isdigit() else MONTH_OF.get(said.casefold(), 0)


def _date(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _currency(sign: str) -> str:
    known = _SIGNS.get(sign.upper(), sign)
    return known if known in _KNOWN else ""
