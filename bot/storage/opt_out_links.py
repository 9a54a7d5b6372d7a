"""Links that take a contact out of announcements and overviews: whom each was written to, and in which announcement."""

from __future__ import annotations

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.announcement_tables import opt_out_links


async def keep(connection: AsyncConnection, token: str, contact_id: str, partner_id: str) -> None:
    """For a mail that is of no announcement."""
    await connection.execute(insert(opt_out_links).values(token=token, contact_id=contact_id, partner_id=partner_id))


async def find(connection: AsyncConnection, token: str) -> tuple[str, str | None] | None:
    """(contact, announcement) that a link stands for; None for a token we never gave out."""
    query = select(opt_out_links.c.contact_id, opt_out_links.c.announcement_id)
    row = (await connection.execute(query.where(opt_out_links.c.token == token))).one_or_none()
    return None if row is None else (row.contact_id, row.announcement_id)
