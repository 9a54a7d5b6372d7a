"""What managers may order, and which desk carries it out: a table of its own, never open to partners.

Each desk checks by itself that the manager has the right, and acts once, however often and wherever it is ordered.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bot.managers.verbs import Verb
from bot.vocabulary.briefs import BriefKind
from bot.vocabulary.results import Done, NotDone
from crm.money import Money
from crm.records import Attribution


@dataclass(frozen=True, slots=True)
class Order:
    """`by` is the manager's address, `subject` a number, or the id of a held message, a statement, a dispute or a
    refused entry; what else there is is as in `Said`.
    """

    kind: BriefKind
    verb: Verb
    subject: str
    by: str
    words: str = ""
    until: date | None = None
    value: str = ""
    on: date | None = None
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """`wants` names what it cannot do without ("the reason"), "" where it needs nothing; `such_as` shows how it is
    written.
    """

    perform: Callable[[Order], Awaitable[Done | NotDone]]
    wants: str = ""
    such_as: str = ""


Deeds = Mapping[tuple[BriefKind, Verb], Deed]


class DecidesRegistrations(Protocol):
    async def approve(self, number: str, by: str) -> Done | NotDone: ...

    async def refuse(self, number: str, by: str, reason: str) -> Done | NotDone: ...

    async def ask(self, number: str, by: str, question: str) -> Done | NotDone: ...

    async def protect(self, number: str, by: str, until: date) -> Done | NotDone: ...


class LetsPeopleIn(Protocol):
    async def accept(self, inbox_id: str, by: str) -> Done | NotDone: ...

    async def refuse(self, inbox_id: str, by: str) -> Done | NotDone: ...


class ChangesAttribution(Protocol):
    async def change(self, number: str, by: str, attribution: Attribution, reason: str) -> Done | NotDone: ...


class TriesEntriesAgain(Protocol):
    async def retry(self, name: str, by: str) -> Done | NotDone: ...


class DecidesStatements(Protocol):
    async def approve(self, statement_id: str, by: str) -> Done | NotDone: ...

    async def decline(self, statement_id: str, by: str, reason: str) -> Done | NotDone: ...

    async def postpone(self, statement_id: str, by: str, reason: str) -> Done | NotDone: ...

    async def block(self, statement_id: str, by: str, reason: str) -> Done | NotDone: ...

    async def release(self, statement_id: str, by: str) -> Done | NotDone: ...

    async def pay(self, statement_id: str, by: str, reference: str, on: date) -> Done | NotDone: ...


class DecidesDisputes(Protocol):
    async def uphold(self, dispute_id: str, by: str, reason: str) -> Done | NotDone: ...

    async def correct(self, dispute_id: str, by: str, amount: Money, reason: str) -> Done | NotDone: ...


def registration_deeds(desk: DecidesRegistrations) -> Deeds:
    async def protect(order: Order) -> Done | NotDone:
        if order.until is None:
            return NotDone("the last protected day is missing", f'write "protect {order.subject} until 2027-03-01"')
        return await desk.protect(order.subject, order.by, order.until)

    return {
        (BriefKind.REGISTRATION, Verb.APPROVE): Deed(lambda o: desk.approve(o.subject, o.by)),
        (BriefKind.REGISTRATION, Verb.REFUSE): Deed(lambda o: desk.refuse(o.subject, o.by, o.words), "the reason"),
        (BriefKind.REGISTRATION, Verb.ASK): Deed(lambda o: desk.ask(o.subject, o.by, o.words), "your question"),
        (BriefKind.REGISTRATION, Verb.PROTECT): Deed(protect),
    }


def contact_deeds(desk: LetsPeopleIn) -> Deeds:
    return {
        (BriefKind.CONTACT, Verb.APPROVE): Deed(lambda o: desk.accept(o.subject, o.by)),
        (BriefKind.CONTACT, Verb.REFUSE): Deed(lambda o: desk.refuse(o.subject, o.by)),
    }


def attribution_deeds(desk: ChangesAttribution) -> Deeds:
    async def change(order: Order) -> Done | NotDone:
        known = [attribution.value for attribution in Attribution]
        if order.value not in known:
            return NotDone(f"there is no attribution {order.value}", f"write one of {', '.join(known)}")
        return await desk.change(order.subject, order.by, Attribution(order.value), order.words)

    return {(BriefKind.REGISTRATION, Verb.ATTRIBUTE): Deed(change)}


def entry_deeds(desk: TriesEntriesAgain) -> Deeds:
    """What the CRM refused: in answer to the brief about it, or by the number of a registration, deal or lead."""
    again = Deed(lambda o: desk.retry(o.subject, o.by))
    kinds = (BriefKind.ENTRY, BriefKind.REGISTRATION, BriefKind.LEAD)
    return {(kind, Verb.RETRY): again for kind in kinds}


def statement_deeds(desk: DecidesStatements, today: Callable[[], date]) -> Deeds:
    """`today` is the day of a payment where none is named."""
    kind, reason = BriefKind.STATEMENT, "the reason"
    return {
        (kind, Verb.APPROVE): Deed(lambda o: desk.approve(o.subject, o.by)),
        (kind, Verb.REFUSE): Deed(lambda o: desk.decline(o.subject, o.by, o.words), reason),
        (kind, Verb.POSTPONE): Deed(lambda o: desk.postpone(o.subject, o.by, o.words), reason),
        (kind, Verb.BLOCK): Deed(lambda o: desk.block(o.subject, o.by, o.words), reason),
        (kind, Verb.RELEASE): Deed(lambda o: desk.release(o.subject, o.by)),
        (kind, Verb.PAY): Deed(
            lambda o: desk.pay(o.subject, o.by, o.words, o.on or today()),
            "the payment's reference", '"SEPA 4711" or "SEPA 4711 on 2026-11-30"',
        ),
    }  # fmt: skip


def dispute_deeds(desk: DecidesDisputes) -> Deeds:
    async def correct(order: Order) -> Done | NotDone:
        if order.amount is None:
            return NotDone("the right sum is missing", 'write "correct EUR 1234.50: reason"')
        return await desk.correct(order.subject, order.by, order.amount, order.words)

    return {
        (BriefKind.DISPUTE, Verb.UPHOLD): Deed(lambda o: desk.uphold(o.subject, o.by, o.words), "the reason"),
        (BriefKind.DISPUTE, Verb.CORRECT): Deed(correct, "the right sum and the reason", '"EUR 1234.50: reason"'),
    }
