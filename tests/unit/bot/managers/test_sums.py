"""Payments and corrections in a manager's words: read exactly, or not at all."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.managers.sums import Paid, Worth, paid, worth
from crm.money import Money

DAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("said", "reference", "on"),
    [
        ("SEPA 4711", "SEPA 4711", None), ("4711", "4711", None), ("ref 4711.", "4711", None),
        ("with reference: SEPA 4711", "SEPA 4711", None), ("RF18 5390 0754 7034", "RF18 5390 0754 7034", None),
        ("SEPA 4711 today", "SEPA 4711", None), ("SEPA 4711, heute", "SEPA 4711", None),
        ("SEPA 4711 on 2026-11-30", "SEPA 4711", DAY), ("SEPA 4711, am 30.11.2026", "SEPA 4711", DAY),
        ("SEPA 4711 on 30/11/2026", "SEPA 4711", DAY), ("sous la référence 4711 le 30/11/2026", "4711", DAY),
        ("réf. 4711 le 30/11/2026", "4711", DAY), ("met ref 4711 op 30-11-2026", "4711", DAY),
        ("con referencia 4711 el 30/11/2026", "4711", DAY), ("2026-11-30/17", "2026-11-30/17", None),
        ("D-4711", "D-4711", None),
    ],
)  # fmt: skip
def test_a_reference_and_the_day_of_the_payment(said: str, reference: str, on: date | None) -> None:
    assert paid(said) == Paid(reference, on)


@pytest.mark.parametrize(
    "said",
    [
        "", "already", "last week", "SEPA", "by bank transfer", "4711?", "SEPA 4711 yesterday", "SEPA 4711 on Monday",
        "SEPA 4711 on 05/11/2026", "SEPA 4711 am 31.02.2026", "SEPA 4711 on 2026-13-01", "SEPA 4711 gestern",
        "I transferred it with the batch of number 4711 this morning", "9" * 141, "SEPA 4711 tomorrow",
    ],
)  # fmt: skip
def test_what_is_no_plain_reference_or_day_is_explained(said: str) -> None:
    found = paid(said)
    assert isinstance(found, str)
    assert '"paid SEPA 4711' in found


@pytest.mark.parametrize(
    "said",
    [
        "EUR 1,250.00: x", "EUR 1250: x", "1250.00 EUR: x", "1.250,00 EUR: x", "€1,250.00 because x", "eur 1250,00, x",
        "1 250,00 € : x", "to EUR 1'250.00 - x", "auf 1.250,00 EUR, weil x", "à 1\u202f250,00 EUR : x",
        "naar EUR 1.250,00: omdat x", "a 1.250,00 EUR porque x", "it to EUR 1250.00. x", "EUR 1,250.0: x",
    ],
)  # fmt: skip
def test_a_sum_as_it_is_written_in_five_languages(said: str) -> None:
    assert worth(said) == Worth(Money(Decimal("1250.00"), "EUR"), "x")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("EUR 1.250: x", "more than one way"), ("1,250 EUR: x", "more than one way"),
        ("EUR 1.25.00: x", "more than one way"), ("EUR 1,2500.00: x", "more than one way"),
        ("EUR 1,250,00: x", "more than one way"), ("EUR 1.250.00: x", "more than one way"),
        ("1250: x", "currency"), ("$1250.00: x", "currency"), ("EUR: x", "currency"), ("x", "currency"),
        ("", "currency"),
        ("EUR twelve: x", "currency"), ("EUR 1250.00", "reason"), ("EUR 1250.00:", "reason"),
        ("EUR 1250.00 or EUR 1300.00: x", "reason"), ("EUR 1250.00 - ", "reason"), ("12 seats: x", "currency"),
    ],
)  # fmt: skip
def test_what_is_no_plain_sum_or_reason_is_explained(said: str, why: str) -> None:
    found = worth(said)
    assert isinstance(found, str)
    assert why in found
    assert "EUR 1234.50" in found


@pytest.mark.parametrize("said", ["EUR -100.00: refunded", "-100.00 EUR: refunded", "−100,00 EUR, refunded"])
def test_a_line_may_come_to_less_than_nothing(said: str) -> None:
    assert worth(said) == Worth(Money(Decimal("-100.00"), "EUR"), "refunded")


amounts = st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False)


@given(amounts, st.sampled_from(["EUR", "USD", "GBP", "CHF"]))
def test_every_sum_that_is_written_out_is_read_back(amount: Decimal, currency: str) -> None:
    english, german = f"{amount:,.2f}", f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
    for written in (f"{currency} {english}", f"{english} {currency}", f"{german} {currency}", f"{currency} {amount:f}"):
        assert worth(f"{written}: x") == Worth(Money(amount, currency), "x")


@given(st.text(max_size=200))
def test_no_text_is_too_odd_to_be_looked_at(said: str) -> None:
    assert paid(said)
    assert worth(said)


@pytest.mark.parametrize("piece", ["1", "1.", "1,234", " on ", "EUR 1 ", "9 9", ": ", "le 1/1/2026 ", "\u202f1"])
def test_a_huge_text_is_looked_at_in_no_time(piece: str) -> None:
    begun = time.perf_counter()
    paid(piece * 20_000)
    worth(f"EUR {piece * 20_000}: x")
    assert time.perf_counter() - begun < 1.0
