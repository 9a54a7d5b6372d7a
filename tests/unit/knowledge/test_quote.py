"""What a deal would earn if closed as entered, and the reasons why that sometimes cannot be said."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from crm.money import Money
from crm.records import AmountBasis, Attribution, Deal, Partner, PartnerType, Stage
from knowledge.commission import DealLike, Derivation, NoQuote, Reason, Said, plans_for, rate_for, rates_for
from knowledge.commission.account import Account
from knowledge.commission.exchange import ExchangeRate, RateTable
from knowledge.commission.expecting import expect
from knowledge.commission.rate_line import RateKey
from knowledge.program import Program
from knowledge.programs import Programs

TODAY = date(2026, 11, 26)
Make = Callable[..., Partner]
CORE, ONBOARDING = "Lumora Core", "Onboarding Package"


def money(amount: str, currency: str = "EUR") -> Money:
    return Money(Decimal(amount), currency)


def quote(
    program: Program, partner: Partner, deal: DealLike, today: date, *, exchange: Decimal | None = None
) -> Derivation | NoQuote:
    """For a partner of whom nothing else is known; `exchange` is what one unit of the deal's currency is worth."""
    known = [ExchangeRate(deal.amount.currency, today, exchange, "")] if exchange and deal.amount else []
    rates = RateTable.of(program.vendor.currency, known)
    return expect(Programs((program,)), Account(partner), deal, rates, today)


def quoted(program: Program, partner: Partner, deal: DealLike) -> Derivation:
    found = quote(program, partner, deal, TODAY)
    assert isinstance(found, Derivation), found
    return found


@pytest.mark.parametrize(
    ("deal", "tier", "expected"),
    [
        (DealLike((CORE,), 50), "Registered", "2160.00"),
        (DealLike((CORE, ONBOARDING), 50), "Registered", "2160.00"),
        (DealLike((CORE,), 10), "Elite", "300.00"),
        (DealLike((CORE,), 11), "Registered", "475.20"),
        (DealLike((CORE, "Lumora Connect"), 10), "Registered", "576.00"),
        (DealLike((CORE,), 50, money("43200"), AmountBasis.TOTAL, 36), "Registered", "2160.00"),
        (DealLike((CORE,), None, money("2000"), AmountBasis.MONTHLY), "Select", "4200.00"),
        (DealLike((CORE,), None, money("2000"), AmountBasis.MONTHLY, 6), "Registered", "1800.00"),
        (DealLike((CORE,), 50, money("20"), AmountBasis.PER_SEAT_MONTH), "Registered", "1800.00"),
        (DealLike((CORE,), None, money("24000"), AmountBasis.ANNUAL, 36), "Elite", "4800.00"),
        (DealLike((CORE, ONBOARDING), None, money("33500"), AmountBasis.TOTAL), "Registered", "3600.00"),
        (DealLike((CORE,), None, money("5000.30"), AmountBasis.ANNUAL), "Registered", "750.05"),
        (DealLike((ONBOARDING,), None, money("9500"), AmountBasis.TOTAL), "Elite", "0.00"),
        (DealLike((ONBOARDING,)), "Elite", "0.00"),
        (DealLike((CORE,), None, money("24000"), AmountBasis.ANNUAL, None, Attribution.INFLUENCED), "Elite", "1200.00"),
    ],
)
def test_a_deal_is_quoted_to_the_cent(
    program: Program, partner: Make, deal: DealLike, tier: str, expected: str
) -> None:
    found = quoted(program, partner(tier), deal)
    assert found.result == money(expected)
    assert found.steps[-1].sentence is Said.ROUNDED


def test_a_sum_without_a_basis_is_taken_for_the_first_year_and_said_so(program: Program, partner: Make) -> None:
    found = quoted(program, partner(), DealLike((CORE,), amount=money("24000")))
    assert (found.result, found.says(Said.BASE_ASSUMED)) == (money("3600.00"), True)


def test_a_quote_in_another_currency_tells_the_limit_it_could_not_compare(program: Program, partner: Make) -> None:
    deal = DealLike((CORE,), amount=money("3100", "USD"), basis=AmountBasis.ANNUAL)
    open_ = quoted(program, partner(), deal)
    assert (open_.result, open_.says(Said.THRESHOLD_NOT_CONVERTED)) == (money("465.00", "USD"), True)
    known = quote(program, partner(), deal, TODAY, exchange=Decimal("0.90"))
    assert isinstance(known, Derivation)
    assert (known.result, known.says(Said.FLAT)) == (money("333.33", "USD"), True)


def test_steps_lead_from_the_base_to_the_result(program: Program, partner: Make) -> None:
    found = quoted(program, partner("Select"), DealLike((CORE,), 50))
    assert [s.sentence for s in found.steps] == [Said.BASE_LIST, Said.RATE, Said.TIER_ADDS, Said.ROUNDED]
    assert found.steps[0].values == {"seats": 50, "price": money("24"), "months": 12, "base": money("14400")}
    assert found.rate == Decimal("0.175")


@pytest.mark.parametrize(
    ("deal", "reason"),
    [
        (DealLike(), Reason.NO_AMOUNT),
        (DealLike((CORE,)), Reason.NO_AMOUNT),
        (DealLike((CORE,), 0), Reason.NO_AMOUNT),
        (DealLike((CORE,), -5), Reason.NO_AMOUNT),
        (DealLike((CORE,), 10**30), Reason.NO_AMOUNT),
        (DealLike((CORE,), amount=money("1e40")), Reason.NO_AMOUNT),
        (DealLike((CORE,), amount=money("-5")), Reason.NO_AMOUNT),
        (DealLike((CORE,), amount=money("20"), basis=AmountBasis.PER_SEAT_MONTH), Reason.NO_QUANTITY),
        (DealLike(("Lumora Ghost",), 5), Reason.UNKNOWN_PRODUCT),
        (DealLike((CORE, ONBOARDING), amount=money("9000")), Reason.ONE_OFF_SHARE_UNKNOWN),
        (DealLike((CORE, ONBOARDING), amount=money("90000", "USD")), Reason.ONE_OFF_SHARE_UNKNOWN),
    ],
)
def test_what_is_missing_is_named(program: Program, partner: Make, deal: DealLike, reason: Reason) -> None:
    found = quote(program, partner(), deal, TODAY)
    assert isinstance(found, NoQuote)
    assert (found.reason, found.plan) == (reason, "Referral 2026")


