"""Erases what the adapter keeps of a contact in its own tables; what HubSpot holds is HubSpot's."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, literal, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from crm.adapters.hubspot.tables import interactions, objects
from crm.errors import CrmUnavailable

ERASED = "[erased]"
_SILENT = {
    "summary": ERASED, "body": "", "subject": "", "sender": "", "message_id": "", "link": "",
    "recipients": [], "files": [],
}  # fmt: skip


async def forget_copies(engine: AsyncEngine, contact_id: str) -> int:
    """The contact's row of the map goes; its interactions keep key and marker, so that none is logged again.

    Raises CrmUnavailable where the adapter's database does not answer.
    """
    try:
        async with engine.begin() as connection:
            return await erase(connection, contact_id)
    except DBAPIError as fault:
        raise CrmUnavailable(f"the HubSpot adapter's database does not answer: {fault.orig}") from fault


async def erase(connection: AsyncConnection, contact_id: str) -> int:
    """In the caller's transaction; how many records that were."""
    person = delete(objects).where(objects.c.kind == "contact", objects.c.record_id == bindparam("contact"))
    said = (
        update(interactions)
        .where(interactions.c.contact_id == bindparam("contact"))
        .values(doc=interactions.c.doc.op("||")(literal(_SILENT, JSONB)))
    )
    gone = await connection.execute(person, {"contact": contact_id})
    silent = await connection.execute(said, {"contact": contact_id})
    return gone.rowcount + silent.rowcount
