"""Tier progress shows what the review coming up will see."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from crm.money import Money
from crm.records import Attribution, Deal, DealPartner, Milestone, MilestoneKind, Partner, PartnerType, Payment, Stage
from knowledge.calendar import Calendar
from knowledge.commission.exchange import ExchangeRate, RateTable
from knowledge.program import Program
from knowledge.tiers import next_review, progress, quarters_after, review_of

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
    assert (found.figures.window_start, found.figures.window_end) == (date(2026, 1, 1), date(2026, 12, 31))
    found = progress(partner(), (), (), program, date(2026, 8, 15))
    assert (found.figures.window_start, found.figures.window_end) == (date(2025, 10, 1), date(2026, 9, 30))


def test_missing_figures_are_those_to_the_next_tier(program: Program, partner: Make) -> None:
    payments = (payment("1", "60000.50", date(2026, 3, 1)), payment("1", "-10000", date(2026, 5, 1)))
    found = progress(partner("Registered", csat=Decimal("3.7")), (deal("1"),), payments, program, TODAY)
    assert (found.tier.name, found.next_tier and found.next_tier.name) == ("Registered", "Select")
    assert found.figures.revenue == Money(Decimal("50000.50"), "EUR")
    assert found.missing.revenue == Money(Decimal("49999.50"), "EUR")
    assert (found.missing.csat, found.missing.certified_people) == (Decimal("0.3"), 1)
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
    assert progress(partner(), deals, payments, program, TODAY).figures.revenue == Money(Decimal(1000), "EUR")


def test_other_currencies_stand_apart(program: Program, partner: Make) -> None:
    payments = (
        payment("1", "1000", date(2026, 2, 1)),
        payment("1", "500", date(2026, 2, 1), "USD"),
        payment("1", "700", date(2026, 2, 2), "CHF"),
        payment("1", "500", date(2026, 2, 3), "USD"),
    )
    found = progress(partner(), (deal("1"),), payments, program, TODAY)
    assert found.figures.revenue == Money(Decimal(1000), "EUR")
    assert found.figures.uncounted == (Money(Decimal(700), "CHF"), Money(Decimal(1000), "USD"))


def test_a_tier_is_reached_exactly_at_its_limits(program: Program, partner: Make) -> None:
    payments = (payment("1", "400000", date(2026, 2, 1)),)
    ready = partner("Select", csat=Decimal("4.3"), certified_people=3)
    assert progress(ready, (deal("1"),), payments, program, TODAY).reached
    short = partner("Select", csat=Decimal("4.29"), certified_people=3)
    assert not progress(short, (deal("1"),), payments, program, TODAY).reached


def test_the_top_tier_has_nothing_above_and_may_be_at_risk(program: Program, partner: Make) -> None:
    found = progress(partner("Elite", csat=Decimal("4.8"), certified_people=5), (), (), program, TODAY)
    assert (found.next_tier, found.reached, found.keeps_tier) == (None, False, False)
    assert found.missing.revenue == Money(Decimal(0), "EUR")


def test_a_partner_without_a_mark_lacks_the_whole_of_it(program: Program, partner: Make) -> None:
    assert progress(partner(), (), (), program, TODAY).missing.csat == Decimal("4.0")


def test_a_tier_that_the_program_does_not_have_is_an_error(program: Program, partner: Make) -> None:
    with pytest.raises(KeyError):
        progress(partner("Platinum"), (), (), program, TODAY)


def test_what_came_in_another_currency_counts_at_the_rate_of_its_day(program: Program, partner: Make) -> None:
    february, march = date(2026, 2, 1), date(2026, 3, 1)
    rates = RateTable.of(
        "EUR",
        [
            ExchangeRate("USD", february, Decimal("0.90"), "a bank"),
            ExchangeRate("USD", march, Decimal("0.80"), "a bank"),
        ],
    )
    payments = (
        payment("1", "1000.05", february, "USD"),
        payment("1", "500", date(2026, 3, 4), "USD"),
        payment("1", "100", date(2026, 6, 1), "USD"),
    )
    found = progress(partner(), (deal("1"),), payments, program, TODAY, rates)
    assert found.figures.revenue == Money(Decimal("1300.05"), "EUR"), "900.045 and 400 are rounded once, together"
    assert found.figures.uncounted == (Money(Decimal("100.00"), "USD"),), "its rate would be three months old"


def test_a_refund_takes_back_what_its_payment_brought(program: Program, partner: Make) -> None:
    february, march = date(2026, 2, 1), date(2026, 3, 1)
    rates = RateTable.of(
        "EUR",
        [
            ExchangeRate("USD", february, Decimal("0.90"), "a bank"),
            ExchangeRate("USD", march, Decimal("0.80"), "a bank"),
        ],
    )
    paid = payment("1", "1000", february, "USD")
    back = replace(payment("1", "-1000", march, "USD"), refunds=paid.id)
    assert progress(partner(), (deal("1"),), (paid, back), program, TODAY, rates).figures.revenue.amount == 0


def test_only_what_the_partner_sourced_is_its_revenue(program: Program, partner: Make) -> None:
    split = replace(deal("1"), others=(DealPartner("p2", Attribution.SOURCED, Decimal("0.4")),))
    theirs = replace(deal("2", partner_id="p2"), others=(DealPartner("p1", Attribution.SOURCED, Decimal("0.25")),))
    influenced = replace(deal("3"), attribution=Attribution.INFLUENCED)
    beside = replace(deal("4", partner_id="p2"), others=(DealPartner("p1", Attribution.INFLUENCED),))
    payments = [payment(ref, "1000", date(2026, 2, 1)) for ref in "1234"]
    found = progress(partner(), (split, theirs, influenced, beside), payments, program, TODAY)
    assert found.figures.revenue == Money(Decimal(850), "EUR")


def rated(ref: str, value: str, on: date, deal_id: str = "1", partner_id: str = "p1") -> Milestone:
    return Milestone(ref, partner_id, MilestoneKind.CSAT, on, deal_id, value=Decimal(value))


def test_the_projects_rated_in_the_window_count_before_the_mark_in_the_crm(program: Program, partner: Make) -> None:
    marks = (
        rated("m1", "3.0", date(2026, 2, 1)),
        rated("m2", "4.0", date(2026, 9, 1)),
        rated("m3", "4.5", date(2026, 9, 1), "2"),
        rated("m4", "1.0", date(2025, 12, 31), "3"),
        rated("m5", "1.0", date(2026, 12, 1), "4"),
        rated("m6", "1.0", date(2026, 9, 1), "5", "p2"),
        Milestone("m7", "p1", MilestoneKind.USAGE, date(2026, 9, 1), "6", "seats", Decimal(1)),
    )
    found = progress(partner("Select", csat=Decimal("3.5")), (), (), program, TODAY, milestones=marks).figures
    assert (found.csat, found.rated_projects) == (Decimal("4.25"), 2), "the last mark of each project"
    found = progress(partner("Select", csat=Decimal("3.5")), (), (), program, TODAY, milestones=marks[3:5]).figures
    assert (found.csat, found.rated_projects) == (Decimal("3.5"), 0)


def test_what_is_missing_to_keep_the_tier_is_told_beside_what_the_next_one_takes(
    program: Program, partner: Make
) -> None:
    held = partner("Select", csat=Decimal("4.1"), certified_people=1)
    found = progress(held, (deal("1"),), (payment("1", "60000", date(2026, 2, 1)),), program, TODAY)
    assert (found.to_keep.revenue, found.to_keep.csat) == (Money(Decimal(40000), "EUR"), Decimal(0))
    assert not found.keeps_tier
    assert progress(partner("Registered"), (), (), program, TODAY).keeps_tier


@pytest.mark.parametrize(
    ("review", "count", "then"),
    [
        (date(2026, 10, 1), 1, date(2027, 1, 1)),
        (date(2027, 1, 1), -1, date(2026, 10, 1)),
        (date(2026, 4, 1), -4, date(2025, 4, 1)),
        (date(2026, 4, 1), 7, date(2028, 1, 1)),
    ],
)
def test_reviews_are_counted_in_quarters(review: date, count: int, then: date) -> None:
    assert quarters_after(review, count) == then


def test_a_day_belongs_to_the_review_that_opened_its_quarter() -> None:
    assert [review_of(date(2026, month, 28)).month for month in range(1, 13)] == [1, 1, 1, 4, 4, 4, 7, 7, 7, 10, 10, 10]


def test_reviews_follow_the_fiscal_year(program: Program) -> None:
    calendar = Calendar(fiscal_year_starts=2)
    assert review_of(date(2026, 1, 31), calendar) == date(2025, 11, 1)
    assert next_review(date(2026, 11, 27), calendar) == date(2027, 2, 1)
    shifted = replace(program, vendor=replace(program.vendor, calendar=calendar))
    found = progress(
        Partner("p1", "Brightwater", (PartnerType.REFERRAL,), "Select"), (), (), shifted, date(2026, 11, 27)
    )
    assert (found.figures.window_start, found.figures.window_end) == (date(2026, 2, 1), date(2027, 1, 31))
