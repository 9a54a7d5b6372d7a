"""Compares a partner's invoice with the statement it is for, and says what follows: to the cent, and never a guess."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.intents import statements_told
from bot.intents.own_money import live, statement_named
from bot.intents.phrases import text
from bot.vocabulary.decisions import Command, Outcome, TakeInvoice, Value
from bot.vocabulary.facts import Facts
from bot.vocabulary.money import InvoiceFault, InvoiceRead, MoneyFacts
from knowledge.commission.statement import Shown, Statement, StatementState

_TAKING = (StatementState.ISSUED, StatementState.DECLINED)
_STOPPED = (StatementState.POSTPONED, StatementState.BLOCKED)


@dataclass(frozen=True, slots=True)
class Matched:
    """`to_person` where somebody has to look at it; `asks` the statements among which it is to be told which."""

    commands: tuple[Command, ...]
    outcomes: tuple[Outcome, ...]
    log: str
    to_person: bool = False
    asks: tuple[Statement, ...] = ()


def match(sha256: str, read: InvoiceRead, said: str | None, facts: Facts, money: MoneyFacts) -> Matched:
    """`said` is the number of the statement as the message names it."""
    taken = TakeInvoice(sha256, "", read, matches=False)
    if read.fault is not None:
        person = read.fault is not InvoiceFault.NO_INVOICE
        outcome = Outcome(f"invoice.{read.fault.value}", {"file": read.file})
        return Matched((), (outcome,), f"invoice_{read.fault.value}", to_person=person)
    if read.credit_note:
        return Matched((taken,), (Outcome("invoice.credit_note", {"file": read.file}),), "invoice_credit_note", True)
    found = _statement(read, said, facts, money)
    if isinstance(found, Matched):
        return replace(found, commands=(taken,) if not found.asks else ())
    return _with(replace(taken, statement_id=found.id), read, found, facts, money)


def open_for_invoice(money: MoneyFacts) -> tuple[Statement, ...]:
    """Statements that wait for an invoice, the latest first."""
    return tuple(s for s in live(money) if _waits(s))


def _waits(statement: Statement) -> bool:
    stopped = statement.state in _STOPPED and statement.before is StatementState.ISSUED
    return statement.state in _TAKING or stopped


def _statement(read: InvoiceRead, said: str | None, facts: Facts, money: MoneyFacts) -> Statement | Matched:
    """Which one it is for: named in the document or the message, the thread's, else the only one that it fits."""
    named = tuple(dict.fromkeys(number for number in (read.statement, said) if number))
    known = tuple(s for number in named if (s := statement_named(money, number)))
    if len(known) > 1 and known[0] != known[1]:
        return _which(known, read)
    if known:
        return known[0]
    if named:
        return Matched((), (Outcome("invoice.no_such_statement", {"said": named[0]}),), "statement_unknown")
    if here := statement_named(money, facts.thread.subject_ref):
        return here
    return _same_again(read, money) or _fitting(read, money)


def _same_again(read: InvoiceRead, money: MoneyFacts) -> Statement | None:
    """The statement that this very invoice came for before."""
    same = (s for s in live(money) if read.number and s.invoice_number == read.number and s.invoice_total == read.net)
    return next(same, None)


def _fitting(read: InvoiceRead, money: MoneyFacts) -> Statement | Matched:
    waiting = open_for_invoice(money)
    if not waiting:
        return Matched((), (Outcome("invoice.none_open", figures=True),), "invoice_none_open", to_person=True)
    exact = tuple(s for s in waiting if s.total == read.net)
    candidates = exact or waiting
    return candidates[0] if len(candidates) == 1 else _which(candidates, read)


def _which(candidates: tuple[Statement, ...], read: InvoiceRead) -> Matched:
    lines = tuple(text("invoice.choice", number=s.number, total=s.total) for s in candidates)
    asked = Outcome("invoice.which", {"file": read.file, "statements": lines}, figures=True)
    return Matched((), (asked,), "invoice_statement_asked", asks=candidates)


def _with(taken: TakeInvoice, read: InvoiceRead, statement: Statement, facts: Facts, money: MoneyFacts) -> Matched:
    """What follows where the statement is known."""
    if not _waits(statement):
        return _not_awaited(taken, read, statement)
    if used := _used(read, statement, money):
        values: dict[str, Value] = {"invoice": read.number, "statement": used.number}
        return Matched((taken,), (Outcome("invoice.number_used", values, figures=True),), "invoice_number_used")
    if not read.number:
        return Matched((taken,), (Outcome("invoice.no_number", {"file": read.file}),), "invoice_no_number")
    if read.net is None:
        values = {"file": read.file, "statement": statement.number, "total": statement.total}
        return Matched((taken,), (Outcome("invoice.no_net", values, figures=True),), "invoice_no_net", to_person=True)
    if read.net != statement.total:
        return _different(taken, read, statement)
    values = {"invoice": read.number, "net": read.net, "statement": statement.number}
    outcomes = [Outcome("invoice.matched", values, figures=True)]
    if statement.state in _STOPPED:
        outcomes.append(Outcome("invoice.stopped", {"state": statements_told.state(statement)}, figures=True))
    elif rules := facts.program.statements:
        outcomes.append(Outcome("invoice.then_paid", {"days": rules.payment_days_after_approval}))
    return Matched((replace(taken, matches=True),), tuple(outcomes), "invoice_matched")


def _not_awaited(taken: TakeInvoice, read: InvoiceRead, statement: Statement) -> Matched:
    """The same invoice once more is said to be there; another one for what has one is for a person."""
    values: dict[str, Value] = {
        "invoice": read.number or read.file,
        "statement": statement.number,
        "state": statements_told.state(statement),
    }
    if read.number and read.number == statement.invoice_number and read.net in (None, statement.invoice_total):
        return Matched((), (Outcome("invoice.had_already", values, figures=True),), "invoice_repeated")
    key = "invoice.paid_already" if statement.shown is Shown.PAID else "invoice.another"
    return Matched((taken,), (Outcome(key, values, figures=True),), "invoice_not_awaited", to_person=True)


def _used(read: InvoiceRead, statement: Statement, money: MoneyFacts) -> Statement | None:
    """Another statement for which an invoice of this number came before, however it is written."""
    number = _folded(read.number)
    others = (s for s in live(money) if s.id != statement.id and number and _folded(s.invoice_number) == number)
    return next(others, None)


def _folded(number: str) -> str:
    return "".join(c for c in number.casefold() if c.isalnum())


def _different(taken: TakeInvoice, read: InvoiceRead, statement: Statement) -> Matched:
    """Told to the cent, and what would be right; a total with tax that equals the net sum is named as what it is."""
    assert read.net is not None
    values: dict[str, Value] = {
        "invoice": read.number,
        "net": read.net,
        "statement": statement.number,
        "total": statement.total,
    }
    if read.net.currency != statement.total.currency:
        return Matched((taken,), (Outcome("invoice.currency", values, figures=True),), "invoice_currency")
    if read.total == statement.total and read.vat is not None and read.vat.amount:
        return Matched((taken,), (Outcome("invoice.gross", values, figures=True),), "invoice_differs")
    key = "invoice.too_low" if read.net < statement.total else "invoice.too_high"
    difference = statement.total - read.net if read.net < statement.total else read.net - statement.total
    return Matched((taken,), (Outcome(key, values | {"difference": difference}, figures=True),), "invoice_differs")
