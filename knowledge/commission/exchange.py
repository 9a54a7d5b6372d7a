"""Exchange rates of a day, as they were stored: with their source, and never guessed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

_OLDEST = timedelta(days=10)  # a weekend with holidays has no rates of its own; more is a gap


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """`rate` is what one unit of `currency` was worth in the program's currency on `day`, as `source` says."""

    currency: str
    day: date
    rate: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class RateTable:
    """The stored rates of all currencies against the program's own, `base`."""

    base: str
    _days: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    _rates: Mapping[str, tuple[ExchangeRate, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, base: str, rates: Iterable[ExchangeRate]) -> RateTable:
        by_currency: dict[str, dict[date, ExchangeRate]] = {}
        for rate in rates:
            by_currency.setdefault(rate.currency, {})[rate.day] = rate
        ordered = {c: tuple(days[day] for day in sorted(days)) for c, days in by_currency.items()}
        return cls(base, {c: tuple(rate.day for rate in row) for c, row in ordered.items()}, ordered)

    def on(self, currency: str, day: date) -> ExchangeRate | None:
        """The latest rate up to that day, at most ten days old; 1 for the program's own; None where none is stored."""
        if currency == self.base:
            return ExchangeRate(currency, day, Decimal(1), "")
        place = bisect_right(self._days.get(currency, ()), day)
        if not place:
            return None
        found = self._rates[currency][place - 1]
        return found if day - found.day <= _OLDEST else None
