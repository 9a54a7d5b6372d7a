"""The partner's money as it stands once a message's earlier wish is carried out: its later wishes are about that."""

from __future__ import annotations

from dataclasses import replace

from bot.vocabulary.decisions import Command, OpenDispute, TakeInvoice
from bot.vocabulary.money import MoneyFacts
from crm.money import Money
from knowledge.commission.statement import LineState, Statement, StatementState

_ASKING = (StatementState.ISSUED, StatementState.DECLINED)


def after(money: MoneyFacts, command: Command) -> MoneyFacts:
    match command:
        case OpenDispute(statement_id, keys):
            lines = tuple(
                replace(one, state=LineState.DISPUTED, statement="") if one.line.key in keys else one
                for one in money.lines
            )
            taken = [one.line.amount for one in lines if one.line.key in keys]
            made = tuple(_without(s, keys, taken) if s.id == statement_id else s for s in money.statements)
            return replace(money, lines=lines, statements=made)
        case TakeInvoice(matches=True):
            made = tuple(_invoiced(s, command) if s.id == command.statement_id else s for s in money.statements)
            return replace(money, statements=made)
    return money


def _without(statement: Statement, keys: tuple[str, ...], taken: list[Money]) -> Statement:
    """Its invoice is asked for anew; nothing is left to ask for where every line is gone."""
    left = tuple(key for key in statement.lines if key not in keys)
    state = StatementState.ISSUED if statement.state is StatementState.INVOICE_RECEIVED else statement.state
    before = StatementState.ISSUED if statement.before is StatementState.INVOICE_RECEIVED else statement.before
    return replace(
        statement, lines=left, total=sum((-amount for amount in taken), statement.total), before=before,
        state=state if left else StatementState.VOID, invoice_number="", invoice_total=None, invoice_at=None,
    )  # fmt: skip


def _invoiced(statement: Statement, command: TakeInvoice) -> Statement:
    had = replace(statement, invoice_number=command.invoice.number, invoice_total=command.invoice.net)
    if statement.state in _ASKING:
        return replace(had, state=StatementState.INVOICE_RECEIVED, note="")
    return replace(had, before=StatementState.INVOICE_RECEIVED) if statement.before in _ASKING else statement
