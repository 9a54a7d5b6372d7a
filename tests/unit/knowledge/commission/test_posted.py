"""What was posted stands: late events and corrected or deleted records post the difference, a repeat nothing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.storage.codec import from_doc, to_doc
from crm.money import Money
from crm.records import Attribution, DealPartner, MilestoneKind, PartnerType
from knowledge.commission.account import Line, Posted
from knowledge.commission.correcting import correction
from knowledge.commission.derivation import Said
from tests.unit.knowledge.commission.accounts import (
    INSIGHTS,
    ONBOARDING,
    ONE_OFF,
    START,
    TODAY,
    Desk,
    history,
    money,
    posted,
    rates,
    sample,
    total,
)

RESELLER = PartnerType.RESELLER


def amounts(lines: list[Line]) -> list[str]:
    return [str(line.amount.amount) for line in lines]


def test_a_repeat_changes_nothing() -> None:
    desk = Desk("Select", RESELLER, target="50000")
    for day in range(5):
        desk.sale("33333.33", INSIGHTS if day % 2 else "Lumora Core", day)
    first = desk.earnings()
    assert desk.earnings() == first
    assert len(desk.post()) == 5
    again = desk.earnings()
    assert (again.lines, again.doubts) == ((), ())


def test_lines_are_told_by_keys_of_their_own() -> None:
    desk = Desk()
    (line,) = desk.earnings().lines if desk.sale("24000") else ()
    assert line.key == "referral-2026@2026.1|p1|d1|pay001|first_year"
    assert (line.plan, line.version, line.tier, line.deal_number) == ("Referral 2026", "2026.1", "Registered", "D-1001")


@pytest.mark.parametrize(("right", "difference"), [("20000", ["-600.00"]), ("24000", []), ("24000.10", [])])
def test_a_corrected_payment_posts_the_difference(right: str, difference: list[str]) -> None:
    desk = Desk()
    paid = desk.pay(desk.deal("24000"), "24000")
    (line,) = desk.post()
    desk.payments[0] = replace(paid, amount=money(right))
    found = desk.post(TODAY)
    assert amounts(found) == difference
    assert [(new.reverses, new.earned_on, new.event) for new in found] == [(line.key, TODAY, "pay001")] * len(found)
    assert desk.post() == []


def test_a_correction_may_be_corrected_again() -> None:
    desk = Desk()
    paid = desk.pay(desk.deal("24000"), "24000")
    desk.post()
    for amount, difference in (("20000", "-600.00"), ("22000", "300.00"), ("24000", "300.00")):
        desk.payments[0] = replace(paid, amount=money(amount))
        assert amounts(desk.post()) == [difference]
    assert len({line.key for line in desk.posted}) == 4


def test_a_deleted_payment_is_taken_back() -> None:
    desk = Desk(kind=RESELLER)
    for day in range(3):
        desk.sale("60000", day=day)
    desk.post()
    del desk.payments[0]
    (line,) = desk.post()
    assert str(line.amount.amount) == "-13500.00"  # the quarter is now 120,000
    assert (line.event, line.steps[-1].sentence) == ("pay001", Said.CORRECTED)
    assert desk.post() == []


def test_new_lines_go_on_from_what_is_right_after_a_correction() -> None:
    desk = Desk(kind=RESELLER)
    first = desk.sale("60000")
    desk.post()
    desk.payments[0] = replace(first, amount=money("50000"))
    desk.sale("10000", day=1)
    assert sorted(amounts(desk.post())) == ["-2000.00", "2000.00"]


def test_a_deal_stays_with_the_plan_that_it_was_first_paid_by() -> None:
    desk = Desk()
    deal = desk.deal("24000", term_months=24)
    desk.pay(deal, "6000", period_start=START, period_end=START + timedelta(days=91))
    desk.post()
    desk.plan = "growth-2026"
    desk.pay(deal, "6000", 1, period_start=START + timedelta(days=92), period_end=START + timedelta(days=180))
    (line,) = desk.post()
    assert (line.plan, str(line.amount.amount)) == ("Referral 2026", "900.00")


def test_the_tier_of_what_was_posted_changes_only_with_the_history_itself() -> None:
    desk = Desk(tiers=history((date(2026, 1, 1), "Registered")))
    desk.sale("24000")
    desk.post()
    desk.tiers = history((date(2026, 1, 1), "Registered"), (date(2026, 10, 1), "Elite"))
    assert desk.post() == []


def test_a_refund_of_an_earlier_quarter_does_not_touch_the_present_one() -> None:
    desk = Desk(kind=RESELLER)
    old = desk.sale("60000", day=90)
    desk.sale("60000", day=95)
    desk.post()
    desk.refund(old, "20000", 120)
    (line,) = desk.post()
    assert str(line.amount.amount) == "-3500.00"  # 10,000 at 20 % and 10,000 at 15 %
    assert line.series.endswith("2026-Q3|margin")


def test_a_deal_in_doubt_keeps_what_was_posted() -> None:
    desk = Desk()
    desk.sale("24000")
    desk.post()
    desk.deals[0] = replace(desk.deals[0], others=(DealPartner("p9", Attribution.SOURCED),))
    found = desk.earnings()
    assert found.lines == ()
    assert [doubt.kind.value for doubt in found.doubts] == ["two_sourced"]


def test_a_deal_that_is_gone_keeps_what_was_posted_and_a_person_looks() -> None:
    desk = Desk(kind=RESELLER)
    desk.sale("24000")
    desk.post()
    desk.deals.clear()
    found = desk.earnings()
    assert found.lines == ()
    assert [(doubt.kind.value, doubt.blocks) for doubt in found.doubts] == [("deal_gone", False)]


def test_what_a_person_corrected_is_not_computed_away() -> None:
    desk = Desk()
    desk.sale("24000")
    (line,) = desk.post()
    desk.posted += (posted(made) for made in correction(line, money("3000"), "c1", "agreed", date(2026, 12, 1)))
    assert desk.post() == []


def test_a_foreign_line_in_a_quarter_is_corrected_in_its_own_currency() -> None:
    desk = Desk(kind=RESELLER, exchange=rates(("USD", START, "0.90")))
    desk.sale("40000")
    dollars = desk.sale("20000", day=1, currency="USD")
    desk.post()
    desk.payments.remove(dollars)
    (line,) = desk.post()
    assert line.amount == money("-3444.44", "USD")


def test_a_line_that_a_cap_cut_whole_keeps_its_place() -> None:
    desk = Desk(kind=RESELLER)
    desk.sale("280000")
    desk.sale("10000", day=1)
    found = desk.post()
    assert amounts(found) == ["60000.00", "0.00"]
    assert [s.values["cut"] for s in found[1].steps if s.sentence is Said.CAPPED] == [money("2500.00")]


def test_the_customers_other_partner_stands_in_no_line() -> None:
    desk = Desk("Elite")
    theirs = desk.deal("24000", partner_id="p7", others=(DealPartner("p1", Attribution.INFLUENCED),))
    desk.pay(theirs, "24000", partner_id="p7")
    (line,) = desk.earnings().lines
    assert (line.amount, line.deal_number, line.customer) == (money("1200.00"), "", "Customer 1")
    assert "p7" not in repr(line)
    assert desk.earnings().to_come == ()


def test_who_sourced_and_influenced_a_deal_is_its_source() -> None:
    desk = Desk()
    deal = desk.deal("24000", others=(DealPartner("p1", Attribution.INFLUENCED),))
    desk.pay(deal, "24000")
    assert desk.amounts() == ["3600.00"]


def test_a_line_comes_back_from_its_document_as_it_was() -> None:
    desk = Desk("Select", RESELLER, target="50000", exchange=rates(("USD", START, "0.90")))
    desk.sale("60000.005", INSIGHTS, currency="USD")
    services = Desk("Elite", PartnerType.SERVICES)
    services.pay(services.deal("9500", ONBOARDING), "9500", kind=ONE_OFF)
    services.happens(MilestoneKind.GO_LIVE, services.deals[0], 5)
    services.happens(MilestoneKind.CSAT, services.deals[0], 9, "4.25")
    growth = Desk(plan="growth-2026")
    growth.pay(growth.deal("48000"), "48000", period_start=START, period_end=date(2028, 6, 30))
    lines = [line for each in (desk, services, growth) for line in each.earnings().lines]
    assert len(lines) == 5
    for line in lines:
        assert from_doc(Line, to_doc(line)) == line
        assert repr(from_doc(Line, to_doc(line))) == repr(line)


def test_every_step_of_a_line_leads_to_its_amount() -> None:
    desk = Desk("Select", RESELLER, target="50000")
    desk.sale("60000", INSIGHTS)
    (line,) = desk.earnings().lines
    said = [step.sentence for step in line.steps]
    assert said == [
        Said.BROUGHT, Said.PLAN_HOLDS, Said.TIER_HELD, Said.PAID, Said.VOLUME, Said.BAND_PART, Said.BAND_PART,
        Said.TIER_POINTS, Said.PRODUCT_POINTS, Said.ACCELERATED, Said.ROUNDED,
    ]  # fmt: skip
    sums = [step.values["result"] for step in line.steps if step.sentence in said[5:10]]
    exact = sum((value.amount for value in sums if isinstance(value, Money)), start=line.amount.amount * 0)
    assert exact == line.amount.amount == total([line])
    assert sample().plans[1].id == "reseller-2026"


def test_payments_that_earn_nothing_are_told_with_the_reason() -> None:
    desk = Desk()
    deal = desk.deal("24000")
    desk.pay(deal, "24000")
    desk.pay(deal, "500", 1, kind=ONE_OFF)
    desk.pay(deal, "700", 2)
    reasons = [(line.event, line.steps[-1].sentence) for line in desk.earnings().nothing]
    assert reasons == [("pay002", Said.NOTHING_ONE_OFF), ("pay003", Said.EARLIER_LINES)]


def test_a_posted_line_that_is_not_of_these_rules_changes_nothing() -> None:
    desk = Desk()
    desk.sale("24000")
    desk.posted.append(Posted("odd", "odd", "pay001", "first_year", START, money("1")))
    assert amounts(desk.post()) == ["3600.00"]
