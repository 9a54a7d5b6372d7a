"""What follows from a registration that was saved, in the same transaction: its claims, its timers, its screening."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import claims, customers, mirror, timers
from bot.storage.queue import SCREEN, NewJob, Queue
from crm.records import Partner, Registration, RegistrationState
from knowledge.deal_clock import timers_of
from knowledge.program import Program


async def follow(
    connection: AsyncConnection,
    queue: Queue,
    program: Program,
    registration: Registration,
    now: datetime,
) -> None:
    """Called after every `registrations.save`; repeated for the same registration it changes nothing more.

    A claim is taken when a registration is accepted (see `bot.desk.deciding`) and ends with that state. What is
    submitted is screened; so are those that came behind one which no longer waits. What is withdrawn is screened as
    well, so that nobody is asked to decide it any more.
    """
    if registration.state is not RegistrationState.APPROVED:
        await claims.release(connection, registration.number)
    await set_timers(connection, program, registration, now)
    await queue.defer(connection, [_screening(r) for r in await _to_screen(connection, registration)])


async def set_timers(connection: AsyncConnection, program: Program, registration: Registration, now: datetime) -> None:
    """The timers that a registration has as it stands, and no others but those that are done."""
    partner = await mirror.one(connection, Partner, registration.partner_id)
    planned = timers_of(registration, program.deal_rules, program.vendor, partner.time_zone if partner else "")
    await timers.set_for(connection, registration.number, planned, now)


async def _to_screen(connection: AsyncConnection, registration: Registration) -> tuple[Registration, ...]:
    if registration.state is RegistrationState.SUBMITTED:
        return (registration,)
    if registration.state.waiting:
        return ()
    rivals = await customers.rivals(connection, registration)
    waiting = tuple(rival for rival in rivals if rival.state is RegistrationState.SUBMITTED)
    return (registration, *waiting) if registration.state is RegistrationState.WITHDRAWN else waiting


def _screening(registration: Registration) -> NewJob:
    return NewJob(SCREEN, f"partner:{registration.partner_id}", {"number": registration.number})
