"""The *deliver* job: drains one destination's outbox in order; one that is down is parked and its work waits."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk import contradicted
from bot.ports import Outlet, OutletOutcomeUnknown, OutletRefused, OutletUnavailable, Parcel
from bot.storage import mirror, outbox, parking, tasks
from bot.storage.crm_writes import UPDATE_DEAL
from bot.storage.database import Database
from bot.storage.outbox import Destination, Due, OutboxState
from bot.storage.turns import turn
from crm.records import Partner

log = logging.getLogger(__name__)

_AT_A_TIME = 100
_ATTEMPTS = 12  # a row that a living destination still does not take is refused after this many, over two hours
_MAIL_ATTEMPTS = _ATTEMPTS + 72  # a mail that the relay puts off goes on every hour: three days, as mail servers do
_LOOK = 0.2  # seconds: how often a paced destination is looked at while rows wait for their turn
_ANSWERED = (OutboxState.SENT, OutboxState.KEPT, OutboxState.REFUSED)  # the destination is up


@dataclass(frozen=True, slots=True)
class _Settled:
    """How an attempt ended. `known` False where nobody can say whether it got through."""

    row: Due
    state: OutboxState
    error: str = ""
    remote_id: str = ""
    wait: float = 0.0
    counts: bool = True
    known: bool = True


@dataclass(frozen=True, slots=True)
class DeliverJob:
    database: Database
    outlets: Mapping[Destination, Outlet]

    async def __call__(self, destination: Destination) -> int:
        """Send what is due; how many reached their end. One drain of a destination at a time, on any machine."""
        sent, go_on = 0, True
        async with turn(self.database, f"deliver:{destination.value}") as mine:
            while mine and go_on:
                rows, more = await self._due(destination)
                if rows:
                    went, go_on = await self._drain(destination, rows)
                    sent += went
                else:
                    go_on = more
                if more and go_on:
                    await asyncio.sleep(min(_LOOK, self.outlets[destination].pace))
        return sent

    async def _due(self, destination: Destination) -> tuple[list[Due], bool]:
        """What may go now, and whether more is waiting for nothing but its pace."""
        pace = self.outlets[destination].pace
        async with self.database.reading() as connection:
            if await parking.is_parked(connection, destination.value):
                return [], False
            if pace:
                return await outbox.due_heads(connection, destination, pace, _AT_A_TIME)
            return await outbox.due(connection, destination, _AT_A_TIME), False

    async def _drain(self, destination: Destination, rows: Sequence[Due]) -> tuple[int, bool]:
        """(rows tried, whether to go on). Where repeating is harmless, success is noted for many at once.

        Elsewhere an attempt is noted before it begins, in the commit that notes the end of the one before: whoever
        dies in the middle leaves word that this row may have got through.
        """
        outlet = self.outlets[destination]
        waiting: set[str] = set()
        done: list[_Settled] = []
        noted = 0
        down: OutletUnavailable | None = None
        trying: Due | None = None
        try:
            for row in rows:
                if row.ordering in waiting:
                    continue
                if outlet.one_by_one:
                    await self._settle(destination, done[noted:], row)
                    noted = len(done)
                    trying = row
                done.append(await self._send(outlet, row))
                trying = None
                if row.ordering and done[-1].state is OutboxState.PENDING:
                    waiting.add(row.ordering)
        except OutletUnavailable as fault:
            down = fault
        finally:
            await self._settle(destination, done[noted:])
        if down is None:
            return len(done), True
        async with self.database.begin() as connection:
            await parking.park(connection, destination.value, down.retry_after, str(down))
            if trying is not None:
                await outbox.not_sent(connection, trying.id)
        log.warning("%s is parked: %s", destination.value, down)
        return len(done), False

    async def _send(self, outlet: Outlet, row: Due) -> _Settled:
        """How it ended. Raises OutletUnavailable only: one row that nobody foresaw must not hold up all the others."""
        parcel = Parcel(row.id, row.kind, row.payload, row.attempts, row.unsure, row.first_tried_at)
        try:
            sent = await outlet.send(parcel)
        except OutletRefused as fault:
            return _Settled(row, OutboxState.REFUSED, str(fault))
        except OutletUnavailable as fault:
            if not fault.only_this:
                raise
            if not fault.counts:
                return _Settled(row, OutboxState.PENDING, str(fault), wait=fault.retry_after, counts=False)
            most = _MAIL_ATTEMPTS if row.destination is Destination.MAIL else _ATTEMPTS
            return _Settled(row, _later(row, OutboxState.REFUSED, most), str(fault), wait=_pause(row.attempts))
        except OutletOutcomeUnknown as fault:
            state = _later(row, OutboxState.UNKNOWN) if fault.may_repeat else OutboxState.UNKNOWN
            return _Settled(row, state, str(fault), wait=_pause(row.attempts), known=False)
        except Exception as fault:
            log.exception("outbox row %s could not be sent", row.id)
            error = f"{type(fault).__name__}: {fault}"
            return _Settled(row, _later(row, OutboxState.REFUSED), error, wait=_pause(row.attempts), known=False)
        return _Settled(row, OutboxState.KEPT if sent.kept else OutboxState.SENT, remote_id=sent.remote_id)

    async def _settle(self, destination: Destination, done: Sequence[_Settled], following: Due | None = None) -> None:
        """Note the ends, and in the same commit that an attempt at `following` begins."""
        if not done and following is None:
            return
        async with self.database.begin() as connection:
            if any(end.state in _ANSWERED for end in done):
                await parking.unpark(connection, destination.value)
            for state in (OutboxState.SENT, OutboxState.KEPT):
                await outbox.settle_many(
                    connection, [(end.row.id, end.remote_id) for end in done if end.state is state], state
                )
            for end in done:
                await self._settle_badly(connection, destination, end)
            if following is not None:
                await outbox.begin(connection, following.id)

    async def _settle_badly(self, connection: AsyncConnection, destination: Destination, end: _Settled) -> None:
        if end.state is OutboxState.PENDING:
            await outbox.postpone(connection, end.row.id, end.wait, end.error, counts=end.counts)
            if end.known:
                await outbox.not_sent(connection, end.row.id)
            if end.row.attempts == _ATTEMPTS:
                await _tell(connection, destination, end, "delayed")
        if end.state in (OutboxState.REFUSED, OutboxState.UNKNOWN):
            await outbox.settle(connection, end.row.id, end.state, error=end.error)
            if end.row.kind == UPDATE_DEAL:
                await contradicted.note(connection, end.row, end.error)
            else:
                await _tell(connection, destination, end, "delivery")


async def _tell(connection: AsyncConnection, destination: Destination, end: _Settled, what: str) -> None:
    """A task for the partner's manager, or for every manager where it is nobody's in particular; once for each."""
    partner = await mirror.one(connection, Partner, end.row.partner_id) if end.row.partner_id else None
    await tasks.open_task(
        connection, f"{end.row.id}:{what}", "refused_delivery", _in_words(destination, end),
        manager_email=partner.manager_email if partner else "", partner_id=end.row.partner_id,
        inbox_id=end.row.inbox_id,
    )  # fmt: skip


def _later(row: Due, at_last: OutboxState, most: int = _ATTEMPTS) -> OutboxState:
    return OutboxState.PENDING if row.attempts < most else at_last


def _pause(attempts: int) -> float:
    """Seconds to the next attempt: 2, 4, 8 … at most half an hour, and an hour for what is put off that long."""
    return min(2.0 ** (attempts + 1), 1_800.0) if attempts < _ATTEMPTS else 3_600.0


def _in_words(destination: Destination, end: _Settled) -> str:
    what = {Destination.MAIL: "a mail", Destination.SLACK: "a Slack message", Destination.CRM: "a CRM entry"}[
        destination
    ]
    whom = f" to {end.row.payload['to']}" if "to" in end.row.payload else ""
    fate = {
        OutboxState.REFUSED: "was refused",
        OutboxState.PENDING: "is put off again and again, and is still tried",
    }.get(end.state, "may or may not have arrived")
    return f"{what}{whom} {fate}: {end.error}"
