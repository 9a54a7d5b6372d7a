"""The *deliver* job: drains one destination's outbox in order; one that is down is parked and its work waits."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk import contradicted, refused_entries
from bot.ports import AheadOutlet, BatchOutlet, Outlet, OutletUnavailable
from bot.storage import delivered, in_confidence, ledger, mirror, outbox, parking, tasks
from bot.storage.crm_writes import UPDATE_DEAL
from bot.storage.crowd import Crowd
from bot.storage.database import Database
from bot.storage.outbox import Destination, Due, OutboxState
from bot.storage.queue import Queue
from bot.storage.refused import RETRIED
from bot.storage.turns import turn
from bot.worker import noting
from bot.worker.abreast import LOOK, Abreast
from bot.worker.ahead import Ahead
from bot.worker.attempts import ANSWERED, ATTEMPTS, Settled
from bot.worker.paged import Page
from crm.records import Partner

log = logging.getLogger(__name__)

_AT_A_TIME = 100
_A_BATCH = 10  # times as long as a mail does a batch of lines give way
_IN_BATCHES = 200  # rows in hand where many go in one call: some of them are of other kinds


@dataclass(frozen=True, slots=True)
class DeliverJob:
    database: Database
    outlets: Mapping[Destination, Outlet]
    queue: Queue | None = None
    """Asked to send at once what takes another way; without one the clock does."""
    crowd: Crowd | None = None
    """To whom bulk gives way; None where to nobody."""

    async def __call__(self, destination: Destination) -> int:
        """Send what is due; how many reached their end. One drain of a destination at a time, on any machine."""
        async with turn(self.database, f"deliver:{destination.value}") as mine:
            if not mine:
                return 0
            outlet = self.outlets[destination]
            if outlet.pace:
                return await self._abreast(destination)
            if isinstance(outlet, AheadOutlet):
                return await self._ahead(destination, outlet)
            return await self._one_after_the_other(destination)

    async def _abreast(self, destination: Destination) -> int:
        """Where orderings keep a pace of their own, none waits for another."""
        outlet = self.outlets[destination]
        drain = Abreast(outlet, partial(self._due, destination), self._begin, partial(self._settle, destination))
        down = await drain.run()
        if down is not None:
            await self._park(destination, down, drain.put_back)
        return drain.tried

    async def _ahead(self, destination: Destination, outlet: AheadOutlet) -> int:
        """Where all but the last step may be done before a row's turn."""

        async def look() -> list[Due]:
            return (await self._due(destination))[0]

        async with self.database.reading() as connection:
            pause = self.crowd.pause if self.crowd is not None else None
            drain = Ahead(outlet, look, partial(self._note, connection, destination), pause=pause)
            down = await drain.run()
        if down is not None:
            await self._park(destination, down, drain.put_back)
        return drain.tried

    async def _one_after_the_other(self, destination: Destination) -> int:
        sent, go_on = 0, True
        while go_on:
            rows, more = await self._due(destination)
            if rows:
                went, go_on = await self._drain(destination, rows)
                sent += went
                await self._give_way(destination, rows)
            else:
                go_on = more
            if more and go_on:
                await asyncio.sleep(LOOK)
        return sent

    async def _give_way(self, destination: Destination, rows: Sequence[Due]) -> None:
        """Of lines for timelines a whole batch went and more may follow, which nobody waits for."""
        outlet = self.outlets[destination]
        if self.crowd is None or not isinstance(outlet, BatchOutlet) or len(rows) < outlet.batch:
            return
        if all(row.kind in outlet.together for row in rows):
            await asyncio.sleep(_A_BATCH * await self.crowd.pause())

    async def _due(self, destination: Destination) -> tuple[list[Due], bool]:
        """What may go now, and whether more is waiting for nothing but its pace or its company."""
        outlet = self.outlets[destination]
        batches = isinstance(outlet, BatchOutlet)
        async with self.database.reading() as connection:
            if await parking.is_parked(connection, destination.value):
                return [], False
            if outlet.pace:
                return await outbox.due_heads(connection, destination, outlet.pace, _AT_A_TIME)
            rows = await outbox.due(connection, destination, _IN_BATCHES if batches else _AT_A_TIME)
        return _without_those_that_wait(outlet, rows) if isinstance(outlet, BatchOutlet) else (rows, False)

    async def _begin(self, rows: Sequence[Due]) -> set[str]:
        async with self.database.begin() as connection:
            return await outbox.begin(connection, [row.id for row in rows])

    async def _drain(self, destination: Destination, rows: Sequence[Due]) -> tuple[int, bool]:
        """(rows tried, whether to go on)."""
        page = Page(self.outlets[destination], partial(self._settle, destination))
        down: OutletUnavailable | None = None
        try:
            await page.all(rows)
        except OutletUnavailable as fault:
            down = fault
        finally:
            await page.note()
        if down is None:
            return page.tried, True
        await self._park(destination, down, [])
        return page.tried, False

    async def _park(self, destination: Destination, down: OutletUnavailable, put_back: Sequence[Due]) -> None:
        async with self.database.begin() as connection:
            await parking.park(connection, destination.value, down.retry_after, str(down))
            for row in put_back:
                await outbox.not_sent(connection, row.id)
        log.warning("%s is parked: %s", destination.value, down)

    async def _note(
        self, connection: AsyncConnection, destination: Destination, done: Sequence[Settled], following: Due | None
    ) -> bool:
        """The ends, and in the same commit that an attempt at `following` begins, where it is still to go."""
        taken = [(end.row.id, end.remote_id) for end in done if end.state is OutboxState.SENT]
        if len(taken) < len(done):
            await self._settle(destination, done)
            return following is None or bool(await self._begin([following]))
        if not done and following is None:
            return True
        begun = await delivered.note(
            connection, destination.value, taken, noting.entries(done), following.id if following else None
        )
        return begun or following is None

    async def _settle(self, destination: Destination, done: Sequence[Settled]) -> None:
        if not done:
            return
        async with self.database.begin() as connection:
            if any(end.state in ANSWERED for end in done):
                await parking.unpark(connection, destination.value)
            for state in (OutboxState.SENT, OutboxState.KEPT):
                await outbox.settle_many(
                    connection, [(end.row.id, end.remote_id) for end in done if end.state is state], state
                )
            if destination is Destination.CRM:
                await refused_entries.taken(connection, [end.row for end in done if end.state is OutboxState.SENT])
            for end in done:
                await self._settle_badly(connection, destination, end)
            await ledger.append_all(connection, noting.entries(done))
        if self.queue is not None and any(_goes_another_way(end) for end in done):
            await self.queue.deliver(Destination.MAIL)

    async def _settle_badly(self, connection: AsyncConnection, destination: Destination, end: Settled) -> None:
        if end.state is OutboxState.PENDING:
            await outbox.postpone(connection, end.row.id, end.wait, end.error, counts=end.counts)
            if end.known and end.begun:
                await outbox.not_sent(connection, end.row.id)
            if end.row.attempts == ATTEMPTS:
                await _tell(connection, destination, end, "delayed")
        if end.state in (OutboxState.REFUSED, OutboxState.UNKNOWN):
            await outbox.settle(connection, end.row.id, end.state, error=end.error)
            if end.row.kind == UPDATE_DEAL and RETRIED not in end.row.payload:
                await contradicted.note(connection, end.row, end.error)
            elif destination is Destination.CRM:
                unknown = end.state is OutboxState.UNKNOWN
                await refused_entries.note(connection, end.row, end.error, unknown=unknown)
            elif end.state is OutboxState.UNKNOWN or not await in_confidence.otherwise(connection, end.row):
                await _tell(connection, destination, end, "delivery")


