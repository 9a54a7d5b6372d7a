"""A dispute that was opened before: where it stands, what was decided and why, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bot.intents import hand_over, rights
from bot.intents.customer import may_mean
from bot.intents.own_deals import digits
from bot.intents.phrases import text
from bot.intents.statements_told import disputed_line, open_disputes
from bot.vocabulary.decisions import Decision, Outcome, Value, WithdrawDispute
from bot.vocabulary.facts import Facts
from bot.vocabulary.money import MoneyFacts
from bot.vocabulary.requests import DisputeDetails, Request
from crm.records import ContactRight
from knowledge.commission.account import Line
from knowledge.commission.statement import Dispute, DisputeState

_TOLD_FOR = timedelta(days=180)
_MOST = 10


def status(request: Request, facts: Facts) -> Decision:
    """The open ones and what was decided in the last months; those that are named, where any are."""
    refused = rights.refused(ContactRight.SEE_COMMISSION, facts)
    if refused or facts.money is None:
        return refused or hand_over.decide(request, facts)
    money = facts.money
    recent = [d for d in money.disputes if d.state is DisputeState.OPEN or _day(d, facts) >= _since(facts)]
    found = _meant(request, recent, facts, money) or recent
    if not found:
        return Decision((), (Outcome("dispute.none", figures=True),), "dispute_told")
    lines = tuple(_line(dispute, facts, money) for dispute in found[:_MOST])
    return Decision((), (Outcome("dispute.status", {"lines": lines}, figures=True),), "dispute_told")


def withdraw(request: Request, facts: Facts) -> Decision:
    """The one that is meant; where several are open and none is named, it is asked which."""
    refused = rights.refused(ContactRight.SEE_COMMISSION, facts)
    if refused or facts.money is None:
        return refused or hand_over.decide(request, facts)
    money = facts.money
    still_open = open_disputes(money)
    if not still_open:
        return Decision((), (Outcome("dispute.none_open", figures=True),), "dispute_told")
    found = _meant(request, still_open, facts, money)
    if len(found) != 1 and not (found and _means_all(request)):
        lines = tuple(disputed_line(d, money) for d in (found or still_open)[:_MOST])
        return Decision((), (Outcome("dispute.withdraw_which", {"lines": lines}, figures=True),), "dispute_asked")
    commands = tuple(WithdrawDispute(dispute.id) for dispute in found)
    lines = tuple(disputed_line(dispute, money) for dispute in found)
    return Decision(commands, (Outcome("dispute.withdrawn", {"lines": lines}, figures=True),), "dispute_withdrawn")


def _meant(request: Request, disputes: Sequence[Dispute], facts: Facts, money: MoneyFacts) -> Sequence[Dispute]:
    """Those of the customer, deal or statement that is named, or of the statement or deal of the thread, else all."""
    by_key = {stated.line.key: stated.line for stated in money.lines}
    customer = getattr(request.fields, "customer", None)
    numbers = request.fields.deal_refs if isinstance(request.fields, DisputeDetails) else ()
    statement = getattr(request.fields, "statement_ref", None)
    if customer or numbers:
        wanted = {digits(number) for number in numbers}
        return [d for d in disputes if (line := by_key.get(d.line)) and _is_of(line, customer, wanted)]
    if statement:
        return [d for d in disputes if d.statement_number == statement.upper()]
    here = [d for d in disputes if d.statement_number == facts.thread.subject_ref]
    return here or disputes


def _is_of(line: Line, customer: str | None, numbers: set[str]) -> bool:
    if numbers:
        return digits(line.deal_number) in numbers
    return bool(customer) and may_mean(customer or "", line.customer, "")


def _means_all(request: Request) -> bool:
    return isinstance(request.fields, DisputeDetails) and request.fields.whole


def _line(dispute: Dispute, facts: Facts, money: MoneyFacts) -> Value:
    about = disputed_line(dispute, money)
    day = _day(dispute, facts)
    if dispute.state in (DisputeState.UPHELD, DisputeState.CORRECTED) and dispute.reason:
        return text(f"dispute.is_{dispute.state.value}", line=about, on=day, reason=dispute.reason)
    return text(f"dispute.is_{dispute.state.value}_bare", line=about, on=day)


def _day(dispute: Dispute, facts: Facts) -> date:
    return (dispute.resolved_at or dispute.opened_at).astimezone(facts.now.tzinfo).date()


def _since(facts: Facts) -> date:
    return facts.now.date() - _TOLD_FOR
