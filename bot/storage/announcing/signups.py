"""Who answered an announcement with a day, a yes, a maybe or a no: one row each, as it stands."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.announcing.followed import WAS_MEANT
from bot.vocabulary.announcement_report import SignUp


async def of(connection: AsyncConnection, announcement_id: str) -> tuple[SignUp, ...]:
    """Days first, in their order, then the other answers; within each by partner and name."""
    rows = await connection.execute(_ANSWERS, {"id": announcement_id})
    return tuple(SignUp(**row._asdict()) for row in rows.all())


async def silent(connection: AsyncConnection, announcement_id: str) -> int:
    """How many recipients have not answered so."""
    return int(await connection.scalar(_SILENT, {"id": announcement_id}) or 0)


_ANSWERS = text("""
select r.answer, coalesce(c.doc ->> 'name', '') name, coalesce(c.doc ->> 'email', '') email,
    coalesce(p.doc ->> 'name', '') partner, coalesce(p.doc ->> 'tier', '') tier,
    case r.answered_in when 'email' then 'mail' when 'slack' then 'Slack' else '' end answered_in, r.answered_at
from announcement_recipients r
left join mirror c on c.kind = 'contact' and c.id = r.contact_id
left join mirror p on p.kind = 'partner' and p.id = r.partner_id
where r.announcement_id = :id and r.answer <> ''
order by r.answer in ('yes', 'no', 'maybe'), array_position(array['yes', 'maybe', 'no'], r.answer), r.answer,
    lower(p.doc ->> 'name'), lower(c.doc ->> 'name'), r.contact_id""")
_SILENT = text(f"""
select count(*) from announcement_recipients r
where r.announcement_id = :id and r.answer = '' and {WAS_MEANT} and r.left_out = ''""")  # noqa: S608 - values are bound
