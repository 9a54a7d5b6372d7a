"""Exchange rates of the demo: made up, the same for the same day, and never older than the last working day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from knowledge.commission.exchange import ExchangeRate
from knowledge.program import Vendor

_DAYS = 600
_FRIDAY = 4
_ABOUT = {"USD": 9200, "GBP": 11700, "CHF": 10600, "EUR": 10800}  # ten-thousandths
_SWING = 150
SOURCE = "made up for the demo"


def demo_rates(vendor: Vendor, today: date) -> Iterator[ExchangeRate]:
    """Every working day up to `today`, for each currency of the program but its own."""
    for currency in vendor.currencies:
        if currency == vendor.currency:
            continue
        for day in (today - timedelta(days=n) for n in range(_DAYS)):
            if day.weekday() <= _FRIDAY:
                yield ExchangeRate(currency, day, _rate(currency, day), SOURCE)


def _rate(currency: str, day: date) -> Decimal:
    drawn = Random(f"partnerline demo {currency} {day}")  # noqa: S311 - to look random, not to be a secret
    return Decimal(_ABOUT.get(currency, 10_000) + drawn.randint(-_SWING, _SWING)) / 10_000
