"""What managers may order, and which desk carries it out: a table of its own, never open to partners.

Each desk checks by itself that the manager has the right, and acts once, however often and wherever it is ordered.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bot.managers.words import Verb
from bot.vocabulary.briefs import BriefKind
from bot.vocabulary.results import Done, NotDone
from crm.records import Attribution


@dataclass(frozen=True, slots=True)
class Order:
    """`by` is the manager's address, `subject` a number or the id of a held message; `words`, `until` and `value` as
    in `Said`.
    """

    kind: BriefKind
    verb: Verb
    subject: str
    by: str
    words: str = ""
    until: date | None = None
    value: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """`wants` names the words that it cannot do without ("the reason"), "" where it needs none."""

    perform: Callable[[Order], Awaitable[Done | NotDone]]
    wants: str = ""


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
