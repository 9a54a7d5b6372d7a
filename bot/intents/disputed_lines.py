"""Which lines of which statement a partner does not agree with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.intents.customer import may_mean
from bot.intents.own_deals import digits
from bot.intents.own_money import live, statement_named
from bot.vocabulary.facts import Facts
from bot.vocabulary.money import MoneyFacts
from bot.vocabulary.requests import DisputeDetails, DisputeFields
from crm.records import Deal
from knowledge.commission.account import Line
from knowledge.commission.correcting import settled
from knowledge.commission.statement import Statement


@dataclass(frozen=True, slots=True)
class OnStatement:
    """A line with its statement and its place on it, from 1."""

    statement: Statement
    line: Line
    place: int


def on(statement: Statement, money: MoneyFacts) -> tuple[OnStatement, ...]:
    """Its lines in their order, but for those that a correction has settled: another one stands in their place."""
    by_key = {stated.line.key: stated.line for stated in money.lines}
    gone = settled(by_key.values())
    places = [(place, key) for place, key in enumerate(statement.lines, 1) if key in by_key and key not in gone]
    return tuple(OnStatement(statement, by_key[key], place) for place, key in places)


def scope(wanted: DisputeFields, facts: Facts, money: MoneyFacts) -> tuple[Statement, ...] | None:
    """The statement that is named, else that of the thread, else all of them; None where the named one is not there."""
    if wanted.statement_ref:
        named = statement_named(money, wanted.statement_ref)
        return (named,) if named else None
    here = statement_named(money, facts.thread.subject_ref)
    return (here,) if here else live(money)


def names_any(wanted: DisputeFields) -> bool:
    """Whether the message says which lines it means."""
    if wanted.customer:
        return True
    return isinstance(wanted, DisputeDetails) and bool(
        wanted.deal_refs or wanted.amounts or wanted.lines or wanted.whole
    )


def meant(
    wanted: DisputeFields, statements: tuple[Statement, ...], facts: Facts, money: MoneyFacts
) -> tuple[OnStatement, ...]:
    """The lines that fit everything that is said of them, on the latest statement that has such a line."""
    for statement in statements:
        found = tuple(one for one in on(statement, money) if _fits(one, wanted, facts))
        if found:
            return found
    return ()


def _fits(one: OnStatement, wanted: DisputeFields, facts: Facts) -> bool:
    if wanted.customer and not _is_of(one.line, wanted.customer, facts):
        return False
    if not isinstance(wanted, DisputeDetails):
        return True
    numbers = {digits(ref) for ref in wanted.deal_refs}
    if numbers and digits(one.line.deal_number) not in numbers:
        return False
    if wanted.lines and one.place not in wanted.lines:
        return False
    amounts = set(wanted.amounts)
    # An amount may be what the line should have been: it only tells among lines where it is on one of them.
    return not amounts or one.line.amount.amount in amounts or bool(wanted.customer or numbers or wanted.lines)


def _is_of(line: Line, customer: str, facts: Facts) -> bool:
    deal = next(_deals(line, facts), None)
    return may_mean(customer, line.customer, deal.customer_domain if deal else "")


def _deals(line: Line, facts: Facts) -> Iterator[Deal]:
    return (deal for deal in facts.deals if deal.number == line.deal_number)
