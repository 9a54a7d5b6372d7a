"""The partner's own money in one view: what it earned and where that stands, what is still to come, what may come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.vocabulary.facts import Facts
from bot.vocabulary.money import MoneyFacts
from crm.money import Money
from crm.records import Deal
from knowledge.commission.account import Account, ToCome
from knowledge.commission.closing import sums
from knowledge.commission.derivation import Derivation, NoQuote
from knowledge.commission.earning import earn
from knowledge.commission.exchange import RateTable
from knowledge.commission.expecting import expect, expect_all
from knowledge.commission.statement import LineState, Shown, StatedLine, Statement, StatementState
from knowledge.commission.worth import DealLike
from knowledge.programs import Programs


class Standing(StrEnum):
    """Where a sum stands, in the order in which it goes; each has a text of its own."""

    EXPECTED = "expected"
    PLANNED = "planned"
    EARNED = "earned"
    DISPUTED = "disputed"
    PENDING = "pending"
    APPROVED = "approved"
    STOPPED = "stopped"
    PAID = "paid"


_OF_STATEMENT = {
    Shown.PENDING_INVOICE: Standing.PENDING,
    Shown.PENDING_APPROVAL: Standing.PENDING,
    Shown.APPROVED: Standing.APPROVED,
    Shown.FAILED: Standing.APPROVED,
    Shown.PAID: Standing.PAID,
    Shown.DECLINED: Standing.STOPPED,
    Shown.POSTPONED: Standing.STOPPED,
    Shown.BLOCKED: Standing.STOPPED,
}
_OF_LINE = {
    LineState.PAID: Standing.PAID,
    LineState.DISPUTED: Standing.DISPUTED,
    LineState.HELD: Standing.STOPPED,
}


@dataclass(frozen=True, slots=True)
class OwnMoney:
    """`lines` are the posted ones and those that the engine finds earned since, the earliest first; void ones are gone.
    `to_come` is of won deals.
    """

    lines: tuple[StatedLine, ...]
    to_come: tuple[ToCome, ...]
    statements: Mapping[str, Statement]

    def standing(self, stated: StatedLine) -> Standing:
        if (known := _OF_LINE.get(stated.state)) is not None:
            return known
        statement = self.statements.get(stated.statement) if stated.statement else None
        return _OF_STATEMENT[statement.shown] if statement else Standing.EARNED

    def of_deal(self, number: str) -> tuple[StatedLine, ...]:
        return tuple(stated for stated in self.lines if stated.line.deal_number == number)

    def of_shared(self, deal_id: str) -> tuple[StatedLine, ...]:
        """Of a deal of somebody else's in which the partner had a part."""
        return tuple(stated for stated in self.lines if stated.line.deal_id == deal_id and not stated.line.deal_number)

    def coming_of(self, customer: str) -> tuple[ToCome, ...]:
        """Of such deals with that customer."""
        return tuple(found for found in self.to_come if found.customer == customer and not found.deal_number)

    def coming(self, number: str) -> tuple[ToCome, ...]:
        return tuple(found for found in self.to_come if found.deal_number == number)


def own_money(facts: Facts, money: MoneyFacts) -> OwnMoney:
    found = earn(money.programs, money.account, money.rates, facts.now.date())
    posted = [stated for stated in money.lines if stated.state is not LineState.VOID]
    lines = [*posted, *(StatedLine(line, LineState.EARNED) for line in found.lines)]
    lines.sort(key=lambda stated: (stated.line.earned_on, stated.line.key))
    return OwnMoney(tuple(lines), found.to_come, {s.number: s for s in live(money)})


def live(money: MoneyFacts) -> tuple[Statement, ...]:
    """The statements that hold, the latest first; one that was not sent yet is none."""
    return tuple(s for s in money.statements if s.state not in (StatementState.VOID, StatementState.DRAFT))


def statement_named(money: MoneyFacts, said: str) -> Statement | None:
    """The partner's own statement of that number, however it is written; a foreign one is as unknown as none."""
    wanted = _folded(said)
    return next((s for s in live(money) if _folded(s.number) == wanted), None) if wanted else None


def expected(facts: Facts, deal: DealLike | Deal, account: Account | None = None) -> Derivation | NoQuote:
    """What a deal would bring if it closed as entered."""
    money = facts.money
    if money is None:
        known = Account(facts.partner, facts.deals, facts.payments, registrations=facts.registrations)
        rates = RateTable(facts.program.vendor.currency)
        return expect(Programs((facts.program,)), account or known, deal, rates, facts.now.date())
    return expect(money.programs, account or money.account, deal, money.rates, facts.now.date())


def all_expected(facts: Facts, money: MoneyFacts, deals: Sequence[Deal]) -> tuple[Derivation | NoQuote, ...]:
    """The same for several of the account's deals, each as if it alone closed."""
    return expect_all(money.programs, money.account, deals, money.rates, facts.now.date())


def in_all(amounts: Iterable[Money]) -> tuple[Money, ...]:
    """The sum in each currency."""
    return tuple(sums(amounts).values())


def _folded(number: str) -> str:
    return "".join(c for c in number.upper() if c.isalnum())