def _goes_another_way(end: Settled) -> bool:
    return end.state is OutboxState.REFUSED and in_confidence.is_confided(end.row)


def _without_those_that_wait(outlet: BatchOutlet, rows: list[Due]) -> tuple[list[Due], bool]:
    """What may go now, and whether rows were left that wait for others to go with."""
    ready = sum(row.kind in outlet.together for row in rows)
    if not ready or not outlet.wait(ready):
        return rows, False
    return [row for row in rows if row.kind not in outlet.together], True


async def _tell(connection: AsyncConnection, destination: Destination, end: Settled, what: str) -> None:
    """A task for the partner's manager, or for every manager where it is nobody's in particular; once for each."""
    partner = await mirror.one(connection, Partner, end.row.partner_id) if end.row.partner_id else None
    await tasks.open_task(
        connection, f"{end.row.id}:{what}", "refused_delivery", _in_words(destination, end),
        manager_email=partner.manager_email if partner else "", partner_id=end.row.partner_id,
        inbox_id=end.row.inbox_id,
    )  # fmt: skip


def _in_words(destination: Destination, end: Settled) -> str:
    what = {Destination.MAIL: "a mail", Destination.SLACK: "a Slack message", Destination.CRM: "a CRM entry"}[
        destination
    ]
    whom = f" to {end.row.payload['to']}" if "to" in end.row.payload else ""
    fate = {
        OutboxState.REFUSED: "was refused",
        OutboxState.PENDING: "is put off again and again, and is still tried",
    }.get(end.state, "may or may not have arrived")
    return f"{what}{whom} {fate}: {end.error}"
