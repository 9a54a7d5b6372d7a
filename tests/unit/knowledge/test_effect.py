"""What another version would mean for a partner's open deals, computed by the rules that pay."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from crm.money import Money
from crm.records import AmountBasis, Attribution, Deal, Partner, PartnerType, Payment, Stage
from knowledge.commission.account import Account, TierHistory, TierSince
from knowledge.commission.derivation import Derivation, Reason
from knowledge.commission.exchange import RateTable
from knowledge.commission.expecting import expect
from knowledge.effect import effect
from knowledge.program import Program
from knowledge.programs import Programs

TODAY = date(2026, 11, 27)
RATES = RateTable("EUR")


def _deal(number: str, stage: Stage = Stage.PROPOSAL, **more: object) -> Deal:
    made = Deal(
        id=f"id-{number}", number=number, partner_id="p1", customer="Globex", customer_domain="globex.example",
        products=("Lumora Core",), amount=Money(Decimal(10_000), "EUR"), amount_basis=AmountBasis.ANNUAL, stage=stage,
        close_date=date(2026, 12, 20), created_on=date(2026, 11, 1), attribution=Attribution.SOURCED,
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


def _account(partner: Partner, *deals: Deal, payments: tuple[Payment, ...] = ()) -> Account:
    return Account(partner, deals, payments, tiers=TierHistory((TierSince(date(2020, 1, 1), partner.tier),)))


def _dearer(program: Program) -> Program:
    """A later version with more points for Elite and less revenue asked for it."""
    tiers = tuple(
        replace(tier, added_points=Decimal(7), revenue=Money(Decimal(150_000), "EUR")) if tier.name == "Elite" else tier
        for tier in program.tiers
    )
    return replace(program, tiers=tiers, version="2027.1", valid_from=date(2027, 1, 1))


def test_open_deals_are_computed_under_both_versions(program: Program, partner: Callable[..., Partner]) -> None:
    elite = partner("Elite")
    account = _account(elite, _deal("D-1"), _deal("D-2", Stage.WON), _deal("D-3", Stage.LOST))
    found = effect(program, _dearer(program), account, RATES, TODAY)
    (deal,) = found.deals
    assert (deal.number, deal.before, deal.after) == (
        "D-1",
        Money(Decimal("2000.00"), "EUR"),
        Money(Decimal("2200.00"), "EUR"),
    )
    assert (found.total(after=False), found.total(after=True)) == ({"EUR": Decimal(2000)}, {"EUR": Decimal(2200)})
    assert found.changed


def test_what_is_told_is_what_the_engine_expects(program: Program, partner: Callable[..., Partner]) -> None:
    account = _account(partner("Select"), _deal("D-1"))
    expected = expect(Programs((program,)), account, account.deals[0], RATES, TODAY)
    assert isinstance(expected, Derivation)
    assert effect(program, program, account, RATES, TODAY).deals[0].before == expected.result


def test_the_same_version_changes_nothing(program: Program, partner: Callable[..., Partner]) -> None:
    found = effect(program, program, _account(partner("Select"), _deal("D-1")), RATES, TODAY)
    assert not found.changed


def test_a_deal_without_a_figure_says_why_and_is_left_out_of_the_totals(
    program: Program, partner: Callable[..., Partner]
) -> None:
    account = _account(partner("Select"), _deal("D-1"), _deal("D-2", products=("Lumora Vault",)))
    found = effect(program, program, account, RATES, TODAY)
    assert found.deals[1].before is None
    assert found.deals[1].why_before is Reason.UNKNOWN_PRODUCT
    assert found.total(after=False) == {"EUR": Decimal("1750.00")}


def test_a_plan_that_the_new_version_drops_is_told(program: Program, partner: Callable[..., Partner]) -> None:
    chosen = partner("Select", PartnerType.REFERRAL, plan="referral-2026")
    plans = tuple(replace(plan, id=f"{plan.id}-x", name=f"{plan.name} X") for plan in program.plans)
    renamed = replace(program, plans=plans)
    (deal,) = effect(program, renamed, _account(chosen, _deal("D-1")), RATES, TODAY).deals
    assert deal.before == Money(Decimal("1750.00"), "EUR")
    assert (deal.after, deal.why_after) == (None, Reason.NO_PLAN)


def test_the_tier_of_the_next_review_follows_the_new_thresholds(
    program: Program, partner: Callable[..., Partner]
) -> None:
    strong = partner("Select", csat=Decimal("4.5"), certified_people=5)
    won = _deal("D-1", Stage.WON, won_on=date(2026, 5, 1))
    paid = Payment("pay-1", "id-D-1", "p1", Money(Decimal(200_000), "EUR"), date(2026, 6, 1))
    found = effect(program, _dearer(program), _account(strong, won, payments=(paid,)), RATES, TODAY)
    assert (found.tier, found.tier_before, found.tier_after) == ("Select", "Select", "Elite")
    assert found.changed
    assert found.deals == ()


def test_deals_of_another_partner_in_which_it_had_a_part_are_left_out(
    program: Program, partner: Callable[..., Partner]
) -> None:
    account = _account(partner("Select"), _deal("D-1", partner_id="p2"))
    assert effect(program, program, account, RATES, TODAY).deals == ()
