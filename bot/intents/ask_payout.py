"""Where the partner's money is: its statements and their states, what is carried on, what is in dispute."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from bot.intents import hand_over, rights, statements_told
from bot.intents.all_earnings import carried
from bot.intents.earned import next_statement
from bot.intents.own_money import OwnMoney, Standing, in_all, live, own_money, statement_named
from bot.vocabulary.decisions import Decision, Outcome, Value
from bot.vocabulary.facts import Facts
from bot.vocabulary.money import MoneyFacts
from bot.vocabulary.requests import PayoutFields, Request
from knowledge.commission.statement import Shown, Statement

_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_MONTH, _YEAR = re.compile(r"\d{4}-\d{2}"), re.compile(r"\d{4}")
_AT_ONCE = 3


def decide(request: Request, facts: Facts) -> Decision:
    refused = rights.statements_refused(facts)
    if refused or facts.money is None:
        return refused or hand_over.decide(request, facts)
    return _answered(request, facts, facts.money)


def _answered(request: Request, facts: Facts, money: MoneyFacts) -> Decision:
    said = getattr(request.fields, "statement_ref", None)
    if said:
        statement = statement_named(money, said)
        if statement is None:
            return no_such_statement(said)
        return _told([statements_told.one(statement, money, facts), *_waits(statement, facts)])
    months = months_of(request.fields.period) if isinstance(request.fields, PayoutFields) else ()
    if months:
        return _told(_of_period(months, facts, money))
    return _told(_everything(facts, money))


def no_such_statement(said: str) -> Decision:
    """The same words for what is somebody else's and for what does not exist."""
    return Decision((), (Outcome("payout.no_such_statement", {"said": said}),), "statement_unknown")


def months_of(period: str | None) -> tuple[str, ...]:
    """The ISO months of a month, quarter or year; none for what is no period."""
    if not period:
        return ()
    if found := _QUARTER.fullmatch(period):
        first = int(found[2]) * 3 - 2
        return tuple(f"{found[1]}-{month:02d}" for month in range(first, first + 3))
    if _MONTH.fullmatch(period):
        return (period,) if 1 <= int(period[5:]) <= 12 else ()
    return tuple(f"{period}-{month:02d}" for month in range(1, 13)) if _YEAR.fullmatch(period) else ()


def _of_period(months: Sequence[str], facts: Facts, money: MoneyFacts) -> Iterator[Outcome]:
    found = [s for s in live(money) if s.period in months]
    if len(found) > _AT_ONCE:
        yield from statements_told.several(found)
        return
    for statement in found:
        yield statements_told.one(statement, money, facts)
        yield from _waits(statement, facts)
    if not found:
        yield from _none_for(months, facts, money)


def _none_for(months: Sequence[str], facts: Facts, money: MoneyFacts) -> Iterator[Outcome]:
    """Why there is no statement: nothing was earned, it comes later, or it is carried on."""
    own = own_money(facts, money)
    waiting = [
        one
        for one in own.lines
        if own.standing(one) is Standing.EARNED and one.line.earned_on.isoformat()[:7] in months
    ]
    yield Outcome("payout.none_for", {"period": months[0], "until": months[-1]}, figures=True)
    if not waiting:
        yield Outcome("payout.nothing_earned", figures=True)
        return
    yield from _on_its_way(own, facts, money)


def _everything(facts: Facts, money: MoneyFacts) -> Iterator[Outcome]:
    """What is not paid yet, else the latest; then what is on its way, what is carried on, and what is in dispute."""
    statements, own = live(money), own_money(facts, money)
    open_ones = [s for s in statements if s.shown is not Shown.PAID]
    if len(open_ones) > _AT_ONCE:
        yield from statements_told.several(open_ones)
    for statement in open_ones if len(open_ones) <= _AT_ONCE else ():
        yield statements_told.one(statement, money, facts)
        yield from _waits(statement, facts)
    if not open_ones:
        yield from (statements_told.one(s, money, facts) for s in statements[:1])
    if not statements:
        yield Outcome("payout.no_statements", figures=True)
    yield from _on_its_way(own, facts, money)
    told = open_ones if len(open_ones) <= _AT_ONCE else ()
    yield from _disputes(money, {statement.id for statement in told})


def _on_its_way(own: OwnMoney, facts: Facts, money: MoneyFacts) -> Iterator[Outcome]:
    reasons = tuple(carried(own, facts, money))
    rolled = {outcome.values["total"] for outcome in reasons}
    waiting = [one.line for one in own.lines if own.standing(one) is Standing.EARNED]
    due = tuple(t for t in in_all(line.amount for line in waiting) if t.amount > 0 and t not in rolled)
    days = sorted({day for line in waiting if (day := next_statement(line.earned_on, facts))})
    if due and days:
        yield Outcome("commission.next_statement", {"on": days[0], "total": due}, figures=True)
    yield from reasons


def _waits(statement: Statement, facts: Facts) -> Iterator[Outcome]:
    """What the partner can do for it to go on."""
    if statement.shown is Shown.PENDING_INVOICE:
        values: dict[str, Value] = {
            "number": statement.number,
            "total": statement.total,
            "address": facts.program.vendor.invoices_address,
        }
        yield Outcome("payout.send_invoice", values, figures=True)


def _disputes(money: MoneyFacts, told: Collection[str]) -> Iterator[Outcome]:
    """The open ones, but for those of statements that were told with theirs."""
    found = [d for d in statements_told.open_disputes(money) if d.statement_id not in told]
    if found:
        lines = tuple(statements_told.disputed_line(dispute, money) for dispute in found)
        yield Outcome("dispute.open_ones", {"lines": lines}, figures=True)


def _told(outcomes: Sequence[Outcome] | Iterator[Outcome]) -> Decision:
    return Decision((), tuple(outcomes), "payout_told")
