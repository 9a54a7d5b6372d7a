"""What a colleague decides in the CRM on a registration or its protection: an order to the desk, checked as ever."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
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
            if kept is None or kept.registration.partner_id != theirs.partner_id:
                continue
            if kept.registration.state.waiting:
                await timers.schedule(connection, self._order(theirs, kept.registration))
            elif _ends_otherwise(theirs, kept.registration):
                await timers.schedule(connection, self._protection(theirs, kept.registration))
            elif _takes_back(theirs, kept.registration):
                await self._tell_taken_back(connection, theirs, kept.registration)

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

    def _protection(self, theirs: Registration, ours: Registration) -> Timer:
        """One for each new end of what held until then; it is told apart from decisions by having no state."""
        until = _day(theirs)
        key = f"{_of(theirs.number)}protected:{ours.protected_until}:{until}"
        return Timer(key, KIND, f"{theirs.number} there", self.desk.now(), {"number": ours.number, "until": until})

    async def _tell_taken_back(self, connection: AsyncConnection, theirs: Registration, ours: Registration) -> None:
        """What was promised to the partner is taken back by a person who says so here, and by nobody in passing."""
        await _open_task(
            connection, f"{_of(ours.number)}{theirs.state.value}:after:{ours.decided_at}", ours,
            f"{ours.number} ({ours.customer}) was refused in {self.crm} after it had been accepted; the partner still"
            " has its protection: end that with `partnerline registrations protect`, or accept it again there",
        )  # fmt: skip

    async def __call__(self, connection: AsyncConnection, timer: Timer, _now: datetime) -> None:
        """The handler of such timers. Raises CrmError where the CRM does not answer: it is tried again later."""
        number = timer.payload["number"]
        kept = await registrations.find(connection, number)
        if kept is None:
            return
        if until := timer.payload.get("until"):
            await self._protect(connection, timer, kept.registration, date.fromisoformat(until))
            return
        if not kept.registration.state.waiting:
            return
        if timer.payload["state"] == RegistrationState.APPROVED.value:
            done = await self.desk.approve_there(number, self.crm)
        else:
            done = await self.desk.refuse_there(number, self.crm, timer.payload["reason"])
        await tasks.close_beginning(connection, _of(number), self.crm)
        if isinstance(done, NotDone):
            await self._put_before_manager(connection, timer, kept.registration, done)

    async def _protect(
        self, connection: AsyncConnection, timer: Timer, registration: Registration, until: date
    ) -> None:
        if registration.protected_until == until:
            return
        done = await self.desk.protect_there(registration.number, self.crm, until)
        if isinstance(done, NotDone):
            await _open_task(
                connection, timer.key, registration,
                f"the protection of {registration.number} was set to end on {until} in {self.crm}, {_why_not(done)}",
            )  # fmt: skip

    async def _put_before_manager(
        self, connection: AsyncConnection, timer: Timer, registration: Registration, no: NotDone
    ) -> None:
        """As a task, and as a brief that can be answered with a word."""
        verb = "accepted" if timer.payload["state"] == RegistrationState.APPROVED.value else "refused"
        partner = await _open_task(
            connection, timer.key, registration, f"{registration.number} was {verb} in {self.crm}, {_why_not(no)}"
        )
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


async def _open_task(connection: AsyncConnection, key: str, registration: Registration, summary: str) -> Partner | None:
    """For the manager of the registration's partner, which is given back."""
    partner = await mirror.one(connection, Partner, registration.partner_id)
    await tasks.open_task(
        connection, key, "notice", summary, manager_email=partner.manager_email if partner else "",
        partner_id=registration.partner_id, deal_number=registration.number,
    )  # fmt: skip
    return partner


def _why_not(no: NotDone) -> str:
    fix = f" ({no.fix})" if no.fix else ""
    return f"and that could not be taken over: {no.text}{fix}"


def _ends_otherwise(theirs: Registration, ours: Registration) -> bool:
    accepted = RegistrationState.APPROVED
    return (theirs.state, ours.state) == (accepted, accepted) and (
        theirs.protected_until is not None and theirs.protected_until != ours.protected_until
    )


def _takes_back(theirs: Registration, ours: Registration) -> bool:
    return (theirs.state, ours.state) == (RegistrationState.DECLINED, RegistrationState.APPROVED)


def _day(registration: Registration) -> str:
    return registration.protected_until.isoformat() if registration.protected_until else ""


def _of(number: str) -> str:
    """What the keys of its orders, and of the tasks about them, begin with."""
    return f"{KIND}:{number}:"
