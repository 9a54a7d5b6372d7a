"""The invoices that are read: each language in each layout, with sums, days and numbers of many forms."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from benchmarks.invoices.layouts import Bill, Layout, drawn

LANGUAGES = ("en", "de", "fr", "nl", "es")
_FIGURES = {
    "en": ("point", "bare"), "de": ("comma", "barecomma", "swiss"), "fr": ("space", "narrow", "comma"),
    "nl": ("comma", "barecomma"), "es": ("comma", "point"),
}  # fmt: skip
_DAYS = {
    "en": ("long", "iso"), "de": ("dots", "long"), "fr": ("slashes", "long"), "nl": ("slashes", "long", "iso"),
    "es": ("slashes", "long"),
}  # fmt: skip
_RATES = {
    "en": (Decimal(20), None), "de": (Decimal(19), None, Decimal("8.1")), "fr": (Decimal(20), Decimal("5.5"), None),
    "nl": (Decimal(21), None, Decimal(9)), "es": (Decimal(21), None),
}  # fmt: skip
_NUMBERS = (
    "INV-2026-{n:04d}",
    "RE-26-11-{n:04d}",
    "F2026-{n}",
    "2026-{n}",
    "2026/{n:05d}",
    "{n:05d}",
    "VR-2026-{n:04d}",
)
_SIGNS = ("before", "behind", "code", "code_behind")


@dataclass(frozen=True)
class Made:
    name: str
    bill: Bill
    pdf: bytes


def made(layouts: Mapping[str, Layout], each: int, seed: int, pick: int = 0) -> Iterator[Made]:
    """`each` invoices of every language in every layout; `pick` is the first word of each list that is taken."""
    draw = random.Random(seed)
    for name, layout in layouts.items():
        for language in LANGUAGES:
            for place in range(each):
                bill = _bill(draw, language, pick + place)
                yield Made(f"{name}-{language}-{place}", bill, drawn(bill, layout))


def _bill(draw: random.Random, language: str, pick: int) -> Bill:
    net = Decimal(draw.choice((draw.randint(5_000, 99_999), draw.randint(100_000, 9_999_999)))) / 100
    on = date(2026, 11, 6) + timedelta(days=draw.randint(0, 20))
    month = draw.randint(1, 11)
    return Bill(
        language=language,
        number=draw.choice(_NUMBERS).format(n=draw.randint(10, 9_999)),
        on=on,
        net=net,
        rate=draw.choice(_RATES[language]),
        currency=draw.choice(("EUR", "EUR", "EUR", "USD", "GBP", "CHF")),
        statement=f"S-2026-{month:02d}",
        order=f"PO-{draw.randint(10_000, 99_999)}",
        pick=pick,
        figures=draw.choice(_FIGURES[language]),
        days=draw.choice(_DAYS[language]),
        sign=draw.choice(_SIGNS),
    )
