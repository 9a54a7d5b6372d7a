"""The *deliver* job: drains one destination's outbox in order; one that is down is parked and its work waits."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import text

from bot.ports import Outlet, OutletOutcomeUnknown, OutletRefused, OutletUnavailable, Parcel
from bot.storage import outbox, tasks
from bot.storage.database import Database
from bot.storage.outbox import Destination, Due, OutboxState

log = logging.getLogger(__name__)

_AT_A_TIME = 100
_ATTEMPTS = 12  # a row that a living destination still does not take is refused after this many


@dataclass(frozen=True, slots=True)
class _Settled:
    row: Due
    state: OutboxState
    error: str = ""
    remote_id: str = ""


@dataclass(frozen=True, slots=True)
class DeliverJob:
    database: Database
    outlets: Mapping[Destination, Outlet]

    async def __call__(self, destination: Destination) -> int:
        """Send what is due; how many reached their end. One drain of a destination at a time, on any machine."""
        sent = 0
        async with self.database.engine.connect() as guard:
            # Held by this connection, not by a transaction: it is gone as soon as this process is.
            name = f"deliver:{destination.value}"
            if not await guard.scalar(text("select pg_try_advisory_lock(hashtext(:name))"), {"name": name}):
                return 0
            await guard.commit()
            try:
                while rows := await self._due(destination):
                    went, more = await self._drain(destination, rows)
                    sent += went
                    if not more:
                        break
            finally:
                await guard.execute(text("select pg_advisory_unlock(hashtext(:name))"), {"name": name})
                await guard.commit()
        return sent

    async def _due(self, destination: Destination) -> list[Due]:
        async with self.database.begin() as connection:
            if await outbox.is_parked(connection, destination.value):
                return []
            return await outbox.due(connection, destination, _AT_A_TIME)

    async def _drain(self, destination: Destination, rows: list[Due]) -> tuple[int, bool]:
        """(rows at their end, whether to go on). Where repeating is harmless, success is noted for many at once."""
        outlet = self.outlets[destination]
        done: list[_Settled] = []
        try:
            for row in rows:
                done.append(await self._send(outlet, row))
                if outlet.one_by_one:
                    await self._settle(destination, [done[-1]])
        except OutletUnavailable as fault:
            async with self.database.begin() as connection:
                await outbox.park(connection, destination.value, fault.retry_after, str(fault))
            log.warning("%s is parked: %s", destination.value, fault)
            return len(done), False
        finally:
            if not outlet.one_by_one:
                await self._settle(destination, done)
        return len(done), True

    async def _send(self, outlet: Outlet, row: Due) -> _Settled:
        try:
            sent = await outlet.send(Parcel(row.id, row.kind, row.payload, row.attempts))
        except OutletRefused as fault:
            return _Settled(row, OutboxState.REFUSED, str(fault))
        except OutletUnavailable as fault:
            if not fault.only_this:
                raise
            later = OutboxState.PENDING if row.attempts < _ATTEMPTS else OutboxState.REFUSED
            return _Settled(row, later, str(fault))
        except OutletOutcomeUnknown as fault:
            if fault.may_repeat and row.attempts < _ATTEMPTS:
                return _Settled(row, OutboxState.PENDING, str(fault))
            return _Settled(row, OutboxState.UNKNOWN, str(fault))
        return _Settled(row, OutboxState.KEPT if sent.kept else OutboxState.SENT, remote_id=sent.remote_id)

    async def _settle(self, destination: Destination, done: list[_Settled]) -> None:
        if not done:
            return
        async with self.database.begin() as connection:
            await outbox.unpark(connection, destination.value)
            for end in done:
                if end.state is OutboxState.PENDING:
                    await outbox.postpone(connection, end.row.id, _pause(end.row.attempts), end.error)
                    continue
                await outbox.settle(connection, end.row.id, end.state, error=end.error, remote_id=end.remote_id)
                if end.state in (OutboxState.REFUSED, OutboxState.UNKNOWN):
                    await tasks.open_task(
                        connection, f"{end.row.id}:delivery", "refused_delivery", _in_words(destination, end),
                        partner_id=end.row.partner_id, inbox_id=end.row.inbox_id,
                    )  # fmt: skip


def _pause(attempts: int) -> float:
    """Seconds to the next attempt: 2, 4, 8 … at most half an hour; twelve attempts reach over about two hours."""
    return min(2.0 ** (attempts + 1), 1_800.0)


def _in_words(destination: Destination, end: _Settled) -> str:
    what = {Destination.MAIL: "a mail", Destination.SLACK: "a Slack message", Destination.CRM: "a CRM entry"}[
        destination
    ]
    whom = f" to {end.row.payload['to']}" if "to" in end.row.payload else ""
    fate = "was refused" if end.state is OutboxState.REFUSED else "may or may not have arrived"
    return f"{what}{whom} {fate}: {end.error}"
