"""Registrations that a colleague decided in the CRM: taken as an order to the desk, which looks into it as ever."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.deciding import THERE, RegistrationDesk
from bot.desk.managers_of import deciders
from bot.storage import approvals, mirror, registrations, tasks, timers
from bot.vocabulary.briefs import Act, Brief, BriefKind
from bot.vocabulary.results import NotDone
from crm.records import Partner, Registration, RegistrationState
from knowledge.deal_clock import Timer

KIND = THERE

_DECISIONS = (RegistrationState.APPROVED, RegistrationState.DECLINED)


@dataclass(frozen=True, slots=True)
class DecidedThere:
    """`note` works in the transaction that takes the CRM's changes over; the order is carried out soon after it, once.

    `crm` is what people call the CRM.
    """

    desk: RegistrationDesk
    crm: str

    async def note(self, connection: AsyncConnection, said: Sequence[Registration], since: datetime) -> None:
        """Not what the CRM says while our own word is on its way there: that is older. It was asked at `since`, by the
        database's clock.
        """
        decided = [theirs for theirs in said if theirs.state in _DECISIONS]
        ours = await registrations.on_their_way(connection, [theirs.number for theirs in decided], since)
        for theirs in decided:
            kept = await registrations.find(connection, theirs.number) if theirs.number not in ours else None
            if kept is None or kept.registration.partner_id != theirs.partner_id or not kept.registration.state.waiting:
                continue
            await timers.schedule(connection, self._order(theirs, kept.registration))

    def _order(self, theirs: Registration, ours: Registration) -> Timer:
        """One for each time that it is submitted, and for each reason that is given. It names no partner and is none of
        the registration's own timers: all of these the desk locks while this one is held.
        """
        asked = (ours.submitted_at or ours.opened_at or self.desk.now()).isoformat()
        key = f"{_of(theirs.number)}{theirs.state.value}:{asked}"
        if theirs.reason:
            key = f"{key}:{sha256(theirs.reason.encode()).hexdigest()[:16]}"
        payload = {"number": ours.number, "state": theirs.state.value, "reason": theirs.reason}
        return Timer(key, KIND, f"{theirs.number} there", self.desk.now(), payload)

    async def __call__(self, connection: AsyncConnection, timer: Timer, _now: datetime) -> None:
        """The handler of such timers. Raises CrmError where the CRM does not answer: it is tried again later."""
        number, approved = timer.payload["number"], timer.payload["state"] == RegistrationState.APPROVED.value
        kept = await registrations.find(connection, number)
        if kept is None or not kept.registration.state.waiting:
            return
        if approved:
            done = await self.desk.approve_there(number, self.crm)
        else:
            done = await self.desk.refuse_there(number, self.crm, timer.payload["reason"])
        await tasks.close_beginning(connection, _of(number), self.crm)
        if isinstance(done, NotDone):
            await self._put_before_manager(connection, timer, kept.registration, done)

    async def _put_before_manager(
        self, connection: AsyncConnection, timer: Timer, registration: Registration, no: NotDone
    ) -> None:
        """As a task, and as a brief that can be answered with a word."""
        partner = await mirror.one(connection, Partner, registration.partner_id)
        verb = "accepted" if timer.payload["state"] == RegistrationState.APPROVED.value else "refused"
        fix = f" ({no.fix})" if no.fix else ""
        await tasks.open_task(
            connection, timer.key, "notice",
            f"{registration.number} was {verb} in {self.crm}, and that could not be taken over: {no.text}{fix}",
            manager_email=partner.manager_email if partner else "", partner_id=registration.partner_id,
            deal_number=registration.number,
        )  # fmt: skip
        if partner is None:
            return
        accepted = await approvals.of_registration(connection, registration)
        who = deciders(self.desk.program, partner, registration, accepted)[0]
        facts = [
            ("Partner", partner.name),
            ("Customer", registration.customer),
            (f"In {self.crm}", f"a colleague {verb} it"),
            ("Not taken over", no.text),
            ("What helps", no.fix),
        ]
        brief = Brief(
            f"{timer.key}:{who.email}", BriefKind.REGISTRATION, registration.number, who,
            f"{registration.number} was {verb} in {self.crm}: your word is needed",
            tuple((label, said) for label, said in facts if said), acts=(Act.APPROVE, Act.REFUSE, Act.ASK),
            partner_id=partner.id,
        )  # fmt: skip
        await self.desk.briefing.send(connection, brief)


def _of(number: str) -> str:
    """What the keys of its orders, and of the tasks about them, begin with."""
    return f"{KIND}:{number}:"
