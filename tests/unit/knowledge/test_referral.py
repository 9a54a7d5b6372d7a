"""The referral plan pays to the cent what the program promises; the numbers in ids are those of the worked examples."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.money import Money
from crm.records import Attribution
from knowledge.commission.collected import Collected, Kind
from knowledge.commission.derivation import Derivation, Said
from knowledge.commission.rule import Terms
from knowledge.commission.rules.referral import ReferralRule
from knowledge.program import Program

START = date(2026, 1, 12)
RULE = ReferralRule()


def eur(amount: str | Decimal) -> Money:
    return Money(Decimal(amount), "EUR")


def paid(*amounts: str, kind: Kind = Kind.RECURRING) -> list[Collected]:
    return [Collected(eur(amount), START + timedelta(days=n), kind) for n, amount in enumerate(amounts)]


def refund(amount: str, day: int, of: date | None = START) -> Collected:
    return Collected(eur(f"-{amount}"), START + timedelta(days=day), refunds=of)


def lines(
    program: Program,
    first_year: str,
    collected: list[Collected],
    tier: str = "Registered",
    attribution: Attribution = Attribution.SOURCED,
) -> list[str]:
    assert program.commission
    terms = Terms(program.tier(tier), program.commission, attribution)
    plan = next(plan for plan in program.plans if plan.rule == "referral")
    return [str(line.result.amount) for line in RULE.earn(plan, eur(first_year), collected, terms)]


@pytest.mark.parametrize(
    ("first_year", "amounts", "tier", "expected"),
    [
        pytest.param("24000", ["6000"] * 4, "Registered", ["900.00"] * 4, id="1"),
        pytest.param("24000", ["6000"] * 4, "Select", ["1050.00"] * 4, id="2 Select"),
        pytest.param("24000", ["6000"] * 4, "Elite", ["1200.00"] * 4, id="2 Elite"),
        pytest.param("14400", ["43200", "14400"], "Registered", ["2160.00", "0.00"], id="4"),
        pytest.param("2880", ["2880"], "Elite", ["300.00"], id="5 flat"),
        pytest.param("3168", ["3168"], "Registered", ["475.20"], id="5"),
        pytest.param("2999.99", ["2999.99"], "Registered", ["300.00"], id="6 flat"),
        pytest.param("3000.00", ["3000.00"], "Registered", ["450.00"], id="6"),
        pytest.param("3840", ["3840"], "Registered", ["576.00"], id="7"),
        pytest.param(
            "10000.00",
            ["833.33"] * 11 + ["833.37"],
            "Registered",
            ["125.00"] * 10 + ["124.99", "125.01"],
            id="8",
        ),
        pytest.param("5000.30", ["5000.30"], "Registered", ["750.05"], id="9"),
        pytest.param("3000.20", ["3000.20"], "Select", ["525.04"], id="9 Select"),
        pytest.param("2400", ["800", "1600"], "Select", ["300.00", "0.00"], id="flat once, at the first payment"),
    ],
)
def test_payments_earn_line_by_line(
    program: Program, first_year: str, amounts: list[str], tier: str, expected: list[str]
) -> None:
    assert lines(program, first_year, paid(*amounts), tier) == expected


def test_3_services_and_one_off_sums_earn_nothing(program: Program) -> None:
    both = [*paid("14400"), *paid("9500", kind=Kind.ONE_OFF)]
    assert lines(program, "14400", both) == ["2160.00", "0.00"]


def test_13_a_renewal_earns_nothing(program: Program) -> None:
    assert lines(program, "24000", paid("24000", kind=Kind.RENEWAL)) == ["0.00"]


def test_10_a_refund_in_time_takes_back_exactly_what_was_earned(program: Program) -> None:
    assert lines(program, "5000.30", [*paid("5000.30"), refund("1000.10", 10)]) == ["750.05", "-150.02"]
    assert lines(program, "5000.30", [*paid("5000.30"), refund("5000.30", 10)]) == ["750.05", "-750.05"]


@pytest.mark.parametrize(("day", "expected"), [(60, "-2700.00"), (90, "-2700.00"), (91, "0.00")])
def test_11_a_refund_counts_for_ninety_days(program: Program, day: int, expected: str) -> None:
    assert lines(program, "24000", [*paid("24000"), refund("18000", day)]) == ["3600.00", expected]


def test_12_a_flat_sum_is_lost_only_when_everything_is_refunded(program: Program) -> None:
    assert lines(program, "2400", [*paid("2400"), refund("2400", 30)]) == ["300.00", "-300.00"]
    assert lines(program, "2400", [*paid("2400"), refund("1200", 30)]) == ["300.00", "0.00"]


def test_14_the_tier_is_that_of_the_day_the_deal_was_won(program: Program) -> None:
    assert lines(program, "24000", paid("6000"), "Registered") == ["900.00"]


def test_15_an_influenced_deal_earns_five_percent_without_tier_or_flat_sum(program: Program) -> None:
    assert lines(program, "24000", paid("24000"), "Elite", Attribution.INFLUENCED) == ["1200.00"]
    assert lines(program, "2400", paid("2400"), "Elite", Attribution.INFLUENCED) == ["120.00"]


def test_a_refund_of_no_named_payment_falls_on_the_latest(program: Program) -> None:
    payments = [Collected(eur("6000"), START), Collected(eur("6000"), START + timedelta(days=80))]
    assert lines(program, "24000", [*payments, refund("7000", 100, of=None)])[-1] == "-900.00"


def test_a_refund_larger_than_what_came_in_takes_back_no_more_than_was_earned(program: Program) -> None:
    assert lines(program, "24000", [*paid("6000"), refund("99999", 5)]) == ["900.00", "-900.00"]


def test_money_of_another_currency_is_never_mixed_in(program: Program) -> None:
    with pytest.raises(ValueError, match="USD"):
        lines(program, "24000", [Collected(Money(Decimal(1), "USD"), START)])


@given(
    amounts=st.lists(st.integers(0, 3_000_000), min_size=1, max_size=20),
    tier=st.sampled_from(["Registered", "Select", "Elite"]),
)
def test_lines_always_add_up_to_the_rounded_total(program: Program, amounts: list[int], tier: str) -> None:
    total = Decimal(sum(amounts)) / 100
    first_year = max(total, Decimal(3000))
    collected = [Collected(eur(Decimal(n) / 100), START) for n in amounts]
    rate = Decimal("0.15") + program.tier(tier).added_points / 100
    earned = lines(program, str(first_year), collected, tier)
    assert sum(map(Decimal, earned)) == eur(total * rate).rounded().amount


def test_every_line_tells_how_it_came_about(program: Program) -> None:
    assert program.commission
    plan = next(plan for plan in program.plans if plan.rule == "referral")
    terms = Terms(program.tier("Select"), program.commission)
    line: Derivation = RULE.earn(plan, eur("24000"), paid("6000"), terms)[0]
    assert [step.sentence for step in line.steps] == [Said.COLLECTED, Said.RATE, Said.TIER_ADDS, Said.EARLIER_LINES]
    assert line.rate == Decimal("0.175")
    assert (line.plan, line.version) == ("Referral 2026", "2026.1")
