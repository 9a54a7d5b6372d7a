"""What is to leave the house: rows written with the effects they tell of, drained in order, replies before bulk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import ARRAY, Row, Text, cast, delete, func, select, update
from sqlalchemy.dialects.postgresql import UUID, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import outbox, parked

REPLY, BULK = 0, 10


class Destination(StrEnum):
    MAIL = "mail"
    SLACK = "slack"
    CRM = "crm"


class OutboxState(StrEnum):
    """pending -> sent; or kept (nowhere to send it), refused (for good), unknown (answer lost, not to be repeated)."""

    PENDING = "pending"
    SENT = "sent"
    KEPT = "kept"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One thing to send. `key` is deterministic: the same effect is written once, with the same id every time."""

    key: str
    destination: Destination
    kind: str
    payload: dict[str, Any]
    partner_id: str | None = None
    inbox_id: str | None = None
    thread_id: str | None = None
    priority: int = REPLY

    @property
    def id(self) -> str:
        return str(uuid5(NAMESPACE_URL, f"partnerline:outbox:{self.key}"))


@dataclass(frozen=True, slots=True)
class Due:
    """A row that a drain job has in hand."""

    id: str
    key: str
    destination: Destination
    kind: str
    payload: dict[str, Any]
    partner_id: str | None
    inbox_id: str | None
    thread_id: str | None
    attempts: int
    created_at: datetime


async def put(connection: AsyncConnection, rows: Sequence[Outgoing]) -> None:
    """Write the rows; one that is there already stays as it is."""
    if not rows:
        return
    values = [
        {
            "id": row.id,
            "key": row.key,
            "destination": row.destination.value,
            "kind": row.kind,
            "payload": row.payload,
            "partner_id": row.partner_id,
            "inbox_id": row.inbox_id,
            "thread_id": row.thread_id,
            "priority": row.priority,
        }
        for row in rows
    ]
    await connection.execute(insert(outbox).values(values).on_conflict_do_nothing(index_elements=["key"]))


async def due(connection: AsyncConnection, destination: Destination, limit: int = 100) -> list[Due]:
    """The next rows of a destination whose time has come, replies before bulk, each in the order it was written.

    A row that waits for a later attempt holds back later rows about the same partner at that destination: order counts.
    """
    waiting = (
        select(outbox.c.partner_id)
        .where(
            outbox.c.destination == destination.value,
            outbox.c.state == "pending",
            outbox.c.not_before > func.now(),
            outbox.c.partner_id.is_not(None),
        )
        .scalar_subquery()
    )
    query = (
        select(outbox)
        .where(
            outbox.c.destination == destination.value,
            outbox.c.state == "pending",
            (outbox.c.not_before.is_(None)) | (outbox.c.not_before <= func.now()),
            (outbox.c.partner_id.is_(None)) | (outbox.c.partner_id.not_in(waiting)),
        )
        .order_by(outbox.c.priority, outbox.c.seq)
        .limit(limit)
    )
    return [_due(row) for row in (await connection.execute(query)).all()]


def _due(row: Row[Any]) -> Due:
    return Due(
        id=row.id,
        key=row.key,
        destination=Destination(row.destination),
        kind=row.kind,
        payload=row.payload,
        partner_id=row.partner_id,
        inbox_id=row.inbox_id,
        thread_id=row.thread_id,
        attempts=row.attempts,
        created_at=row.created_at,
    )


async def settle(
    connection: AsyncConnection, row_id: str, state: OutboxState, *, error: str = "", remote_id: str = ""
) -> None:
    """The row has reached its end."""
    values = {"state": state.value, "error": error[:2_000], "remote_id": remote_id, "sent_at": func.now()}
    await connection.execute(
        update(outbox).where(outbox.c.id == row_id).values(**values, attempts=outbox.c.attempts + 1)
    )


async def settle_many(connection: AsyncConnection, ends: Sequence[tuple[str, str]], state: OutboxState) -> None:
    """Rows that have reached the same good end, as (id, the far side's id), in one statement."""
    if not ends:
        return
    said = func.unnest(
        cast([row_id for row_id, _ in ends], ARRAY(UUID(as_uuid=False))), cast([r for _, r in ends], ARRAY(Text))
    )
    table = said.table_valued("id", "remote_id").render_derived()
    await connection.execute(
        update(outbox)
        .where(outbox.c.id == table.c.id)
        .values(
            state=state.value, error="", remote_id=table.c.remote_id, sent_at=func.now(), attempts=outbox.c.attempts + 1
        )
    )


async def postpone(connection: AsyncConnection, row_id: str, seconds: float, error: str) -> None:
    """Not this time: the row is due again after `seconds`."""
    await connection.execute(
        update(outbox)
        .where(outbox.c.id == row_id)
        .values(not_before=func.now() + timedelta(seconds=seconds), error=error[:2_000], attempts=outbox.c.attempts + 1)
    )


async def destinations_due(connection: AsyncConnection) -> list[Destination]:
    """Destinations with rows whose time has come and that are not parked now."""
    resting = select(parked.c.dependency).where(parked.c.until > func.now())
    query = (
        select(outbox.c.destination)
        .where(
            outbox.c.state == "pending",
            (outbox.c.not_before.is_(None)) | (outbox.c.not_before <= func.now()),
            outbox.c.destination.not_in(resting),
        )
        .distinct()
    )
    return [Destination(name) for name in await connection.scalars(query)]


async def park(connection: AsyncConnection, dependency: str, seconds: float, reason: str) -> None:
    """A dependency is down: leave it alone for `seconds`, longer each time it stays down, at most ten minutes."""
    made = insert(parked).values(
        dependency=dependency, until=func.now() + timedelta(seconds=seconds), reason=reason[:500]
    )
    await connection.execute(
        made.on_conflict_do_update(
            index_elements=["dependency"],
            set_={
                "failures": parked.c.failures + 1,
                "reason": made.excluded.reason,
                "until": func.now()
                + func.least(
                    timedelta(minutes=10), timedelta(seconds=seconds) * func.power(2, func.least(parked.c.failures, 8))
                ),
            },
        )
    )


async def unpark(connection: AsyncConnection, dependency: str) -> None:
    await connection.execute(delete(parked).where(parked.c.dependency == dependency))


async def is_parked(connection: AsyncConnection, dependency: str) -> bool:
    query = select(parked.c.dependency).where(parked.c.dependency == dependency, parked.c.until > func.now())
    return await connection.scalar(query) is not None


async def sent_to(connection: AsyncConnection, address: str, since: datetime) -> int:
    """How many mails were written to an address since then: what the cap on automatic answers counts."""
    query = select(func.count()).where(
        outbox.c.destination == "mail",
        outbox.c.kind == "reply",
        outbox.c.payload["to"].astext == address,
        outbox.c.created_at >= since,
    )
    return int(await connection.scalar(query) or 0)
