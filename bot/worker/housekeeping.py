"""What the clock asks for: lost jobs put back, deliveries nudged, ledger sealed, mirror refreshed, old jobs removed."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sqlalchemy import text

from bot.storage import inbox, ledger, outbox
from bot.storage.database import Database
from bot.storage.inbox import InboxState
from bot.storage.queue import DELIVER, HANDLE, READ, NewJob, Queue
from bot.worker.mirroring import MirrorJob
from bot.worker.pace import Pace
from crm.errors import CrmUnavailable

log = logging.getLogger(__name__)

_KEPT_DAYS = 7  # finished jobs, for people who look for what happened


@dataclass(frozen=True, slots=True)
class Housekeeping:
    database: Database
    queue: Queue
    mirror: MirrorJob
    stalled: float = Pace().stalled

    async def __call__(self, name: str) -> None:
        """Run one named duty; KeyError for a name that is none."""
        await DUTIES[name](self)

    async def rescue(self) -> None:
        """A worker that died leaves its jobs marked as running: nobody else notices."""
        if rescued := await self.queue.rescue(self.stalled):
            log.warning("%d job(s) of a lost worker were put back", rescued)

    async def nudge(self) -> None:
        """Work whose job was lost between two commits, or whose parked destination may be up again."""
        async with self.database.begin() as connection:
            waiting = await outbox.destinations_due(connection)
        for destination in waiting:
            await self.queue.nudge(DELIVER, f"deliver:{destination.value}", destination=destination.value)

    async def seal(self) -> None:
        async with self.database.begin() as connection:
            await ledger.seal(connection)

    async def refresh(self) -> None:
        try:
            await self.mirror()
        except CrmUnavailable as fault:
            log.warning("the mirror was not refreshed: %s", fault)

    async def sweep(self) -> None:
        """Finished jobs and old ticks go after a week."""
        async with self.database.begin() as connection:
            await connection.execute(
                text("delete from ticks where at < now() - make_interval(days => :d)"), {"d": _KEPT_DAYS}
            )
        await self.queue.app.job_manager.delete_old_jobs(nb_hours=24 * _KEPT_DAYS, include_failed=True)


DUTIES = {
    "rescue": Housekeeping.rescue,
    "nudge": Housekeeping.nudge,
    "seal": Housekeeping.seal,
    "refresh": Housekeeping.refresh,
    "sweep": Housekeeping.sweep,
}


async def replay(database: Database, queue: Queue, inbox_id: str) -> bool:
    """Try a shunted message again from the step it failed at; False when it is not shunted."""
    async with database.begin() as connection:
        row = await inbox.fetch(connection, inbox_id, lock=True)
        if row is None or row.state is not InboxState.SHUNTED:
            return False
        was_read = row.message is not None
        await inbox.mark(connection, inbox_id, InboxState.READ if was_read else InboxState.RECEIVED, error="")
        lock = f"partner:{row.partner_id}" if row.partner_id else f"read:{inbox_id}"
        await queue.defer(connection, [NewJob(HANDLE if was_read else READ, lock, {"inbox_id": inbox_id})])
        await ledger.append(connection, "replayed", "manager", {"reference": row.reference}, inbox_id=inbox_id)
    return True
