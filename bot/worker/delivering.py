"""The *deliver* job: drains one destination's outbox in order; one that is down is parked and its work waits."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports import Outlet, OutletOutcomeUnknown, OutletRefused, OutletUnavailable, Parcel
from bot.storage import outbox, tasks
from bot.storage.database import Database
from bot.storage.outbox import Destination, Due, OutboxState
from bot.storage.turns import turn

log = logging.getLogger(__name__)

_AT_A_TIME = 100
_ATTEMPTS = 12  # a row that a living destination still does not take is refused after this many
_ANSWERED = (OutboxState.SENT, OutboxState.KEPT, OutboxState.REFUSED)  # the destination is up


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
        async with turn(self.database, f"deliver:{destination.value}") as mine:
            while mine and (rows := await self._due(destination)):
                went, more = await self._drain(destination, rows)
                sent += went
                if not more:
                    break
        return sent

    async def _due(self, destination: Destination) -> list[Due]:
        async with self.database.begin() as connection:
            if await outbox.is_parked(connection, destination.value):
                return []
            return await outbox.due(connection, destination, _AT_A_TIME)

    async def _drain(self, destination: Destination, rows: list[Due]) -> tuple[int, bool]:
        """(rows tried, whether to go on). Where repeating is harmless, success is noted for many at once."""
        outlet = self.outlets[destination]
        done: list[_Settled] = []
        noted = 0
        down: OutletUnavailable | None = None
        try:
            for row in _in_turn(rows, done):
                done.append(await self._send(outlet, row))
                if outlet.one_by_one:
                    noted += await self._settle(destination, done[noted:])
        except OutletUnavailable as fault:
            down = fault
        finally:
            await self._settle(destination, done[noted:])
        if down is None:
            return len(done), True
        async with self.database.begin() as connection:
            await outbox.park(connection, destination.value, down.retry_after, str(down))
        log.warning("%s is parked: %s", destination.value, down)
        return len(done), False

    async def _send(self, outlet: Outlet, row: Due) -> _Settled:
        """How it ended. Raises OutletUnavailable only: one row that nobody foresaw must not hold up all the others."""
        try:
            sent = await outlet.send(Parcel(row.id, row.kind, row.payload, row.attempts))
        except OutletRefused as fault:
            return _Settled(row, OutboxState.REFUSED, str(fault))
        except OutletUnavailable as fault:
            if not fault.only_this:
                raise
            return _Settled(row, _later(row, OutboxState.REFUSED), str(fault))
        except OutletOutcomeUnknown as fault:
            state = _later(row, OutboxState.UNKNOWN) if fault.may_repeat else OutboxState.UNKNOWN
            return _Settled(row, state, str(fault))
        except Exception as fault:
            log.exception("outbox row %s could not be sent", row.id)
            return _Settled(row, _later(row, OutboxState.REFUSED), f"{type(fault).__name__}: {fault}")
        return _Settled(row, OutboxState.KEPT if sent.kept else OutboxState.SENT, remote_id=sent.remote_id)

    async def _settle(self, destination: Destination, done: list[_Settled]) -> int:
        """Note the ends; how many."""
        if not done:
            return 0
        async with self.database.begin() as connection:
            if any(end.state in _ANSWERED for end in done):
                await outbox.unpark(connection, destination.value)
            for state in (OutboxState.SENT, OutboxState.KEPT):
                await outbox.settle_many(
                    connection, [(end.row.id, end.remote_id) for end in done if end.state is state], state
                )
            for end in done:
                await self._settle_badly(connection, destination, end)
        return len(done)

    async def _settle_badly(self, connection: AsyncConnection, destination: Destination, end: _Settled) -> None:
        if end.state is OutboxState.PENDING:
            await outbox.postpone(connection, end.row.id, _pause(end.row.attempts), end.error)
        if end.state in (OutboxState.REFUSED, OutboxState.UNKNOWN):
            await outbox.settle(connection, end.row.id, end.state, error=end.error)
            await tasks.open_task(
                connection, f"{end.row.id}:delivery", "refused_delivery", _in_words(destination, end),
                partner_id=end.row.partner_id, inbox_id=end.row.inbox_id,
            )  # fmt: skip


def _in_turn(rows: list[Due], done: list[_Settled]) -> Iterator[Due]:
    """The rows but those of a partner of whom an earlier one has to wait: a later state must not overtake it."""
    for row in rows:
        waiting = {end.row.partner_id for end in done if end.state is OutboxState.PENDING}
        if row.partner_id is None or row.partner_id not in waiting:
            yield row


def _later(row: Due, at_last: OutboxState) -> OutboxState:
    return OutboxState.PENDING if row.attempts < _ATTEMPTS else at_last


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