@pytest.mark.parametrize(
    ("partner_", "reason"),
    [
        (Partner("p", "P", (PartnerType.REFERRAL,), "Platinum"), Reason.UNKNOWN_TIER),
        (Partner("p", "P", (PartnerType.REFERRAL,), "Select", plan="Old 2019"), Reason.NO_PLAN),
        (Partner("p", "P", (), "Select"), Reason.NO_PLAN),
    ],
)
def test_some_partners_are_answered_by_a_person(program: Program, partner_: Partner, reason: Reason) -> None:
    found = quote(program, partner_, DealLike((CORE,), 50), TODAY)
    assert isinstance(found, NoQuote)
    assert found.reason is reason


def test_a_person_tells_where_several_plans_might_pay(program: Program, partner: Make) -> None:
    both = partner("Select", PartnerType.REFERRAL, PartnerType.RESELLER)
    found = quote(program, both, DealLike((CORE,), 50), TODAY)
    assert found == NoQuote(Reason.PLAN_NEEDS_PERSON, "Referral 2026, Reseller 2026", "Referral 2026")


def test_each_plan_pays_for_its_own_products(program: Program, partner: Make) -> None:
    both = partner("Select", PartnerType.SERVICES, PartnerType.REFERRAL)
    assert quoted(program, both, DealLike((CORE,), 50)).plan == "Referral 2026"
    assert quoted(program, both, DealLike((ONBOARDING,))).plan == "Services 2026"
    together = quoted(program, both, DealLike((CORE, ONBOARDING), 50))
    assert (together.plan, together.result) == ("Services 2026 + Referral 2026", money("3897.50"))


def test_what_a_resellers_figure_needs_is_asked_for_like_any_other(program: Program, partner: Make) -> None:
    found = quote(program, partner("Select", PartnerType.RESELLER), DealLike(), TODAY)
    assert found == NoQuote(Reason.NO_AMOUNT, "", "Reseller 2026")


def test_a_plan_is_not_used_before_it_begins(program: Program, partner: Make) -> None:
    found = quote(program, partner(), DealLike((CORE,), 50), date(2025, 12, 31))
    assert isinstance(found, NoQuote)
    assert found.reason is Reason.NO_PLAN


def test_a_crm_deal_is_quoted_as_it_stands(program: Program, partner: Make) -> None:
    deal = Deal("1", "D-1", "p1", "Acme", "acme.example", (CORE,), None, None, Stage.PROPOSAL, None, TODAY, quantity=50)
    assert quoted(program, partner(), DealLike.of(deal)).result == money("2160.00")


def test_the_choice_of_a_plan_replaces_the_default_of_its_types(program: Program, partner: Make) -> None:
    both = partner("Select", PartnerType.REFERRAL, PartnerType.SERVICES)
    assert [plan.id for plan in plans_for(program, both)] == ["referral-2026", "services-2026"]
    grown = partner("Select", PartnerType.REFERRAL, PartnerType.SERVICES, plan="Growth 2026")
    assert [plan.id for plan in plans_for(program, grown)] == ["growth-2026", "services-2026"]


def test_a_distributor_is_paid_as_a_reseller(program: Program, partner: Make) -> None:
    assert [plan.id for plan in plans_for(program, partner("Select", PartnerType.DISTRIBUTOR))] == ["reseller-2026"]


def test_the_referral_rate_has_the_tier_in_it(program: Program, partner: Make) -> None:
    answer = rate_for(program, partner("Elite"))
    assert answer
    assert (answer.rate, answer.added_points, answer.quotable) == (Decimal("0.20"), Decimal(5), True)
    assert answer.lines[1].values == {"flat": money("300"), "under": money("3000")}
    assert answer.lines[-1].key is RateKey.INFLUENCED


def test_other_plans_are_described_by_what_they_pay(program: Program, partner: Make) -> None:
    (reseller,) = rates_for(program, partner("Select", PartnerType.RESELLER))
    assert (reseller.rate, reseller.quotable) == (None, True)
    bands = [line.values for line in reseller.lines if line.key is RateKey.BAND]
    assert [band["rate"] for band in bands] == [Decimal("0.175"), Decimal("0.225"), Decimal("0.275")]
    assert [band.get("to") for band in bands] == [money("50000"), money("150000"), None]
    (services,) = rates_for(program, partner("Elite", PartnerType.SERVICES))
    renewals = next(line for line in services.lines if line.key is RateKey.RENEWALS)
    assert (renewals.values["rate"], renewals.values["renewals"]) == (Decimal("0.07"), 2)
    (growth,) = rates_for(program, partner("Registered", plan="growth-2026"))
    years = [line.values["rate"] for line in growth.lines if line.key is RateKey.YEAR]
    assert years == [Decimal("0.2"), Decimal("0.1"), Decimal("0.05")]


def test_an_empty_tier_is_the_lowest_and_an_unknown_one_has_no_rate(program: Program, partner: Make) -> None:
    lowest = rate_for(program, partner(""))
    assert lowest
    assert lowest.rate == Decimal("0.15")
    assert rate_for(program, partner("Platinum")) is None
