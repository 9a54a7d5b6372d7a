"""A partner with money to talk about: two won deals, an open one, a statement that waits for its invoice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from bot.steps.say import Listener, say
from bot.vocabulary.decisions import Decision
from bot.vocabulary.facts import Facts
from bot.vocabulary.money import MoneyFacts
from crm.records import AmountBasis, Channel, Deal, Payment, Stage
from knowledge.commission.account import Account, Line, Posted, TierHistory, TierSince
from knowledge.commission.exchange import RateTable
from knowledge.commission.statement import Dispute, DisputeState, LineState, StatedLine, Statement
from knowledge.programs import Programs
from tests.builders import deal, euro, facts, partner, program
from tests.unit.bot.payouts.made import line, statement

LINE_ACME = line("k-1", "1050.00", earned_on=date(2026, 10, 12), tier="Select", event="pay-1")
LINE_ORION = line(
    "k-2",
    "2550.00",
    earned_on=date(2026, 10, 20),
    deal_id="h-2",
    deal_number="D-2002",
    customer="Orion AG",
    event="pay-2",
)
OCTOBER = statement(LINE_ACME, LINE_ORION, id="st-10")


def won(**changes: Any) -> Deal:
    """Acme, won in September: 100 seats, 24,000 a year, paid by the quarter."""
    made = deal(stage=Stage.WON, won_on=date(2026, 9, 1), amount=euro(24000), amount_basis=AmountBasis.ANNUAL)
    return replace(made, **changes)


def orion() -> Deal:
    return won(id="h-2", number="D-2002", customer="Orion AG", customer_domain="orion.example")


def globex() -> Deal:
    """An open one: 50 seats, 14,400 a year."""
    return deal(
        id="h-3", number="D-3003", customer="Globex", customer_domain="globex.example", quantity=50, amount=euro(14400),
        amount_basis=AmountBasis.ANNUAL, stage=Stage.PROPOSAL,
    )  # fmt: skip


def stated(*lines: Line, state: LineState = LineState.ON_STATEMENT, on: str = "S-2026-10") -> tuple[StatedLine, ...]:
    return tuple(StatedLine(one, state, on) for one in lines)


def dispute(about: Line = LINE_ACME, **changes: Any) -> Dispute:
    made = Dispute(
        "di-1",
        "st-10",
        "S-2026-10",
        about.key,
        "p-1",
        "c-1",
        "too low",
        DisputeState.OPEN,
        datetime(2026, 11, 20, tzinfo=UTC),
    )
    return replace(made, **changes)


def world(
    statements: Sequence[Statement] = (OCTOBER,),
    lines: Sequence[StatedLine] = stated(LINE_ACME, LINE_ORION),
    disputes: Sequence[Dispute] = (),
    deals: Sequence[Deal] = (),
    payments: Sequence[Payment] = (),
    **changes: Any,
) -> Facts:
    held = tuple(deals) or (won(), orion(), globex())
    posted = tuple(
        Posted(s.line.key, s.line.series, s.line.event, s.line.part, s.line.earned_on, s.line.amount) for s in lines
    )
    account = Account(
        partner(), held, tuple(payments), tiers=TierHistory((TierSince(date(2026, 1, 1), "Select"),)), posted=posted
    )
    money = MoneyFacts(
        Programs((program(),)), RateTable("EUR"), account, tuple(lines), tuple(statements), tuple(disputes)
    )
    return facts(deals=held, payments=tuple(payments), **{"money": money, **changes})


def told(decision: Decision, language: str = "en", channel: Channel = Channel.EMAIL) -> str:
    reply = say((decision,), Listener(language, channel, "", "Lumora"))
    assert reply is not None
    return reply.text.replace("\u00a0", " ").replace("\u202f", " ")
