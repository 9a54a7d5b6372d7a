"""What follows from a registration that was saved, in the same transaction: its claims and its timers."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import claims
from bot.storage.queue import Queue
from crm.records import Registration, RegistrationState
from knowledge.program import Program


async def follow(
    connection: AsyncConnection,
    queue: Queue,  # noqa: ARG001
    program: Program,  # noqa: ARG001
    registration: Registration,
) -> None:
    """Called after every `registrations.save`; repeated for the same registration it changes nothing more.

    A claim is taken when a registration is accepted (see `bot.desk.deciding`) and ends with that state.
    """
    if registration.state is not RegistrationState.APPROVED:
        await claims.release(connection, registration.number)
