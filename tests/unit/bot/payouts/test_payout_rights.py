"""Who may decide on payouts: by right, region and sum in whatever currency, and who else may is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.payouts.rights import PayoutRights
from crm.money import Money
from knowledge.commission.exchange import ExchangeRate, RateTable
from knowledge.program import Manager
from tests.builders import euro, partner, program

TODAY = date(2026, 11, 26)
RATES = RateTable.of("EUR", [ExchangeRate("USD", TODAY, Decimal("0.9"), "ECB")])
NOOR = Manager("Noor Haddad", "noor@lumora.example")
JONAS = Manager("Jonas Weber", "jonas@lumora.example", regions=("DACH",), approves_up_to=euro(100_000))
FINANCE = Manager("Fay Nance", "finance@lumora.example", approves=False, approves_payouts=True)
HELPER = Manager("Hal Per", "hal@lumora.example", approves=False)
GERMAN = partner(region="DACH", manager_email="jonas@lumora.example")


def rights(*managers: Manager) -> PayoutRights:
    return PayoutRights(replace(program(), managers=managers or (NOOR, JONAS)), RATES, TODAY)


def usd(amount: int) -> Money:
    return Money(Decimal(amount), "USD")


@pytest.mark.parametrize("total", [euro(100_000), usd(111_111), euro(0), euro(-100_000)])
def test_up_to_his_limit_a_manager_decides_in_any_currency_with_a_rate(total: Money) -> None:
    assert rights().refused(JONAS, GERMAN, total) is None


@pytest.mark.parametrize("total", [euro("100000.01"), usd(111_112), Money(Decimal(1), "CHF"), euro(-100_001)])
def test_beyond_it_or_without_a_rate_whoever_may_is_named(total: Money) -> None:
    no = rights().refused(JONAS, GERMAN, total)
    assert no is not None
    assert "decides up to EUR 100,000" in no.text
    assert no.fix == "Noor Haddad may"


def test_each_of_several_sums_counts() -> None:
    assert rights().refused(JONAS, GERMAN, euro(900), euro(250_000)) is not None


def test_another_region_is_another_managers() -> None:
    no = rights().refused(JONAS, partner(region="Benelux"), euro(1))
    assert no is not None
    assert (no.text, no.fix) == ("Jonas Weber decides for DACH; Brightpath is in Benelux", "Noor Haddad may")


def test_where_nobody_may_it_is_said_what_would_help() -> None:
    no = rights(JONAS).refused(JONAS, GERMAN, euro(200_000))
    assert no is not None
    assert "raise a limit" in no.fix


def test_finance_may_decide_payouts_and_nothing_else() -> None:
    assert rights(NOOR, FINANCE, HELPER).refused(FINANCE, GERMAN, euro(10**6)) is None
    assert rights(NOOR, FINANCE, HELPER).refused(HELPER, GERMAN, euro(1)) is not None
    assert rights(NOOR, replace(NOOR, name="N", approves_payouts=False)).refused(
        replace(NOOR, approves_payouts=False), GERMAN, euro(1)
    )


@pytest.mark.parametrize(
    ("managers", "total", "approver", "payer"),
    [
        ((NOOR, JONAS), euro(900), JONAS, JONAS),
        ((NOOR, JONAS), euro(200_000), NOOR, NOOR),
        ((NOOR, JONAS, FINANCE), euro(900), JONAS, FINANCE),
        ((NOOR, JONAS, FINANCE), euro(200_000), NOOR, FINANCE),
        ((JONAS, HELPER), euro(200_000), JONAS, JONAS),
        ((HELPER,), euro(900), HELPER, HELPER),
        ((), euro(900), None, None),
    ],
)
def test_a_matter_comes_before_the_partners_own_manager_and_a_payment_before_finance(
    managers: tuple[Manager, ...], total: Money, approver: Manager | None, payer: Manager | None
) -> None:
    made: Any = PayoutRights(replace(program(), managers=managers), RATES, TODAY)
    assert (made.approver(GERMAN, total), made.payer(GERMAN, total)) == (approver, payer)
