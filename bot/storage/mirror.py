"""The CRM's records, mirrored so that reading costs no call; each with its age."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.codec import from_doc, to_doc
from bot.storage.tables import instance, mirror, partner_versions
from crm.records import Contact, Deal, Partner, Payment

Mirrored = Partner | Contact | Deal | Payment
M = TypeVar("M", Partner, Contact, Deal, Payment)

_KINDS: dict[type[Mirrored], str] = {Partner: "partner", Contact: "contact", Deal: "deal", Payment: "payment"}
_CURSOR = "mirror_cursor"


def _values(record: Mirrored) -> dict[str, Any]:
    match record:
        case Partner():
            owner, key = record.id, record.name
        case Contact():
            owner, key = record.partner_id, record.email
        case Deal():
            owner, key = record.partner_id, record.number
        case Payment():
            owner, key = record.partner_id, record.deal_id
    return {"kind": _KINDS[type(record)], "id": record.id, "partner_id": owner, "key": key, "doc": to_doc(record)}


async def store(connection: AsyncConnection, records: Sequence[Mirrored]) -> None:
    """Write what the CRM says (or will say), and make whoever read the old state start again."""
    if not records:
        return
    rows = [_values(record) for record in records]
    # Versions before records, as whoever handles a message locks them: the other way round two could wait in a ring.
    await bump(connection, {row["partner_id"] for row in rows})
    made = insert(mirror).values(rows)
    await connection.execute(
        made.on_conflict_do_update(
            index_elements=["kind", "id"],
            set_={
                "partner_id": made.excluded.partner_id,
                "key": made.excluded.key,
                "doc": made.excluded.doc,
                "as_of": func.now(),
            },
        )
    )


async def bump(connection: AsyncConnection, partner_ids: Iterable[str]) -> None:
    """A new version for each partner, in one order, so that two writers never wait for each other in a ring."""
    rows = [{"partner_id": partner_id, "version": 1} for partner_id in sorted(partner_ids)]
    if rows:
        made = insert(partner_versions).values(rows)
        await connection.execute(
            made.on_conflict_do_update(index_elements=["partner_id"], set_={"version": partner_versions.c.version + 1})
        )


async def version(connection: AsyncConnection, partner_id: str, *, lock: bool = False) -> int:
    """The partner's version, 0 where nothing was ever written; `lock` holds it to the end of the transaction."""
    if lock:
        row = insert(partner_versions).values(partner_id=partner_id, version=0)
        await connection.execute(row.on_conflict_do_nothing())
    query = select(partner_versions.c.version).where(partner_versions.c.partner_id == partner_id)
    found = await connection.scalar(query.with_for_update() if lock else query)
    return int(found or 0)


async def of_partner(connection: AsyncConnection, kind: type[M], partner_id: str) -> tuple[M, ...]:
    """All records of a kind that belong to this partner, and none of anybody else."""
    query = select(mirror.c.doc).where(mirror.c.partner_id == partner_id, mirror.c.kind == _KINDS[kind])
    return tuple(from_doc(kind, doc) for doc in await connection.scalars(query.order_by(mirror.c.key, mirror.c.id)))


async def everyone(connection: AsyncConnection, kind: type[M]) -> tuple[M, ...]:
    """All records of a kind: for managers and announcements, never for a partner."""
    query = select(mirror.c.doc).where(mirror.c.kind == _KINDS[kind]).order_by(mirror.c.key, mirror.c.id)
    return tuple(from_doc(kind, doc) for doc in await connection.scalars(query))


async def one(connection: AsyncConnection, kind: type[M], record_id: str) -> M | None:
    query = select(mirror.c.doc).where(mirror.c.kind == _KINDS[kind], mirror.c.id == record_id)
    doc = await connection.scalar(query)
    return None if doc is None else from_doc(kind, doc)


async def contact_by_address(connection: AsyncConnection, address: str) -> Contact | None:
    """The active contact of that address; None when two partners claim it, since then it names nobody."""
    query = select(mirror.c.doc).where(mirror.c.kind == "contact", mirror.c.key == address)
    found = [from_doc(Contact, doc) for doc in await connection.scalars(query)]
    active = [contact for contact in found if contact.active]
    return active[0] if len({c.partner_id for c in active}) == 1 else None


async def contact_by_slack_user(connection: AsyncConnection, partner_id: str, slack_user_id: str) -> Contact | None:
    query = select(mirror.c.doc).where(
        mirror.c.kind == "contact",
        mirror.c.partner_id == partner_id,
        text("(doc ->> 'slack_user_id') = :slack_user").bindparams(slack_user=slack_user_id),
    )
    doc = (await connection.scalars(query.limit(1))).first()
    return None if doc is None else from_doc(Contact, doc)


async def oldest(connection: AsyncConnection) -> datetime | None:
    """When the oldest record was last seen to be so."""
    found: datetime | None = await connection.scalar(select(func.min(mirror.c.as_of)))
    return found


async def cursor(connection: AsyncConnection) -> str:
    return str(await connection.scalar(select(instance.c.value).where(instance.c.name == _CURSOR)) or "")


async def save_cursor(connection: AsyncConnection, value: str) -> None:
    made = insert(instance).values(name=_CURSOR, value=value)
    await connection.execute(made.on_conflict_do_update(index_elements=["name"], set_={"value": value}))
