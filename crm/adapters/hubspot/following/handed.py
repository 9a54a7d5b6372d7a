"""What was handed out of HubSpot's objects and in what state: known to be kept only when the next page is asked for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from crm.adapters.hubspot.following.event_bodies import ERASED
from crm.adapters.hubspot.forgetting import erase
from crm.adapters.hubspot.records.store import CONTACT, CONTACTS, connected, transaction
from crm.adapters.hubspot.tables import handed, objects, touched

_AT_ONCE = 1_000  # rows of one statement


@dataclass(frozen=True, slots=True)
class Kept:
    """As it was handed out and kept."""

    changed_at: datetime | None
    digest: str


@dataclass(frozen=True, slots=True)
class Giving:
    """An object that was looked at: with the digest of its records, "" where none is of ours.

    One that is `gone` counts as archived once its page was kept: until then it is found again.
    """

    object_type: str
    hubspot_id: str
    changed_at: datetime | None
    digest: str
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """An object that an event touched, and the number of its latest event."""

    seq: int
    object_type: str
    hubspot_id: str


class Handed:
    """Every method may raise CrmUnavailable, for the database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def begin_anew(self) -> None:
        """Nobody is known to have kept anything."""
        async with transaction(self._engine) as connection:
            await connection.execute(delete(handed))

    async def forget_nothings(self, object_type: str) -> None:
        """Of those that held nothing of ours, or nothing any more, it is not known that they were looked at."""
        nothing = (handed.c.object_type == object_type) & ((handed.c.digest == "") | handed.c.given_gone)
        async with transaction(self._engine) as connection:
            await connection.execute(delete(handed).where(nothing))

    async def kept(self, page: str, seq: int) -> None:
        """The page was kept, with all events up to `seq`. One that touched its object again has a higher number."""
        if not page:
            return
        mine = handed.c.given_in == page
        now = {"changed_at": handed.c.given_changed_at, "digest": handed.c.given_digest, "given_in": ""}
        gone = mine & handed.c.given_gone
        ids = select(handed.c.object_type, handed.c.hubspot_id).where(gone)
        async with transaction(self._engine) as connection:
            await connection.execute(
                update(objects)
                .where(tuple_(objects.c.object_type, objects.c.hubspot_id).in_(ids))
                .values(archived=True)
            )
            await _forget_erased(connection, page, seq)
            await connection.execute(update(handed).where(mine).values(now))
            await connection.execute(delete(touched).where(touched.c.seq <= seq))

    async def of(self, object_type: str, ids: Collection[str]) -> dict[str, Kept]:
        if not ids:
            return {}
        query = select(handed.c.hubspot_id, handed.c.changed_at, handed.c.digest)
        query = query.where(handed.c.object_type == object_type, handed.c.hubspot_id.in_(set(ids)))
        async with connected(self._engine) as connection:
            rows = (await connection.execute(query)).all()
        return {row.hubspot_id: Kept(row.changed_at, row.digest) for row in rows}

    async def give(self, page: str, giving: Sequence[Giving]) -> None:
        """They go out in this page. Until it is kept, what was kept before holds."""
        rows = sorted(
            (
                {
                    "object_type": one.object_type,
                    "hubspot_id": one.hubspot_id,
                    "given_changed_at": one.changed_at,
                    "given_digest": one.digest,
                    "given_gone": one.gone,
                    "given_in": page,
                }
                for one in giving
            ),
            key=lambda row: (str(row["object_type"]), str(row["hubspot_id"])),
        )
        made = insert(handed)
        names = ("given_changed_at", "given_digest", "given_gone", "given_in")
        given = made.on_conflict_do_update(
            index_elements=["object_type", "hubspot_id"], set_={name: made.excluded[name] for name in names}
        )
        async with transaction(self._engine) as connection:
            for start in range(0, len(rows), _AT_ONCE):
                await connection.execute(given, rows[start : start + _AT_ONCE])

    async def told(self, after: int, limit: int) -> list[Told]:
        """Objects that events touched, in the order of their latest event."""
        query = select(touched.c.seq, touched.c.object_type, touched.c.hubspot_id)
        query = query.where(touched.c.seq > after).order_by(touched.c.seq).limit(limit)
        async with connected(self._engine) as connection:
            rows = (await connection.execute(query)).all()
        return [Told(row.seq, row.object_type, row.hubspot_id) for row in rows]

    async def behind(self, object_type: str, limit: int) -> list[str]:
        """Of what is kept here and not in HubSpot, that which was not handed out as it is now, oldest first."""
        same = (handed.c.object_type == objects.c.object_type) & (handed.c.hubspot_id == objects.c.hubspot_id)
        new = handed.c.changed_at.is_distinct_from(objects.c.changed_at)
        query = select(objects.c.hubspot_id).join(handed, same, isouter=True)
        query = query.where(objects.c.object_type == object_type, ~objects.c.archived, new)
        async with connected(self._engine) as connection:
            return list(await connection.scalars(query.order_by(objects.c.changed_at).limit(limit)))


async def _forget_erased(connection: AsyncConnection, page: str, seq: int) -> None:
    """What the adapter kept of contacts that were deleted for privacy goes when the page that says so was kept. One
    that HubSpot still had when it was looked at stays.
    """
    told = select(touched.c.hubspot_id).where(touched.c.object_type == ERASED, touched.c.seq <= seq)
    here = (handed.c.object_type == CONTACTS) & handed.c.hubspot_id.in_(told) & (handed.c.given_in == page)
    gone = select(handed.c.hubspot_id).where(here, handed.c.given_gone | (handed.c.given_digest == ""))
    theirs = (objects.c.object_type == CONTACTS) & objects.c.hubspot_id.in_(gone)
    named = select(objects.c.record_id).where(theirs, objects.c.kind == CONTACT, objects.c.record_id != "")
    for contact_id in list(await connection.scalars(named)):
        await erase(connection, contact_id)
    await connection.execute(delete(objects).where(theirs))
