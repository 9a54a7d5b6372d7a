"""What the clock asks for: lost jobs put back, deliveries nudged, timers seen to, mirror refreshed, old jobs gone."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from bot.desk.due import DueDesk
from bot.payouts.payout_clock import PayoutClock
from bot.storage import (
    files,
    inbox,
    ledger,
    outbox,
    parked_reads,
    parking,
    slack_buttons,
    slack_pace,
    slack_threads,
    tasks,
)
from bot.storage.announcing import pace as domain_pace
from bot.storage.database import Database
from bot.storage.inbox import InboxState
from bot.storage.outbox import Destination
from bot.storage.parking import Outage
from bot.storage.queue import HANDLE, READ, NewJob, Queue
from bot.worker.mirroring import MirrorJob
from bot.worker.pace import Pace
from crm.errors import CrmError, CrmUnavailable

log = logging.getLogger(__name__)

_REFUSED = 60.0  # seconds
_LOOK_AGAIN = timedelta(
    minutes=2
)  # at most, while the CRM is away: one call, and all that waits goes on with its answer
_LONG = timedelta(minutes=5)  # an outage that people should know of
_AWAY = {
    "slack_read": "Slack does not tell who writes",
    "slack": "Slack takes no messages",
    "mail": "the mail relay takes no mail",
    "crm": "the CRM takes no entries",
    parking.CRM_CHANGES: "the CRM does not answer",
}
_KEPT_DAYS = 7  # finished jobs, for people who look for what happened


@dataclass(frozen=True, slots=True)
class Housekeeping:
    database: Database
    queue: Queue
    mirror: MirrorJob
    due_desk: DueDesk
    payouts: PayoutClock
    stalled: float = Pace().stalled
    homes: Callable[[], Awaitable[None]] | None = None
    """Keeps Slack's Home tabs true; None without Slack."""
    digests: Callable[[], Awaitable[None]] | None = None
    """Writes the digests that are due; None where there are none."""
    announcing: Callable[[], Awaitable[None]] | None = None
    """Has every announcement that is being sent go on; None where there are none."""
    onboarding: Callable[[], Awaitable[object]] | None = None
    """Sees to partners that are new; None where nobody does."""

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
            await parked_reads.resume(connection, self.queue)
            for outage in _told(await parking.outages(connection, _LONG)):
                await tasks.open_task(
                    connection, f"away:{outage.dependency}:{outage.since.isoformat()}", "notice", _in_words(outage)
                )
        await self.queue.deliver(*waiting)

    async def seal(self) -> None:
        """The end of the chain stands in the log as well, which who changes the database may not be able to change."""
        sealed = 0
        while more := await self._seal_some():
            sealed += more
        if sealed:
            async with self.database.reading() as connection:
                log.info("the ledger is sealed up to %s", await ledger.head(connection))

    async def _seal_some(self) -> int:
        async with self.database.begin() as connection:
            return await ledger.seal(connection)

    async def refresh(self) -> None:
        async with self.database.reading() as connection:
            away = await parking.is_parked(connection, parking.CRM_CHANGES)
        if not away:
            await self._follow()
        await self.due_desk.overlooked()

    async def _follow(self) -> None:
        try:
            await self.mirror()
        except CrmError as fault:
            # What it refuses to read, such as for want of a scope, a person has to mend: until then it is left alone.
            log.warning("the mirror was not refreshed: %s", fault)
            wait = fault.retry_after if isinstance(fault, CrmUnavailable) else _REFUSED
            async with self.database.begin() as connection:
                await parking.park(connection, parking.CRM_CHANGES, wait, str(fault), longest=_LOOK_AGAIN)
            return
        async with self.database.begin() as connection:
            back = await parking.unpark(connection, parking.CRM_CHANGES)
            if back:
                await parking.try_now(connection, Destination.CRM.value)
        if back:
            await self.queue.deliver(Destination.CRM)

    async def due(self) -> None:
        await self.due_desk()

    async def pay(self) -> None:
        await self.payouts()

    async def digest(self) -> None:
        if self.digests is not None:
            await self.digests()

    async def announce(self) -> None:
        if self.announcing is not None:
            await self.announcing()

    async def onboard(self) -> None:
        if self.onboarding is not None:
            await self.onboarding()

    async def keep_homes(self) -> None:
        if self.homes is not None:
            await self.homes()

    async def sweep(self) -> None:
        """Finished jobs and old ticks go after a week; files when nothing refers to them; the pace of what
        rests, buttons that count no more, and what was read of threads.
        """
        async with self.database.begin() as connection:
            await connection.execute(
                text("delete from ticks where at < now() - make_interval(days => :d)"), {"d": _KEPT_DAYS}
            )
            await files.sweep(connection)
            await slack_pace.forget_old(connection)
            await domain_pace.forget_old(connection)
            await slack_buttons.drop_expired(connection, datetime.now(UTC))
            await slack_threads.forget_old(connection)
        await self.queue.app.job_manager.delete_old_jobs(nb_hours=24 * _KEPT_DAYS, include_failed=True)


DUTIES = {
    "rescue": Housekeeping.rescue,
    "nudge": Housekeeping.nudge,
    "seal": Housekeeping.seal,
    "refresh": Housekeeping.refresh,
    "sweep": Housekeeping.sweep,
    "due": Housekeeping.due,
    "payouts": Housekeeping.pay,
    "digests": Housekeeping.digest,
    "homes": Housekeeping.keep_homes,
    "announce": Housekeeping.announce,
    "onboarding": Housekeeping.onboard,
}


def _told(outages: Sequence[Outage]) -> list[Outage]:
    """A CRM that is away both for reading and for writing is away once."""
    unread = any(outage.dependency == parking.CRM_CHANGES for outage in outages)
    return [outage for outage in outages if not (unread and outage.dependency == Destination.CRM.value)]


def _in_words(outage: Outage) -> str:
    what = _AWAY.get(outage.dependency, f"{outage.dependency} does not answer")
    return f"{what} since {outage.since.astimezone(UTC):%Y-%m-%d %H:%M} UTC; its work waits: {outage.reason}"


async def replay(database: Database, queue: Queue, inbox_id: str) -> bool:
    """Try a shunted message again from the step it failed at; False when it is not shunted."""
    async with database.begin() as connection:
        row = await inbox.fetch(connection, inbox_id, lock=True)
        if row is None or row.state is not InboxState.SHUNTED:
            return False
        was_read = row.message is not None
        state = InboxState.READ if was_read else InboxState.RECEIVED
        await inbox.mark(connection, inbox_id, state, error="", failures=0)
        lock = f"partner:{row.partner_id}" if row.partner_id else f"read:{inbox_id}"
        await queue.defer(connection, [NewJob(HANDLE if was_read else READ, lock, {"inbox_id": inbox_id})])
        await ledger.append(connection, "replayed", "manager", {"reference": row.reference}, inbox_id=inbox_id)
    return True
