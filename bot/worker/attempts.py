"""Attempts to send outbox rows, one alone or many in one call, and how each of them ended."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.ports import (
    AheadOutlet,
    BatchOutlet,
    Outlet,
    OutletOutcomeUnknown,
    OutletRefused,
    OutletUnavailable,
    Parcel,
    Prepared,
    Sent,
)
from bot.storage.outbox import Destination, Due, OutboxState

T = TypeVar("T")

log = logging.getLogger(__name__)

ANSWERED = (OutboxState.SENT, OutboxState.KEPT, OutboxState.REFUSED)
"""Ends that say that the destination is up."""
ATTEMPTS = 12  # a row that a living destination still does not take is refused after this many, over two hours
_MAIL_ATTEMPTS = ATTEMPTS + 72  # a mail that the relay puts off goes on every hour: three days, as mail servers do

_Failed = OutletRefused | OutletUnavailable | OutletOutcomeUnknown


@dataclass(frozen=True, slots=True)
class Settled:
    """How an attempt ended. `known` False where nobody can say whether it got through, `begun` False where it ended
    before anything of it was noted.
    """

    row: Due
    state: OutboxState
    error: str = ""
    remote_id: str = ""
    wait: float = 0.0
    counts: bool = True
    known: bool = True
    begun: bool = True


async def attempt(outlet: Outlet, row: Due) -> Settled:
    """How it ended. Raises OutletUnavailable only: one row that nobody foresaw must not hold up all the others."""
    end = await _tried(row, outlet.send(_parcel(row)))
    return end if isinstance(end, Settled) else _settled(row, end)


async def prepare(outlet: AheadOutlet, row: Due) -> Prepared | Settled:
    """Ready for its last step, or at its end before that. Raises OutletUnavailable."""
    ready = await _tried(row, outlet.prepare(_parcel(row)))
    return replace(ready, begun=False) if isinstance(ready, Settled) else ready


async def finish(prepared: Prepared, row: Due) -> Settled:
    """The last step, see `attempt`."""
    end = await _tried(row, prepared.send())
    return end if isinstance(end, Settled) else _settled(row, end)


async def _tried(row: Due, doing: Awaitable[T]) -> T | Settled:
    try:
        return await doing
    except OutletUnavailable as fault:
        if not fault.only_this:
            raise
        return _settled(row, fault)
    except (OutletRefused, OutletOutcomeUnknown) as fault:
        return _settled(row, fault)
    except Exception as fault:
        log.exception("outbox row %s could not be sent", row.id)
        error = f"{type(fault).__name__}: {fault}"
        return Settled(row, _later(row, OutboxState.REFUSED), error, wait=_pause(row.attempts), known=False)


async def attempt_together(outlet: BatchOutlet, rows: Sequence[Due]) -> list[Settled]:
    """How each ended, in their order. Raises OutletUnavailable only; where nobody foresaw what went wrong, each row is
    tried alone, so that the one it is about does not take the others with it.
    """
    try:
        ends = await outlet.send_many([_parcel(row) for row in rows])
    except OutletUnavailable:
        raise
    except OutletOutcomeUnknown as fault:
        return [_settled(row, fault) for row in rows]
    except Exception:
        log.exception("%s outbox rows could not be sent together", len(rows))
        return [await attempt(outlet, row) for row in rows]
    return [_settled(row, end) for row, end in zip(rows, ends, strict=True)]


def put_off(row: Due, fault: OutletUnavailable) -> Settled:
    """The end of an attempt that found a destination away which takes the rows of others."""
    return Settled(row, _later(row, OutboxState.REFUSED), str(fault), wait=_pause(row.attempts))


def _parcel(row: Due) -> Parcel:
    return Parcel(row.id, row.kind, row.payload, row.attempts, row.unsure, row.first_tried_at)


def _settled(row: Due, end: Sent | _Failed) -> Settled:
    if isinstance(end, Sent):
        return Settled(row, OutboxState.KEPT if end.kept else OutboxState.SENT, remote_id=end.remote_id)
    if isinstance(end, OutletRefused):
        return Settled(row, OutboxState.REFUSED, str(end))
    if isinstance(end, OutletOutcomeUnknown):
        state = _later(row, OutboxState.UNKNOWN) if end.may_repeat else OutboxState.UNKNOWN
        return Settled(row, state, str(end), wait=_pause(row.attempts), known=False)
    if not end.counts:
        return Settled(row, OutboxState.PENDING, str(end), wait=end.retry_after, counts=False)
    most = _MAIL_ATTEMPTS if row.destination is Destination.MAIL else ATTEMPTS
    return Settled(row, _later(row, OutboxState.REFUSED, most), str(end), wait=_pause(row.attempts))


def _later(row: Due, at_last: OutboxState, most: int = ATTEMPTS) -> OutboxState:
    return OutboxState.PENDING if row.attempts < most else at_last


def _pause(attempts: int) -> float:
    """Seconds to the next attempt: 2, 4, 8 … at most half an hour, and an hour for what is put off that long."""
    return min(2.0 ** (attempts + 1), 1_800.0) if attempts < ATTEMPTS else 3_600.0
