"""What was read is shown in words, in one order, whatever order it was stored in."""

from __future__ import annotations

from typing import Any

import pytest

from bot.operations.wishes import wish_read


def read(**fields: Any) -> tuple[tuple[str, str], ...]:
    return wish_read({"intent": "register_deal", "fields": fields}).fields


def test_a_registration_reads_from_the_customer_to_the_seats() -> None:
    stored = {"amount": "17280", "product": "Lumora Core", "currency": "EUR", "customer": "Acme", "quantity": "60"}
    assert read(**stored, close_date="2027-01-29") == (
        ("customer", "Acme"), ("amount", "EUR 17,280"), ("close_date", "29 Jan 2027"), ("product", "Lumora Core"),
        ("quantity", "60"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"currency": "EUR"}, (("currency", "EUR"),)),
        ({"amount": "5000.5"}, (("amount", "5,000.50"),)),
        ({"amount": "lots", "currency": "EUR"}, (("amount", "lots"),)),
        ({"close_date": "soon"}, (("close_date", "soon"),)),
        ({"unheard_of": 5, "customer": "Acme"}, (("customer", "Acme"), ("unheard_of", "5"))),
        ({}, ()),
    ],
)
def test_what_cannot_be_put_into_words_stays_as_it_was_read(fields: dict[str, Any], shown: Any) -> None:
    assert read(**fields) == shown


def test_an_intent_of_another_version_is_shown_by_its_name() -> None:
    assert wish_read({"intent": "of_tomorrow", "fields": {"b": "1", "a": "2"}}).fields == (("b", "1"), ("a", "2"))
    assert wish_read({"intent": "ask_tier"}).fields == ()
