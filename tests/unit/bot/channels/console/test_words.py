"""Values are written the same way on every page, also those that a partner made up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.console import words
from crm.money import Money
from knowledge.commission.statement import StatementState


@pytest.mark.parametrize(
    ("value", "currency", "written"),
    [
        (Decimal(17280), "EUR", "EUR 17,280"),
        (Decimal("17280.5"), "EUR", "EUR 17,280.50"),
        (Decimal("0.125"), "KWD", "KWD 0.125"),
        (Decimal("1E+3"), "JPY", "JPY 1,000"),
        (Decimal(-40), "USD", "USD -40"),
        (Decimal(5), "", "5"),
        (None, "EUR", "–"),
        (Decimal("1E+999999"), "EUR", "EUR 1E+999999"),
        (Decimal("NaN"), "EUR", "EUR NaN"),
    ],
)
def test_amounts(value: Decimal | None, currency: str, written: str) -> None:
    assert words.amount(value, currency) == written


def test_money_and_days() -> None:
    assert words.money(Money(Decimal(5), "CHF")) == "CHF 5"
    assert words.money(None) == words.day(None) == "–"
    assert words.day(date(2026, 11, 6)) == "6 Nov 2026"


def test_a_moment_of_today_is_a_time_and_another_has_its_day() -> None:
    now = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
    write = words.moment(lambda: now)
    assert len(write(now)) == len("12:00")
    assert "24 Nov" in write(now - timedelta(days=2))
    assert "2025" in write(now - timedelta(days=365))
    assert write(None) == "–"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Priya Nair", "PN"), ("sanne@polder.example", "SP"), ("", "?"), ("\u202e <b>", "?"), ("李", "李")],
)
def test_initials(name: str, letters: str) -> None:
    assert words.initials(name) == letters


@given(st.text())
def test_any_name_has_initials_a_tone_and_a_place_in_a_link(name: str) -> None:
    assert words.initials(name)
    assert words.tone(name).startswith("tone-")
    assert "/" not in words.segment(name.encode("utf-8", "replace").decode())


def test_a_huge_text_is_cut_and_says_by_how_much() -> None:
    assert words.clip("short") == "short"
    cut = words.clip("x" * 1_000_000)
    assert len(cut) < 21_000
    assert "980,000 more characters" in cut


def test_an_address_breaks_after_its_dots_and_stays_text() -> None:
    assert words.breakable("a@b-c.example") == "a@<wbr>b-<wbr>c.<wbr>example"
    assert words.breakable("<script>.x") == "&lt;script&gt;.<wbr>x"
    assert words.breakable("") == ""


def test_labels() -> None:
    assert words.label("register_deal") == "Register deal"
    assert words.label("crm") == "CRM"
    assert words.label(StatementState.VOID) == "Cancelled"
    assert words.language("nl") == "Dutch"
    assert words.language("xx") == "xx"
