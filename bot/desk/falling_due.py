"""A registration whose timer fell due: looked at again as it stands now, and changed if that is what follows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import ended_questions, ledger, mirror, outbox, registrations, timers
from bot.storage.codec import to_doc
from bot.storage.crm_writes import registration_row
from bot.storage.database import Database
from bot.storage.following import follow, set_timers
from bot.storage.queue import Queue
from bot.storage.registrations import Kept
from bot.vocabulary.decisions import Value
from crm.records import Deal, Partner, Registration, RegistrationState
from knowledge.deal_clock import Timer, TimerKind, timers_of
from knowledge.program import Program

_NEWS = timedelta(days=7)
"""What fell due longer ago is put in order and not told: it came with the CRM, or nobody was there for a week."""


@dataclass(frozen=True, slots=True)
class Fallen:
    """A timer that still holds, in its transaction, with the registration and the partner as they stand now."""

    connection: AsyncConnection
    timer: Timer
    kept: Kept
    partner: Partner
    deal: Deal | None
    now: datetime

    @property
    def registration(self) -> Registration:
        return self.kept.registration

    @property
    def is_news(self) -> bool:
        return self.now - self.timer.due_at < _NEWS

    @property
    def subject(self) -> str:
        """Of a new mail, as a decision has it."""
        return " - ".join(part for part in (self.registration.customer, self.registration.number) if part)

    @property
    def named(self) -> dict[str, Value]:
        """The registration in a text: its number, and the customer where one is known."""
        values: dict[str, Value] = {"number": self.registration.number, "customer": self.registration.customer}
        return values | {"text": "line.named" if self.registration.customer else "line.number"}


FallenHandler = Callable[[Fallen], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class RegistrationTimers:
    """Hands timers of registrations to whoever stands for their kind, as long as they hold."""

    queue: Queue
    program: Program
    handlers: Mapping[TimerKind, FallenHandler]

    async def __call__(self, connection: AsyncConnection, timer: Timer, now: datetime) -> None:
        kept = await registrations.find(connection, timer.subject, lock=True)
        partner = await mirror.one(connection, Partner, kept.registration.partner_id) if kept else None
        if kept is None or partner is None:
            return
        planned = timers_of(kept.registration, self.program.deal_rules, self.program.vendor, partner.time_zone)
        still = next((t for t in planned if t.key == timer.key), None)
        if still is None:
            return
        if still.due_at > now:
            await timers.again(connection, timer.key, still.due_at)
            return
        deals = await mirror.of_partner(connection, Deal, partner.id)
        deal = next((d for d in deals if d.number == timer.subject), None)
        await self.handlers[TimerKind(timer.kind)](Fallen(connection, still, kept, partner, deal, now))

    @property
    def by_kind(self) -> dict[str, RegistrationTimers]:
        """Itself for each kind that it knows, as rows of the desk's table."""
        return {kind.value: self for kind in self.handlers}


async def expire(due: Fallen, queue: Queue, program: Program) -> None:
    """The registration ends here: kept, written to the CRM, its claims and timers gone."""
    ended = replace(due.registration, state=RegistrationState.EXPIRED)
    await registrations.save(due.connection, ended)
    await follow(due.connection, queue, program, ended, due.now)
    await outbox.put(due.connection, [registration_row(ended, f"due:{due.timer.key}")])
    await ended_questions.close_of_registration(due.connection, ended, due.timer.key)
    await ledger.append(
        due.connection, "registration", "clock", {"registration": to_doc(ended)}, partner_id=due.partner.id
    )


@dataclass(frozen=True, slots=True)
class Overlooked:
    """Sets the timers of registrations that came with the CRM, where nobody saved them here.

    They are not screened: whoever brought them into the CRM has looked at them, or decides when the promise runs out.
    Of promises that were broken long ago nobody hears.
    """

    database: Database
    program: Program
    now: Callable[[], datetime]

    async def __call__(self) -> int:
        """How many there were."""
        async with self.database.reading() as connection:
            found = await timers.without(connection)
        for registration in found:
            async with self.database.begin() as connection:
                await self._set(connection, registration)
        return len(found)

    async def _set(self, connection: AsyncConnection, found: Registration) -> None:
        await mirror.version(connection, found.partner_id, lock=True)
        kept = await registrations.find(connection, found.number, lock=True)
        if kept is None:
            return
        now = self.now()
        await set_timers(connection, self.program, kept.registration, now)
        if kept.registration.state is RegistrationState.SUBMITTED:
            await timers.rest(connection, found.number, now - _NEWS, now)
