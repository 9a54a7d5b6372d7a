"""What falls due, put together: each kind of timer with whoever sees to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from bot.desk.briefing import Briefing
from bot.desk.drafts import DraftTimers
from bot.desk.due import DueDesk, Handler
from bot.desk.falling_due import Overlooked, RegistrationTimers
from bot.desk.protection import ProtectionTimers
from bot.desk.questions import QuestionTimers
from bot.desk.sla import SlaTimers
from bot.desk.telling import Telling
from bot.storage.database import Database
from bot.storage.queue import Queue
from knowledge.program import Program


def due_desk(
    database: Database,
    queue: Queue,
    program: Program,
    clock: Callable[[], datetime],
    telling: Telling,
    briefing: Briefing,
    others: Mapping[str, Handler],
    planned: Callable[[], Awaitable[int]] | None = None,
) -> DueDesk:
    """The desk with the one list of kinds: those of registrations, and `others` by kind. `planned` sets timers of these
    that nobody set.
    """
    registrations = RegistrationTimers(
        queue,
        program,
        {
            **DraftTimers(queue, program, telling).handlers,
            **QuestionTimers(queue, program, telling).handlers,
            **SlaTimers(program, telling, briefing).handlers,
            **ProtectionTimers(queue, program, telling, briefing).handlers,
        },
    )
    handlers: dict[str, Handler] = {**registrations.by_kind, **others}
    found = Overlooked(database, program, clock)

    async def overlooked() -> int:
        return await found() + (await planned() if planned else 0)

    return DueDesk(database, queue, clock, handlers, overlooked)
