"""Partners' deals against the vendor's own: who is counted where, what is compared, and what is not claimed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm.money import Money
from crm.records import AmountBasis, Attribution, Deal, DealPartner, Partner, PartnerType, Stage
from knowledge.commission.exchange import ExchangeRate, RateTable
from knowledge.study import Filters, Finding, Group, Study, closed_on, first_year, study

DAY = date(2026, 6, 1)
EURO = RateTable("EUR")
PARTNERS = {
    "p1": Partner("p1", "Brightwater", (PartnerType.REFERRAL,), "Select", region="DACH"),
    "p2": Partner("p2", "Harbour", (PartnerType.RESELLER,), "Select", region="Benelux"),
}


def deal(number: int, owner: str = "p1", stage: Stage = Stage.WON, amount: str = "1000", **more: Any) -> Deal:
    made = Deal(
        f"h{number}", f"D-{number}", owner, "Acme", "acme.example", ("Core",), Money(Decimal(amount), "EUR"),
        AmountBasis.ANNUAL, stage, DAY, DAY - timedelta(days=50 + number % 5),
        won_on=DAY if stage is Stage.WON else None, stage_since=DAY,
    )  # fmt: skip
    return replace(made, **more)


def many(count: int, owner: str, stage: Stage, amount: str = "1000", start: int = 0, **more: Any) -> list[Deal]:
    """Amounts differ by a little, as those of real deals do."""
    step = Decimal(amount) / 100
    return [
        deal(start + n, owner, stage, str(Decimal(amount) + step * (n % 5 - 2)), **more) for n in range(count)
    ]  # fmt: skip


def studied(*deals: Deal, registered: frozenset[str] = frozenset(), rates: RateTable = EURO, **asked: Any) -> Study:
    return study(deals, PARTNERS, registered, rates, Filters(**asked))


def test_the_figures_of_the_known_study_are_found_again() -> None:
    """32 % larger, 2.8 times the win rate, no difference in the days."""
    found = studied(
        *many(56, "p1", Stage.WON, "1320"),
        *many(44, "p1", Stage.LOST, start=100),
        *many(80, "", Stage.WON, "1000", start=200),
        *many(320, "", Stage.LOST, start=300),
    )
    sourced = found.comparisons[0]
    assert sourced.size.finding is Finding.HIGHER
    assert sourced.size.estimate is not None
    assert sourced.size.estimate.value == pytest.approx(1.32, abs=0.01)
    assert sourced.win_rate.finding is Finding.HIGHER
    assert sourced.win_rate.estimate is not None
    assert sourced.win_rate.estimate.value == pytest.approx(2.8)
    assert sourced.cycle.finding is Finding.NOT_SHOWN
    assert sourced.chance is not None
    assert sourced.chance > 0.05
    assert not sourced.size.small


def test_each_deal_stands_in_its_group_and_registered_ones_in_theirs_besides() -> None:
    found = studied(
        deal(1),
        deal(2),
        deal(3, attribution=Attribution.INFLUENCED),
        deal(4, ""),
        deal(5, "", others=(DealPartner("p2", Attribution.INFLUENCED),)),
        deal(6, "", others=(DealPartner("p2", Attribution.SOURCED, Decimal("0.5")),)),
        deal(7, stage=Stage.NEGOTIATION),
        registered=frozenset({"D-2", "D-3"}),
    )
    assert {f.group: (f.closed, f.open) for f in found.groups} == {
        Group.SOURCED: (3, 1),
        Group.REGISTERED: (1, 0),
        Group.INFLUENCED: (2, 0),
        Group.OWN: (1, 0),
    }


def test_of_a_few_deals_only_counts_are_given() -> None:
    found = studied(*many(4, "p1", Stage.WON), *many(40, "", Stage.WON, start=100))
    few, own = found.of(Group.SOURCED), found.of(Group.OWN)
    assert (few.won, few.size, few.win_rate, few.cycle) == (4, None, None, None)
    assert own.size is not None
    assert {c.finding for one in found.comparisons for c in (one.size, one.win_rate, one.cycle)} == {Finding.TOO_FEW}


def test_a_small_sample_is_called_one() -> None:
    found = studied(*many(9, "p1", Stage.WON), *many(40, "", Stage.WON, start=100))
    assert found.comparisons[0].size.small
    assert found.comparisons[0].cycle.small


def test_without_a_single_win_on_either_side_nothing_is_said_of_the_rate() -> None:
    found = studied(*many(40, "p1", Stage.LOST), *many(40, "", Stage.LOST, start=100))
    assert found.comparisons[0].win_rate.finding is Finding.NOT_SHOWN
    assert found.comparisons[0].win_rate.estimate is None
    against_none = studied(*many(40, "p1", Stage.WON), *many(40, "", Stage.LOST, start=100)).comparisons[0]
    assert against_none.win_rate.finding is Finding.HIGHER


@pytest.mark.parametrize(
    ("said", "worth"),
    [
        ({"amount_basis": AmountBasis.ANNUAL}, 1200),
        ({"amount_basis": AmountBasis.MONTHLY, "term_months": 36}, 14_400),
        ({"amount_basis": AmountBasis.MONTHLY, "term_months": 6}, 7_200),
        ({"amount_basis": AmountBasis.TOTAL, "term_months": 36}, 400),
        ({"amount_basis": AmountBasis.TOTAL}, 1200),
        ({"amount_basis": AmountBasis.PER_SEAT_MONTH, "quantity": 10}, 144_000),
        ({"amount_basis": AmountBasis.PER_SEAT_MONTH}, None),
        ({"amount": None}, None),
        ({"amount": Money(Decimal(0), "EUR")}, None),
    ],
)
def test_deals_are_compared_by_their_first_year(said: dict[str, Any], worth: int | None) -> None:
    found = first_year(replace(deal(1, amount="1200"), **said))
    assert (None if found is None else found.amount) == worth


def test_other_currencies_count_at_the_rate_of_the_win_and_those_without_one_are_told() -> None:
    rates = RateTable.of("EUR", [ExchangeRate("USD", DAY, Decimal("0.5"), "a bank")])
    dollars = many(6, "p1", Stage.WON, amount="1000")
    paid = [replace(d, amount=Money(Decimal(1000), "USD")) for d in dollars]
    francs = replace(deal(90), amount=Money(Decimal(1000), "CHF"))
    found = studied(*paid, francs, rates=rates).of(Group.SOURCED)
    assert found.size is not None
    assert found.size.value == 500
    assert (found.won, found.sized, found.unsized) == (7, 6, 1)


def test_a_win_without_its_day_or_before_its_deal_has_no_cycle() -> None:
    found = studied(deal(1, won_on=None), deal(2, created_on=DAY + timedelta(days=1)), deal(3)).of(Group.SOURCED)
    assert (found.dated, found.undated) == (1, 2)


def test_filters_by_period_product_region_and_type() -> None:
    deals = (deal(1), deal(2, "p2"), deal(3, ""), deal(4, products=("Insights",)), deal(5, stage=Stage.LOST))
    assert studied(*deals, since=DAY, until=DAY).of(Group.SOURCED).closed == 4
    assert studied(*deals, since=DAY + timedelta(days=1)).of(Group.SOURCED).closed == 0
    assert studied(*deals, until=DAY - timedelta(days=1)).of(Group.OWN).closed == 0
    assert studied(*deals, product="Insights").of(Group.SOURCED).closed == 1
    assert studied(*deals, region="benelux").of(Group.SOURCED).closed == 1
    assert studied(*deals, type=PartnerType.REFERRAL).of(Group.SOURCED).closed == 3
    assert studied(*deals, region="DACH").of(Group.OWN).closed == 1, "own deals have no region and stay"


def test_a_loss_closed_when_it_came_to_that_stage_or_was_to_close() -> None:
    assert closed_on(deal(1, stage=Stage.LOST, stage_since=None, close_date=date(2026, 5, 5))) == date(2026, 5, 5)
    assert closed_on(deal(1, stage=Stage.NEGOTIATION)) is None
