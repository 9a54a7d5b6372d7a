"""What a manager writes of a payment and of a correction: a reference with its day, a sum with its currency. Strict:
what can be read in two ways is read in none, and the answer says how to write it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from crm.money import Money

_LONGEST = 140  # characters of a reference
_MOST_WORDS = 6
_SIGNS = {"€": "EUR", "£": "GBP"}
_LED_BY = re.compile(
    r"(?:(?:under|with|unter|mit|sous|avec|onder|met|bajo|con)\s+)?"
    r"(?:(?:(?:the|der|die|la|de)\s+)?(?:reference|ref\.?|referenz|référence|réf\.?|referentie|referencia)(?![^\W_])\s*[:.]?\s*)?",
    re.IGNORECASE,
)
_TODAY = re.compile(r"[\s,]+(?:today|heute|aujourd'hui|vandaag|hoy)[\s.]*\Z", re.IGNORECASE)
_DAY = re.compile(
    r"[\s,]*(?:(?<!\w)(?P<word>on|am|vom|le|du|op|el)\s+)"
    r"(?:(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})|(?P<d2>\d{1,2})(?P<sep>[./-])(?P<m2>\d{1,2})(?P=sep)(?P<y2>\d{4}))"
    r"[\s.]*\Z",
    re.IGNORECASE,
)
_SOME_DAY = re.compile(
    r"(?<!\w)(?:yesterday|gestern|hier|gisteren|ayer|tomorrow|morgen|demain|mañana|"
    r"(?:on|am|le|op|el)\s+\S+)(?:\s+\S+){0,2}[\s.]*\Z",
    re.IGNORECASE,
)
_HOW_PAID = 'write it as in "paid SEPA 4711" or "paid SEPA 4711 on 2026-11-30"'

_CURRENCY = r"[€£]|[A-Za-z]{3}(?![^\W_])"
_FIGURE = r"[-−]?\d[\d.,'’ \u00a0\u202f]*(?<=\d)"
_SUM = re.compile(
    rf"(?:(?:it|this|the line)\s+)?(?:(?:to|auf|zu|à|a|naar|op|at)\s+)?"
    rf"(?:(?P<before>{_CURRENCY})\s*(?P<first>{_FIGURE})|(?P<second>{_FIGURE})\s*(?P<after>{_CURRENCY}))"
    rf"(?![\w.,]*\d)\s*(?P<behind>.*)\Z",
    re.IGNORECASE | re.DOTALL,
)
_WHOLE = re.compile(r"\d{1,13}(?:[.,]\d{1,2})?")
_GROUPED = re.compile(r"\d{1,3}(?P<group>[., '])\d{3}(?:(?P=group)\d{3}){0,3}(?:(?!(?P=group))[.,]\d{1,2})?")
_TWO_WAYS = re.compile(r"\d{1,3}[.,]\d{3}")
_REASON = re.compile(
    r"(?:(?:[:,;–—]|[.-](?=\s))\s*(?:(?:because|since|weil|da|car|parce que|omdat|want|porque)\s+)?"
    r"|(?:because|since|weil|car|parce que|omdat|want|porque)\s+)(?P<reason>.*)",
    re.IGNORECASE | re.DOTALL,
)
_HOW_WORTH = 'write it as in "correct EUR 1234.50: reason"'


@dataclass(frozen=True, slots=True)
class Paid:
    """`on` None where no day was named."""

    reference: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Worth:
    """What a line comes to, and why."""

    amount: Money
    reason: str


def paid(said: str) -> Paid | str:
    """`SEPA 4711 on 2026-11-30`; else what is wrong, in a sentence."""
    rest, on = said.strip(), None
    if found := _DAY.search(rest):
        on = _day(found)
        if on is None:
            return f"the day is not plain; {_HOW_PAID}"
        rest = rest[: found.start()]
    elif today := _TODAY.search(rest):
        rest = rest[: today.start()]
    elif _SOME_DAY.search(rest):
        return f"the day is not plain; {_HOW_PAID}"
    reference = rest[_end(_LED_BY, rest) :].strip(" .,;:")
    if not any(character.isdigit() for character in reference) or reference.endswith("?"):
        return f"a payment needs its reference, and a reference has figures; {_HOW_PAID}"
    if len(reference) > _LONGEST or len(reference.split()) > _MOST_WORDS:
        return f"that is more than a reference; {_HOW_PAID}"
    return Paid(reference, on)


def worth(said: str) -> Worth | str:
    """`EUR 1234.50: reason`; else what is wrong, in a sentence."""
    found = _SUM.match(said.strip())
    if found is None:
        return f"the right sum with its currency is missing; {_HOW_WORTH}"
    figure = re.sub(r"[ \u00a0\u202f]", " ", found["first"] or found["second"]).replace("’", "'").strip()
    sign, digits = (-1, figure[1:]) if figure[0] in "-−" else (1, figure)
    value = _value(digits)
    if value is None:
        return f'"{figure}" can be read in more than one way; {_HOW_WORTH}'
    named = found["before"] or found["after"]
    currency = _SIGNS.get(named, named.upper())
    if not currency.isascii():
        return f"the right sum with its currency is missing; {_HOW_WORTH}"
    reason = _REASON.fullmatch(found["behind"])
    if reason is None or not (words := reason["reason"].strip()):
        return f"the reason is missing, which the partner reads; {_HOW_WORTH}"
    return Worth(Money(value * sign, currency), words)


def _value(digits: str) -> Decimal | None:
    """None where a point or comma may part thousands as well as decimals, and where neither is used as it should be."""
    if _TWO_WAYS.fullmatch(digits):
        return None
    if _WHOLE.fullmatch(digits):
        return Decimal(digits.replace(",", "."))
    grouped = _GROUPED.fullmatch(digits)
    if grouped is None:
        return None
    return Decimal(digits.replace(grouped["group"], "").replace(",", "."))


def _day(found: re.Match[str]) -> date | None:
    """Behind "on" a day with strokes is none: half of its readers begin with the month."""
    if found["sep"] in ("/", "-") and found["word"].casefold() in ("on", "am", "vom") and int(found["d2"]) <= 12:
        return None
    year, month, day = (found[part] or found[f"{part}2"] for part in ("y", "m", "d"))
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _end(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.match(text)
    return found.end() if found else 0
