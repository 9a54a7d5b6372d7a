"""A statement in the partner's words: where it stands, what is on it, when it is paid; several of them as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.intents.offers import how_for_statement
from bot.intents.phrases import text
from bot.vocabulary.decisions import Outcome, Value
from bot.vocabulary.facts import Facts
from bot.vocabulary.money import MoneyFacts
from knowledge.commission.statement import Dispute, DisputeState, Shown, Statement

_MOST_LISTED = 12
_DISPUTABLE = frozenset({Shown.PENDING_INVOICE, Shown.PENDING_APPROVAL})


def one(statement: Statement, money: MoneyFacts, facts: Facts) -> Outcome:
    values: dict[str, Value] = {"number": statement.number, "facts": tuple(_facts(statement, money, facts))}
    return Outcome("payout.statement", values, figures=True, offers=(how_for_statement(statement.number),))


def several(statements: Sequence[Statement], *, more: int = 0) -> Iterator[Outcome]:
    lines = tuple(_row(statement) for statement in statements[:_MOST_LISTED])
    yield Outcome("payout.statements", {"statements": lines}, figures=True)
    left = more + max(len(statements) - _MOST_LISTED, 0)
    if left:
        yield Outcome("payout.more_statements", {"count": left}, figures=True)


def state(statement: Statement) -> Value:
    """Where it stands in a phrase, with the day that matters."""
    match statement.shown:
        case Shown.PAID if statement.paid_on:
            return text("shown.paid_on", on=statement.paid_on)
        case Shown.APPROVED if statement.pay_by:
            return text("shown.approved_until", on=statement.pay_by)
        case shown:
            return text(f"shown.{shown.value}")


def open_disputes(money: MoneyFacts, statement: Statement | None = None) -> tuple[Dispute, ...]:
    """The latest first; of one statement, or all."""
    found = (d for d in money.disputes if d.state is DisputeState.OPEN)
    return tuple(d for d in found if statement is None or d.statement_id == statement.id)


def disputed_line(dispute: Dispute, money: MoneyFacts) -> Value:
    """What a dispute is about: the deal and the sum of its line."""
    stated = next((s for s in money.lines if s.line.key == dispute.line), None)
    if stated is None:
        return dispute.statement_number
    line = stated.line
    name: Value = line.plan
    if line.deal_number:
        name = text("line.named" if line.customer else "line.number", number=line.deal_number, customer=line.customer)
    return text("money.line_of", deal=name, amount=line.amount)


def _row(statement: Statement) -> Value:
    parts = (
        text("sum.total", value=text("money.sum", amount=(statement.total,))),
        text("sum.stands", value=state(statement)),
    )
    return text("line.statement", number=statement.number, parts=parts)


def _facts(statement: Statement, money: MoneyFacts, facts: Facts) -> Iterator[Value]:
    yield text("payout.fact_state", value=state(statement))
    yield text("payout.fact_total", value=statement.total)
    if statement.issued_at:
        yield text("payout.fact_issued", value=statement.issued_at.astimezone(facts.now.tzinfo).date())
    if statement.invoice_number:
        yield text("payout.fact_invoice", value=statement.invoice_number)
    if statement.reference:
        yield text("payout.fact_reference", value=statement.reference)
    if statement.note and statement.shown not in (Shown.PAID, Shown.APPROVED):
        yield text("payout.fact_note", value=statement.note)
    for dispute in open_disputes(money, statement):
        yield text("payout.fact_disputed", value=disputed_line(dispute, money))
    last = statement.disputable_until
    if statement.shown in _DISPUTABLE and last and last >= facts.now.date():
        yield text("payout.fact_disputable", value=last)
