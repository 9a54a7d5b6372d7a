"""Typed values in words: money, dates, states and lists as a reader of one language and region writes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from string import Formatter
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_time, get_timezone_location, get_timezone_name
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal

from bot.texts.catalogue import FALLBACK, Catalogue
from bot.texts.foreign import one_line, passage
from bot.texts.table import for_slack, in_columns
from bot.vocabulary.decisions import Value
from bot.vocabulary.layout import Column, Table
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
_ROWS = {
    "line.deal": ("column.deal", "line.named_in_table"),
    "line.sum": ("column.standing", "line.named_sum"),
    "line.statement": ("column.statement", "line.named_statement"),
}
"""What the lines of a table are, by their text: the head of the first column, and what stands in it."""
_COLUMNS = (
    "deal.status", "deal.stage", "deal.state", "deal.amount", "deal.close_date", "deal.protected_until",
    "deal.next_step", "sum.total", "sum.stands", "sum.day",
)  # fmt: skip
_FIGURES = frozenset({"amount", "total"})
_BELOW = frozenset({"next_step"})


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
    `{x:weekday}` writes a day with its weekday, `{x:moment}` a time to the minute, `{x:percent}` percentage points and
    `{x:share}` a share of 1 as a percentage, `{x:passage}` keeps lines,
    `{x:brief}` writes days, money and states as short as they go, `{x:table}` sets lines of deals, sums or statements
    as a table.
    """

    catalogue: Catalogue
    language: str
    locale: Locale
    zone: ZoneInfo
    channel: Channel

    @classmethod
    def plain(cls, texts: Catalogue, language: str, channel: Channel) -> Wording:
        """For texts without days and sums."""
        known = texts.language(language)
        return cls(texts, known, reader_locale(known, ""), ZoneInfo("UTC"), channel)

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
            "weekday": lambda: self._weekday(value),
            "moment": lambda: self._moment(value),
            "passage": lambda: passage(str(self.chosen(value)), self.channel),
            "brief": lambda: self._brief(value),
            "table": lambda: self._in_text(self.table(value)),
        }
        return special[how]() if how else self._plain(value)

    def each(self, value: Value) -> tuple[Value, ...]:
        """The items of a list, or the one value as a list of one."""
        chosen = self.chosen(value)
        return chosen if isinstance(chosen, tuple) else (chosen,)

    def table(self, value: Value) -> Table:
        """Lines of one kind (`_ROWS`): a row for each, a column for each of the `parts` that one of them has."""
        lines = [line for line in self.each(value) if isinstance(line, Mapping)]
        told = [{str(part["text"]): part["value"] for part in self._parts(line)} for line in lines]
        keys = [key for key in _COLUMNS if any(key in parts for parts in told)]
        head, name = _ROWS[str(lines[0]["text"]) if lines else "line.deal"]
        columns = [Column(self.text(head, {})), *map(self._column, keys)]
        rows = [
            (self.text(name, line), *(self._brief(parts[key]) if key in parts else "" for key in keys))
            for line, parts in zip(lines, told, strict=True)
        ]
        return Table(tuple(columns), tuple(rows))

    def _parts(self, line: Mapping[str, Value]) -> list[Mapping[str, Value]]:
        return [part for part in self.each(line["parts"]) if isinstance(part, Mapping)]

    def _column(self, key: str) -> Column:
        name = key.rpartition(".")[2]
        return Column(self.text(f"column.{name}", {}), figures=name in _FIGURES, below=name in _BELOW)

    def _in_text(self, table: Table) -> str:
        return (for_slack if self.channel is Channel.SLACK else in_columns)(table, self._pair)

    def _pair(self, label: str, cell: str) -> str:
        return self.catalogue.template(self.language, "line.field").replace("{label}", label).replace("{value}", cell)

    def _brief(self, value: Value) -> str:
        """A state without its explanation, a day in its short form and on one line, whole sums without cents."""
        value = self.chosen(value)
        if isinstance(value, RegistrationState):
            return self.catalogue.template(self.language, f"state_in_short.{value.value}")
        if isinstance(value, date) and not isinstance(value, datetime):
            return str(format_date(value, "medium", locale=self.locale)).replace(" ", "\u00a0")
        if isinstance(value, Money) and value.amount == value.amount.to_integral_value():
            return self._whole(value)
        return self._plain(value)

    def _whole(self, value: Money) -> str:
        pattern = re.sub(r"\.0+", "", self.locale.currency_formats["standard"].pattern)
        return str(format_currency(value.amount, value.currency, pattern, self.locale, currency_digits=False))

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
        return self._with_ordinal(str(format_date(value, "long", locale=self.locale)))

    def _with_ordinal(self, day: str) -> str:
        """French writes the first of a month as an ordinal, which the locale data leave out."""
        return re.sub(r"(?<!\d)1(?= )", "1er", day, count=1) if self.language == "fr" else day

    def _weekday(self, value: Value) -> str:
        if not isinstance(value, date):
            raise TypeError(f"a weekday is of a date, not of {type(value).__name__}")
        return self._with_ordinal(str(format_date(value, "full", locale=self.locale)))

    def _moment(self, value: Value) -> str:
        """The reader's day and time, with the zone that it is told in."""
        if not isinstance(value, datetime):
            raise TypeError(f"a moment is a datetime, not {type(value).__name__}")
        there = value.astimezone(self.zone)
        return f"{self._day(there.date())}, {format_time(there, 'short', locale=self.locale)} {self._zone(there)}"

    def _zone(self, there: datetime) -> str:
        """The short name of the zone where the language has one, else the city that it is named after.

        Ireland's winter time is the one that the locale data take for a summer's.
        """
        name = str(get_timezone_name(there, "short", locale=self.locale))
        if name[0].isalpha() and (there.dst() or timedelta()) >= timedelta():
            return name
        return f"({get_timezone_location(self.zone, locale=self.locale, return_city=True)})"

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
