"""Copies and reminders that have not gone and are not wanted any more: somebody has answered meanwhile, or left."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.outbox import ON_TIMELINE


async def after_answer(connection: AsyncConnection, announcement_id: str, contact_id: str, partner_id: str) -> int:
    """The reminders that wait for this person's answer, and below posts for that of anybody at the partner; how many.
    One whose attempt has begun comes to its end.
    """
    said = {"of": announcement_id, "contact": contact_id, "partner": partner_id}
    return int(await connection.scalar(_ANSWERED, said) or 0)


async def after_opting_out(connection: AsyncConnection, contact_id: str) -> int:
    """Every copy, reminder and overview by mail that is still on its way to this person, at whatever partner the
    address stands; how many.
    """
    return int(await connection.scalar(_LEFT, {"contact": contact_id}) or 0)


def _cancelled(those: str) -> str:
    """With the lines on timelines that tell of them, which are known by their keys."""
    return f"""
with gone as (
    update outbox set state = 'cancelled', error = 'not wanted any more'
    where state in ('pending', 'held') and unsure = 0 and {those} returning key
), lines as (
    update outbox set state = 'cancelled' from gone
    where outbox.key = 'crm:{ON_TIMELINE}:' || gone.key and outbox.state in ('pending', 'held')
)
select count(*) from gone"""  # noqa: S608 - of words that stand here


_ANSWERED = text(
    _cancelled("""announcement_id = :of and key like 'announcement#_reminder%' escape '#' and thread_id in (
        select thread_id from announcement_recipients where announcement_id = :of and contact_id = :contact
        union all select thread_id from announcement_posts where announcement_id = :of and partner_id = :partner)""")
)
_LEFT = text(
    _cancelled("""destination = 'mail' and (announcement_id is not null and thread_id in (
        select thread_id from announcement_recipients where contact_id = :contact)
        or (announcement_id is not null or key like 'partner#_digest:%' escape '#') and ordering in (
            select lower(doc ->> 'email') from mirror
            where kind = 'contact' and id = :contact and doc ->> 'email' <> ''))""")
)
