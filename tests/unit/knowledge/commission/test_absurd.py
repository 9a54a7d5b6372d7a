"""Whatever finite nonsense a CRM, a file or a billing system holds, an account is computed and a person is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.money import Money
from crm.records import AmountBasis, MilestoneKind, PartnerType, Payment, PaymentKind, PaymentPart, Stage
from knowledge.commission.account import DoubtKind
from knowledge.commission.expecting import expect, expect_all
from knowledge.programs import Programs
from tests.unit.knowledge.commission.accounts import CORE, INSIGHTS, ONBOARDING, TODAY, Desk, money, parts, sample

SUMS = st.sampled_from(
    [Decimal(x) for x in ("0", "0.01", "1000", "-1000", "1e15", "-1e15", "1e60", "1e999999", "1e-400")]
)
DAYS = st.sampled_from([date.min, date(1, 1, 31), date(2024, 2, 29), date(2026, 7, 1), date(2028, 2, 29), date.max])
PRODUCTS = st.lists(st.sampled_from([CORE, INSIGHTS, ONBOARDING, "None of ours"]), max_size=3, unique=True).map(tuple)
CURRENCIES = st.sampled_from(["EUR", "USD", "JPY"])
PARTS = st.lists(
    st.builds(PaymentPart, st.sampled_from([CORE, ONBOARDING, ""]), SUMS, st.sampled_from(PaymentKind)), max_size=2
).map(tuple)


@st.composite
def desks(draw: st.DrawFn) -> Desk:
    plans = ["", *(plan.id for plan in sample().plans)]
    desk = Desk(kind=draw(st.sampled_from(PartnerType)), plan=draw(st.sampled_from(plans)))
    for _ in range(draw(st.integers(1, 2))):
        made = desk.deal(None, *draw(PRODUCTS))
        currency = draw(CURRENCIES)
        desk.deals[-1] = replace(
            made, amount=draw(st.none() | st.builds(Money, SUMS, st.just(currency))), won_on=draw(st.none() | DAYS),
            amount_basis=draw(st.sampled_from(AmountBasis)), stage=draw(st.sampled_from(Stage)), created_on=draw(DAYS),
            quantity=draw(st.sampled_from([None, -1, 0, 10, 10**30])), plan=draw(st.sampled_from(plans)),
            term_months=draw(st.sampled_from([None, -1, 0, 36, 10**12])),
            margin=draw(st.none() | st.builds(Money, SUMS, st.just(currency))),
            replaces_mrr=draw(st.none() | st.builds(Money, SUMS, st.just(currency))),
        )  # fmt: skip
    for place in range(draw(st.integers(0, 3))):
        desk.payments.append(
            Payment(
                f"pay{place}", draw(st.sampled_from(desk.deals)).id, "p1", Money(draw(SUMS), draw(CURRENCIES)),
                draw(DAYS), draw(st.sampled_from(PaymentKind)), draw(PARTS), draw(st.none() | DAYS),
                draw(st.none() | DAYS), draw(st.sampled_from(["", "pay0", "pay1", "none"])),
            )
        )  # fmt: skip
    for _ in range(draw(st.integers(0, 2))):
        made_of = desk.happens(draw(st.sampled_from(MilestoneKind)), draw(st.sampled_from([None, *desk.deals])))
        desk.milestones[-1] = replace(made_of, on=draw(DAYS), value=draw(st.none() | SUMS))
    return desk


@settings(max_examples=300, deadline=2000)
@given(desk=desks())
def test_no_record_keeps_an_account_from_being_computed(desk: Desk) -> None:
    programs = Programs((desk.program,))
    found = desk.earnings()
    assert all(line.amount == line.amount.rounded() for line in found.lines)
    assert len({line.key for line in found.lines}) == len(found.lines)
    expect_all(programs, desk.account, desk.deals, desk.exchange, TODAY)
    for deal in desk.deals:
        expect(programs, desk.account, deal, desk.exchange, TODAY)


@pytest.mark.parametrize("rows", [((CORE, "1e15"), (ONBOARDING, "-1e14")), ((CORE, "6001"),), ((CORE, "1e400"),)])
def test_parts_that_do_not_come_to_the_payment_earn_nothing_until_a_person_has_seen_them(
    rows: tuple[tuple[str, str], ...],
) -> None:
    desk = Desk()
    deal = desk.deal("24000")
    desk.pay(deal, "6000", parts=parts(*((product, sum_, PaymentKind.RECURRING) for product, sum_ in rows)))
    found = desk.earnings()
    assert found.lines == ()
    assert [doubt.kind for doubt in found.doubts] == [DoubtKind.NO_AMOUNT]


def test_a_deal_that_is_won_at_the_end_of_the_calendar_asks_a_person() -> None:
    desk = Desk()
    desk.pay(desk.deal("24000"), "6000")
    desk.deals[0] = replace(desk.deals[0], won_on=date.max, amount=money("24000"))
    found = desk.earnings()
    assert found.lines == ()
    assert [doubt.kind for doubt in found.doubts] == [DoubtKind.NOT_WON]
