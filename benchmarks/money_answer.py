"""How long an answer about money takes to compute, for a partner with 200 deals and 600 payments."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

from bot.steps.decide import decide
from bot.steps.say import Listener, say
from bot.vocabulary.facts import Facts
from bot.vocabulary.message import ThreadContext
from bot.vocabulary.money import MoneyFacts
from bot.vocabulary.requests import (
    CommissionFields,
    Finer,
    Intent,
    PayoutFields,
    Reading,
    Request,
    WhatIfFields,
)
from crm.money import Money
from crm.records import AmountBasis, Channel, Deal, Partner, PartnerType, Payment, Stage
from knowledge.commission.account import Account, Posted, TierHistory, TierSince
from knowledge.commission.earning import earn
from knowledge.commission.exchange import RateTable
from knowledge.commission.statement import LineState, StatedLine
from knowledge.loading import load_program
from knowledge.programs import Programs

DEALS, PAYMENTS, ROUNDS = 200, 600, 9
TARGET = 0.050
_NOW = datetime(2026, 11, 27, 10, 0, tzinfo=ZoneInfo("Europe/Brussels"))
_FIRST = (
    "Aldgate", "Bramble", "Corvus", "Dunmore", "Estuary", "Falcon", "Granite", "Harbour", "Ivory", "Juniper",
    "Kestrel", "Lantern", "Meridian", "Nimbus", "Orchard", "Pelican", "Quarry", "Rowan", "Summit", "Tamarind",
)  # fmt: skip
_SECOND = ("Foods", "Logistics", "Works", "Clinics", "Energy", "Media", "Textiles", "Labs", "Freight", "Ceramics")
_PROGRAM = Path(__file__).parents[1] / "config" / "program"


@dataclass(frozen=True)
class Timed:
    """One question with the median seconds of deciding and wording it."""

    question: str
    seconds: float


def measure(kind: PartnerType = PartnerType.REFERRAL) -> tuple[Timed, ...]:
    facts = _world(kind)
    return tuple(Timed(name, _median(lambda asked=asked: _answer(asked, facts))) for name, asked in _questions())  # type: ignore[misc]


def _questions() -> Iterator[tuple[str, Request]]:
    named = CommissionFields(customer=_named(7))
    yield "one deal", Request(Intent.ASK_COMMISSION, named)
    yield "all deals", Request(Intent.ASK_COMMISSION, CommissionFields(), finer=Finer.EARNINGS)
    yield "why", Request(Intent.ASK_COMMISSION, named, finer=Finer.WHY_COMMISSION)
    yield "what if", Request(Intent.ASK_COMMISSION, WhatIfFields(_named(8), seats=80), finer=Finer.WHAT_IF)
    yield "where the money is", Request(Intent.ASK_PAYOUT, PayoutFields())


def _answer(asked: Request, facts: Facts) -> None:
    decisions = decide(Reading("en", (asked,), answer_expected=True), facts)
    assert say(decisions, Listener("en", Channel.EMAIL, "", "Lumora")) is not None


def _median(work: Callable[[], None]) -> float:
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return median(taken)


def _world(kind: PartnerType) -> Facts:
    """Every second deal is won and paid in six parts; what was earned is posted but for the last week's, which is more
    than the nightly posting ever leaves.
    """
    program = load_program(_PROGRAM)
    partner = Partner("p-1", "Brightpath", (kind,), "Select")
    deals = tuple(_deal(number) for number in range(DEALS))
    won = [deal for deal in deals if deal.stage is Stage.WON]
    payments = tuple(_payment(number, won[number % len(won)]) for number in range(PAYMENTS))
    account = Account(partner, deals, payments, tiers=TierHistory((TierSince(date(2024, 1, 1), "Select"),)))
    programs, rates = Programs((program,)), RateTable("EUR")
    lines = earn(programs, account, rates, _NOW.date() - timedelta(days=7)).lines
    posted = tuple(Posted(x.key, x.series, x.event, x.part, x.earned_on, x.amount) for x in lines)
    stated = tuple(StatedLine(line, LineState.EARNED) for line in lines)
    money = MoneyFacts(programs, rates, replace(account, posted=posted), stated)
    return Facts(
        partner=partner, contact=None, deals=deals, payments=payments, registrations=(), program=program,
        thread=ThreadContext(), channel=Channel.EMAIL, now=_NOW, manager=program.managers[0], money=money,
    )  # fmt: skip


def _named(number: int) -> str:
    """A name that is like no other."""
    return f"{_FIRST[number % 20]} {_SECOND[number // 20]}"


def _deal(number: int) -> Deal:
    made = Deal(
        id=f"h-{number}", number=f"D-{10_000 + number}", partner_id="p-1", customer=_named(number),
        customer_domain=f"customer{number}.example", products=("Lumora Core",), amount=Money(Decimal(14_400), "EUR"),
        amount_basis=AmountBasis.ANNUAL, stage=Stage.PROPOSAL, close_date=None, created_on=date(2026, 1, 5),
        quantity=50, term_months=12,
    )  # fmt: skip
    won_on = date(2026, 1, 10) + timedelta(days=number % 280)
    return replace(made, stage=Stage.WON, won_on=won_on) if number % 2 else made


def _payment(number: int, deal: Deal) -> Payment:
    on = (deal.won_on or deal.created_on) + timedelta(days=number // 100 + 1)
    return Payment(f"y-{number}", deal.id, "p-1", Money(Decimal("2400.00"), "EUR"), on)


if __name__ == "__main__":
    for one in (PartnerType.REFERRAL, PartnerType.RESELLER):
        for timed in measure(one):
            print(f"{one.value:10} {timed.question:20} {timed.seconds * 1000:7.1f} ms")
