"""Typed values in words: money, dates, states and lists as a reader of one language and region writes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from string import Formatter
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal

from bot.texts.catalogue import FALLBACK, Catalogue
from bot.texts.foreign import one_line, passage
from bot.vocabulary.decisions import Value
from crm.money import Money
from crm.records import AmountBasis, Channel, LeadState, RegistrationState, Stage

_FINEST = Decimal("0.000001")
_MOST_EXACT = Decimal(10) ** 15  # more digits than a decimal context holds beside six places
_HOME = {"en": "GB", "de": "DE", "fr": "FR", "nl": "NL", "es": "ES"}
_ENUM_SECTION: Mapping[type[Enum], str] = {
    Stage: "stage",
    RegistrationState: "state",
    AmountBasis: "basis",
    LeadState: "lead_state",
}


def reader_locale(language: str, country: str) -> Locale:
    """The locale of a language as it is written in `country` (ISO 3166), or in the language's home country."""
    for region in (country.upper(), _HOME[language]):
        if len(region) == 2:
            try:
                return Locale(language, region)
            except (UnknownLocaleError, ValueError):
                continue
    return Locale(language)


@dataclass(frozen=True, slots=True)
class Wording:
    """Fills templates. `{x:list}` joins with "and", `{x:commas}` with commas, `{x:bullets}` one a line,
    `{x:percent}` writes percentage points and `{x:share}` a share of 1 as a percentage, `{x:passage}` keeps lines.
    """

    catalogue: Catalogue
    language: str
    locale: Locale
    zone: ZoneInfo
    channel: Channel

    def text(self, key: str, values: Mapping[str, Value]) -> str:
        """The text of `key` with its values; KeyError when a value is missing."""
        parts = Formatter().parse(self.catalogue.template(self.language, key))
        return "".join(said + (self.value(values[name], how or "") if name else "") for said, name, how, _ in parts)

    def value(self, value: Value, how: str) -> str:
        """A value as a placeholder of that kind writes it; `how` "" is the plain one."""
        special: dict[str, Callable[[], str]] = {
            "list": lambda: format_list(self._each(value), locale=self.locale),
            "commas": lambda: ", ".join(self._each(value)),
            "bullets": lambda: "\n".join(f"{self._bullet} {item}" for item in self._each(value)),
            "lines": lambda: "\n".join(self._each(value)),
            "percent": lambda: self._percent(value),
            "share": lambda: self._percent(value * 100 if isinstance(value, Decimal) else value),
            "passage": lambda: passage(str(self.chosen(value)), self.channel),
        }
        return special[how]() if how else self._plain(value)

    def each(self, value: Value) -> tuple[Value, ...]:
        """The items of a list, or the one value as a list of one."""
        chosen = self.chosen(value)
        return chosen if isinstance(chosen, tuple) else (chosen,)

    def _each(self, value: Value) -> list[str]:
        return [self._plain(item) for item in self.each(value)]

    def _plain(self, value: Value) -> str:
        value = self.chosen(value)
        if isinstance(value, Mapping):
            return self.text(str(value["text"]), value)
        if isinstance(value, tuple):
            return format_list(self._each(value), locale=self.locale)
        if isinstance(value, Enum):
            return self.catalogue.template(self.language, f"{_ENUM_SECTION[type(value)]}.{value.value}")
        return one_line(value, self.channel) if isinstance(value, str) else self._figure(value)

    def _figure(self, value: int | Decimal | Money | date | datetime) -> str:
        if isinstance(value, Money):
            return self._money(value)
        if isinstance(value, datetime):
            return str(format_datetime(value, "long", tzinfo=self.zone, locale=self.locale))
        if isinstance(value, date):
            return self._day(value)
        return str(format_decimal(value, locale=self.locale, decimal_quantization=False))

    def _day(self, value: date) -> str:
        """French writes the first of a month as an ordinal, which the locale data leave out."""
        day = str(format_date(value, "long", locale=self.locale))
        return re.sub(r"^1(?= )", "1er", day) if self.language == "fr" else day

    def _money(self, value: Money) -> str:
        """To the cent as a rule; an amount that is not yet rounded shows what the rounding was about."""
        amount = value.amount
        if abs(amount) < _MOST_EXACT and amount != value.rounded().amount:
            amount = amount.quantize(_FINEST).normalize()
        return str(format_currency(amount, value.currency, locale=self.locale, decimal_quantization=False))

    def _percent(self, value: Value) -> str:
        """Percentage points, exactly: Decimal("17.5") is 17.5 % of something, not 1,750 %."""
        if not isinstance(value, Decimal | int):
            raise TypeError(f"a percentage is a Decimal, not {type(value).__name__}")
        number = format_decimal(Decimal(value).normalize(), locale=self.locale, decimal_quantization=False)
        return re.sub(r"[#0,]+", lambda _: number, self.locale.percent_formats[None].pattern, count=1)

    def chosen(self, value: Value) -> Value:
        """A mapping without `text` holds one value a language; the reader's is taken, else the English one."""
        if isinstance(value, Mapping) and "text" not in value:
            return value[self.language] if self.language in value else value[FALLBACK]
        return value

    @property
    def _bullet(self) -> str:
        return "•" if self.channel is Channel.SLACK else "-"
