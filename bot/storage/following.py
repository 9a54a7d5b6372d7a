"""What follows from a registration that was saved, in the same transaction: its claims and its timers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import claims, mirror, timers
from bot.storage.queue import Queue
from crm.records import Partner, Registration, RegistrationState
from knowledge.deal_clock import timers_of
from knowledge.program import Program


async def follow(
    connection: AsyncConnection,
    queue: Queue,  # noqa: ARG001
    program: Program,
    registration: Registration,
    now: datetime,
) -> None:
    """Called after every `registrations.save`; repeated for the same registration it changes nothing more.

    A claim is taken when a registration is accepted (see `bot.desk.deciding`) and ends with that state.
    """
    if registration.state is not RegistrationState.APPROVED:
        await claims.release(connection, registration.number)
    partner = await mirror.one(connection, Partner, registration.partner_id)
    planned = timers_of(registration, program.deal_rules, program.vendor, partner.time_zone if partner else "")
    await timers.set_for(connection, registration.number, planned, now)
