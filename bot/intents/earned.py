"""What one deal brings: its lines with where each stands, what is still to come and waits for what, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from bot.documents.derivation import told
from bot.intents.own_money import OwnMoney, Standing, in_all
from bot.intents.phrases import text
from bot.vocabulary.decisions import Outcome, Value
from bot.vocabulary.facts import Facts
from crm.money import Money
from knowledge.commission.account import Awaits, Line, ToCome
from knowledge.commission.derivation import Derivation, Said
from knowledge.commission.rewards import PLAN_ID as REWARDS
from knowledge.commission.statement import Shown, StatedLine
from knowledge.program import StatementRules

_MOST_LINES = 12


def of_deal(called: Value, number: str, own: OwnMoney, facts: Facts) -> Outcome:
    """A won deal's commission: every line where there are few, else what stands where; then what is still to come."""
    return of_lines(called, own.of_deal(number), own.coming(number), own, facts)


def of_lines(
    called: Value, stated: Sequence[StatedLine], coming: Sequence[ToCome], own: OwnMoney, facts: Facts
) -> Outcome:
    """The same of these lines, and of what is still to come."""
    if not stated and not coming:
        return Outcome("commission.deal_nothing", {"deal": called}, figures=True)
    listed = [_line(one, own, facts) for one in stated] if len(stated) <= _MOST_LINES else _grouped(stated, own)
    lines = (*listed, *(still_to_come(found) for found in coming))
    total = in_all([*(one.line.amount for one in stated), *(found.amount for found in coming)])
    return Outcome("commission.deal_won", {"deal": called, "lines": lines, "total": total}, figures=True)


def why(called: Value, stated: Sequence[StatedLine], coming: Sequence[ToCome], amount: Money | None) -> list[Outcome]:
    """How the line of that amount, else the latest one, came about; of what earned nothing yet, what is to come."""
    if stated:
        chosen = next((one for one in reversed(stated) if one.line.amount == amount), stated[-1])
        outcomes = [line_derived(called, chosen.line)]
        if len(stated) > 1:
            outcomes.append(Outcome("commission.why_others", {"count": len(stated) - 1}, figures=True))
        if coming:
            lines = tuple(text("money.deal_to_come", deal=called, amount=c.amount, awaits=awaited(c)) for c in coming)
            outcomes.append(Outcome("commission.coming", {"lines": lines[:_MOST_LINES]}, figures=True))
        return outcomes
    return [_coming_derived(called, found) for found in coming[:1]]


def line_derived(called: Value, line: Line) -> Outcome:
    values: dict[str, Value] = {
        "deal": called,
        "amount": line.amount,
        "day": line.earned_on,
        "plan": text("sheet.rewards") if line.plan_id == REWARDS else line.plan,
        "version": line.version,
        "steps": tuple(told(step) for step in line.steps),
    }
    return Outcome("commission.why_line", values, figures=True)


def derived(key: str, called: Value, found: Derivation, **more: Value) -> Outcome:
    """A figure of no line yet, with how it comes about."""
    values: dict[str, Value] = {
        "deal": called,
        "result": found.result,
        "plan": found.plan,
        "version": found.version,
        "steps": tuple(told(step) for step in found.steps),
    }
    return Outcome(key, values | more, figures=True)


def is_in_parts(quoted: Outcome) -> bool:
    """Whether the sum of `derived` comes in parts, each of which waits for something of its own."""
    steps = quoted.values["steps"]
    return isinstance(steps, tuple) and any(isinstance(s, Mapping) and s.get("text") == _PART for s in steps)


_PART = f"said.{Said.PART}"


def still_to_come(found: ToCome) -> Value:
    return text("money.to_come", amount=found.amount, awaits=awaited(found))


def awaited(found: ToCome) -> Value:
    """What a sum waits for, with the day where one is known."""
    if found.on is not None and found.awaits in (Awaits.PERIOD, Awaits.PAYMENT):
        return text(f"awaits.{found.awaits.value}_on", on=found.on)
    return text(f"awaits.{found.awaits.value}")


def stands(stated: StatedLine, own: OwnMoney, facts: Facts) -> Value:
    """Where a line stands in words: its statement, the day of payment, or the statement that it will be on."""
    statement = own.statements.get(stated.statement) if stated.statement else None
    standing = own.standing(stated)
    if standing is Standing.DISPUTED:
        return text("stands.disputed")
    if statement is None:
        on = next_statement(stated.line.earned_on, facts)
        return text("stands.earned", on=on) if on else text("stands.earned_some_day")
    match statement.shown:
        case Shown.PAID if statement.paid_on:
            return text("stands.paid_on", on=statement.paid_on, statement=statement.number)
        case Shown.APPROVED if statement.pay_by:
            return text("stands.approved_until", on=statement.pay_by, statement=statement.number)
        case shown:
            return text(f"stands.{shown.value}", statement=statement.number)


def next_statement(earned_on: date, facts: Facts) -> date | None:
    """When what was earned that day goes on a statement; what should have been on an earlier one, on the next."""
    rules = facts.program.statements
    if rules is None:
        return None
    issued, today = _issue_after(earned_on, rules), facts.now.date()
    return issued if issued > today else _issue_after(today - timedelta(days=today.day), rules, after=today)


def _issue_after(day: date, rules: StatementRules, after: date | None = None) -> date:
    """The day of issue in the month after `day`, or the first later one that comes `after` a day."""
    month = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    issued = _in_month(month, rules)
    while after is not None and issued <= after:
        month = (month + timedelta(days=32)).replace(day=1)
        issued = _in_month(month, rules)
    return issued


def _in_month(first: date, rules: StatementRules) -> date:
    last = ((first + timedelta(days=32)).replace(day=1) - timedelta(days=1)).day
    return first.replace(day=min(rules.day_of_month, last))


def _line(stated: StatedLine, own: OwnMoney, facts: Facts) -> Value:
    line = stated.line
    return text("money.line", day=line.earned_on, amount=line.amount, stands=stands(stated, own, facts))


def _grouped(stated: Sequence[StatedLine], own: OwnMoney) -> list[Value]:
    """A row for each place where lines stand, in the order in which they go."""
    rows: list[Value] = []
    for standing in Standing:
        here = [one.line.amount for one in stated if own.standing(one) is standing]
        if here:
            name = text(f"standing.{standing.value}")
            rows.append(text("money.group", standing=name, amount=in_all(here), count=len(here)))
    return rows


def _coming_derived(called: Value, found: ToCome) -> Outcome:
    values: dict[str, Value] = {
        "deal": called,
        "amount": found.amount,
        "awaits": awaited(found),
        "plan": found.plan,
        "version": found.version,
        "steps": tuple(told(step) for step in found.steps),
    }
    return Outcome("commission.why_coming", values, figures=True)
