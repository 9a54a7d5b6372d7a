"""How the console writes values: moments, money, names of things; used as filters by its templates."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import quote
from zlib import crc32

from babel.numbers import get_currency_precision
from markupsafe import Markup

from crm.money import Money

TONES = 6
LONGEST = 20_000
_CALLED = {"void": "cancelled"}  # the same word as in commands and exports
_ABBREVIATIONS = frozenset(("crm", "smtp"))
_LANGUAGES = {"en": "English", "de": "German", "fr": "French", "nl": "Dutch", "es": "Spanish"}


def segment(value: object) -> str:
    """One path segment of a URL, or one value of its query."""
    return quote(str(value), safe="")


def day(value: date | None) -> str:
    return f"{value.day} {value:%b %Y}" if value else "–"


def money(value: Money | None) -> str:
    return amount(value.amount, value.currency) if value else "–"


def cents(value: Money) -> str:
    """EUR 17,280.00: to the smallest unit of the currency, as it is paid."""
    places = max(get_currency_precision(value.currency), -int(value.amount.normalize().as_tuple().exponent))
    return f"{value.currency} {value.amount:,.{places}f}"


def amount(value: Decimal | None, currency: str) -> str:
    """EUR 17,280 or EUR 17,280.50, unrounded; `currency` may be anything a partner wrote, or empty."""
    if value is None:
        return "–"
    if not value.is_finite() or value.adjusted() > 18:
        return f"{currency} {value}".strip()
    whole = value == value.to_integral_value()
    decimals = 0 if whole else max(2, -int(value.normalize().as_tuple().exponent))
    return f"{currency} {value:,.{decimals}f}".strip()


def label(value: object) -> str:
    """`register_deal` -> "Register deal"."""
    words = str(value).replace("_", " ").strip()
    if words.lower() in _ABBREVIATIONS:
        return words.upper()
    words = _CALLED.get(words, words)
    return words[:1].upper() + words[1:]


def language(code: str) -> str:
    return _LANGUAGES.get(code.lower(), code)


def initials(name: str) -> str:
    parts = [part for part in name.replace("@", " ").split() if part[0].isalnum()]
    letters = [part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts)]
    return "".join(letters).upper() or "?"


def tone(name: str) -> str:
    """A colour for a name, the same each time; the style sheet has one class for each."""
    return f"tone-{crc32(name.encode('utf-8', 'replace')) % TONES}"


def clip(text: str, longest: int = LONGEST) -> str:
    """Hostile mails can be huge; what is beyond is said, not dropped silently."""
    return text if len(text) <= longest else f"{text[:longest]}\n\n[… {len(text) - longest:,} more characters]"


def breakable(address: str) -> Markup:
    """A domain or a mail address that breaks after a dot or dash rather than before its last letter."""
    return Markup("<wbr>").join(re.split(r"(?<=[.@_-])", address))


def moment(clock: Callable[[], datetime]) -> Callable[[datetime | None], str]:
    """The filter that writes a moment in the machine's own zone: today as a time, else with its day."""

    def write(value: datetime | None) -> str:
        if value is None:
            return "–"
        here, today = value.astimezone(), clock().astimezone().date()
        if here.date() == today:
            return f"{here:%H:%M}"
        return f"{here.day} {here:%b}, {here:%H:%M}" if here.year == today.year else f"{here.day} {here:%b %Y, %H:%M}"

    return write
