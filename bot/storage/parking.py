"""Parked: what is down and left alone until a set time, by dependency; its work waits and is nobody's fault."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import parked

_LONGEST = timedelta(minutes=10)

CRM_CHANGES = "crm_changes"
"""The dependency that is parked while the CRM does not tell what changed; writing there is parked as its own."""


@dataclass(frozen=True, slots=True)
class Outage:
    dependency: str
    since: datetime
    reason: str


async def park(
    connection: AsyncConnection, dependency: str, seconds: float, reason: str, *, longest: timedelta = _LONGEST
) -> None:
    """A dependency is down: leave it alone for `seconds`, longer each time it stays down, at most `longest`.

    Several who find it down at once count as one.
    """
    made = insert(parked).values(
        dependency=dependency, until=func.now() + timedelta(seconds=seconds), reason=reason[:500]
    )
    await connection.execute(
        made.on_conflict_do_update(
            index_elements=["dependency"],
            where=parked.c.until <= func.now(),
            set_={
                "failures": parked.c.failures + 1,
                "reason": made.excluded.reason,
                "until": func.now()
                + func.least(longest, timedelta(seconds=seconds) * func.power(2, func.least(parked.c.failures, 8))),
            },
        )
    )


async def unpark(connection: AsyncConnection, dependency: str) -> bool:
    """False where it was not parked."""
    gone = await connection.execute(_UNPARK, {"gone": dependency})
    return bool(gone.rowcount)


_UNPARK = delete(parked).where(parked.c.dependency == bindparam("gone"))


async def try_now(connection: AsyncConnection, dependency: str) -> None:
    """It is said to be up again: it is asked at once, and counts as down until it answers."""
    mine = (parked.c.dependency == dependency) & (parked.c.until > func.now())
    await connection.execute(update(parked).where(mine).values(until=func.now()))


async def is_parked(connection: AsyncConnection, dependency: str) -> bool:
    return await connection.scalar(_IS_PARKED, {"dependency": dependency}) is not None


_IS_PARKED = select(parked.c.dependency).where(
    parked.c.dependency == bindparam("dependency"), parked.c.until > func.now()
)


async def outages(connection: AsyncConnection, longer_than: timedelta) -> list[Outage]:
    """What has been down for longer than that."""
    query = select(parked.c.dependency, parked.c.since, parked.c.reason).where(
        parked.c.since < func.now() - longer_than
    )
    return [Outage(*row) for row in (await connection.execute(query.order_by(parked.c.since))).all()]
