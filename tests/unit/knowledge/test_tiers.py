"""Tier progress shows what the review coming up will see."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from crm.money import Money
from crm.records import Deal, Partner, Payment, Stage
from knowledge.program import Program
from knowledge.tiers import next_review, progress

TODAY = date(2026, 11, 26)
Make = Callable[..., Partner]


def deal(ref: str, stage: Stage = Stage.WON, partner_id: str = "p1") -> Deal:
    return Deal(ref, f"D-{ref}", partner_id, "Acme", "acme.example", (), None, None, stage, None, TODAY)


def payment(ref: str, amount: str, on: date, currency: str = "EUR", partner_id: str = "p1") -> Payment:
    return Payment(f"{ref}-{amount}-{on}", ref, partner_id, Money(Decimal(amount), currency), on)


@pytest.mark.parametrize(
    ("today", "review"),
    [
        (date(2026, 11, 26), date(2027, 1, 1)),
        (date(2026, 12, 31), date(2027, 1, 1)),
        (date(2027, 1, 1), date(2027, 4, 1)),
        (date(2026, 3, 31), date(2026, 4, 1)),
        (date(2026, 8, 15), date(2026, 10, 1)),
    ],
)
def test_the_review_is_on_the_first_day_of_the_next_quarter(today: date, review: date) -> None:
    assert next_review(today) == review


def test_the_window_is_the_four_quarters_before_the_review(program: Program, partner: Make) -> None:
    found = progress(partner(), (), (), program, TODAY)
    assert (found.window_start, found.window_end) == (date(2026, 1, 1), date(2026, 12, 31))
    found = progress(partner(), (), (), program, date(2026, 8, 15))
    assert (found.window_start, found.window_end) == (date(2025, 10, 1), date(2026, 9, 30))


def test_missing_figures_are_those_to_the_next_tier(program: Program, partner: Make) -> None:
    payments = (payment("1", "60000.50", date(2026, 3, 1)), payment("1", "-10000", date(2026, 5, 1)))
    found = progress(partner("Registered", csat=Decimal("3.7")), (deal("1"),), payments, program, TODAY)
    assert (found.tier.name, found.next_tier and found.next_tier.name) == ("Registered", "Select")
    assert found.revenue == Money(Decimal("50000.50"), "EUR")
    assert found.missing_revenue == Money(Decimal("49999.50"), "EUR")
    assert (found.missing_csat, found.missing_certified) == (Decimal("0.3"), 1)
    assert (found.reached, found.keeps_tier) == (False, True)


def test_only_won_deals_of_the_partner_in_the_window_count(program: Program, partner: Make) -> None:
    deals = (deal("1"), deal("2", Stage.NEGOTIATION), deal("3", partner_id="p2"))
    payments = (
        payment("1", "1000", date(2026, 1, 1)),
        payment("1", "2000", date(2025, 12, 31)),
        payment("1", "4000", date(2026, 12, 1)),  # not here yet
        payment("2", "8000", date(2026, 5, 1)),
        payment("3", "16000", date(2026, 5, 1), partner_id="p2"),
        payment("9", "32000", date(2026, 5, 1)),
    )
    assert progress(partner(), deals, payments, program, TODAY).revenue == Money(Decimal(1000), "EUR")


def test_other_currencies_stand_apart(program: Program, partner: Make) -> None:
    payments = (
        payment("1", "1000", date(2026, 2, 1)),
        payment("1", "500", date(2026, 2, 1), "USD"),
        payment("1", "700", date(2026, 2, 2), "CHF"),
        payment("1", "500", date(2026, 2, 3), "USD"),
    )
    found = progress(partner(), (deal("1"),), payments, program, TODAY)
    assert found.revenue == Money(Decimal(1000), "EUR")
    assert found.other_revenue == (Money(Decimal(700), "CHF"), Money(Decimal(1000), "USD"))


def test_a_tier_is_reached_exactly_at_its_limits(program: Program, partner: Make) -> None:
    payments = (payment("1", "400000", date(2026, 2, 1)),)
    ready = partner("Select", csat=Decimal("4.3"), certified_people=3)
    assert progress(ready, (deal("1"),), payments, program, TODAY).reached
    short = partner("Select", csat=Decimal("4.29"), certified_people=3)
    assert not progress(short, (deal("1"),), payments, program, TODAY).reached


def test_the_top_tier_has_nothing_above_and_may_be_at_risk(program: Program, partner: Make) -> None:
    found = progress(partner("Elite", csat=Decimal("4.8"), certified_people=5), (), (), program, TODAY)
    assert (found.next_tier, found.reached, found.keeps_tier) == (None, False, False)
    assert found.missing_revenue == Money(Decimal(0), "EUR")


def test_a_partner_without_a_mark_lacks_the_whole_of_it(program: Program, partner: Make) -> None:
    assert progress(partner(), (), (), program, TODAY).missing_csat == Decimal("4.0")


def test_a_tier_that_the_program_does_not_have_is_an_error(program: Program, partner: Make) -> None:
    with pytest.raises(KeyError):
        progress(partner("Platinum"), (), (), program, TODAY)
