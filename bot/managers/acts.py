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


def registration_deeds(desk: DecidesRegistrations) -> Deeds:
    return {
        (BriefKind.REGISTRATION, Verb.APPROVE): Deed(lambda o: desk.approve(o.subject, o.by)),
        (BriefKind.REGISTRATION, Verb.REFUSE): Deed(lambda o: desk.refuse(o.subject, o.by, o.words), "the reason"),
    }
