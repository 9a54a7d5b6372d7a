"""What digests look for over all partners: protections and certificates that end, and who may be sent one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import any_, bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY, UUID
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.codec import from_doc
from bot.storage.tables import inbox, mirror, registrations, threads
from crm.records import Contact, Registration, RegistrationState


@dataclass(frozen=True, slots=True)
class Certificate:
    """Of one person at a partner: the last one, and until when it is valid."""

    partner_id: str
    person: str
    valid_until: date


async def ending_protections(
    connection: AsyncConnection, first: date, last: date, partner_id: str = ""
) -> tuple[Registration, ...]:
    """Accepted registrations whose last protected day lies there, both inclusive, the soonest first; without those
    whose deal is won or lost. Of one partner where it is named.
    """
    until = registrations.c.doc["protected_until"].astext
    closed = select(mirror.c.id).where(
        mirror.c.kind == "deal", mirror.c.key == registrations.c.number,
        mirror.c.doc["stage"].astext.in_(["won", "lost"]),
    )  # fmt: skip
    query = select(registrations.c.doc).where(
        registrations.c.state == RegistrationState.APPROVED.value,
        until >= first.isoformat(),
        until <= last.isoformat(),
        ~closed.exists(),
    )
    if partner_id:
        query = query.where(registrations.c.partner_id == partner_id)
    docs = await connection.scalars(query.order_by(until, registrations.c.number))
    return tuple(from_doc(Registration, doc) for doc in docs)


async def ending_certificates(
    connection: AsyncConnection, valid_months: int | None, first: date, last: date, partner_id: str = ""
) -> tuple[Certificate, ...]:
    """People whose last certificate ends there, both inclusive, the soonest first. Of one partner where it is named;
    nobody where certificates do not end (None).
    """
    if valid_months is None:
        return ()
    values = {"months": valid_months, "first": first, "last": last, "partner": partner_id}
    return tuple(Certificate(*row) for row in await connection.execute(_CERTIFICATES, values))


async def answers_among(connection: AsyncConnection, inbox_ids: Sequence[str]) -> frozenset[str]:
    """Which of these messages were written in the thread of an announcement."""
    wanted = inbox.c.id == any_(bindparam("ids", list(inbox_ids), type_=ARRAY(UUID(as_uuid=False))))
    query = select(inbox.c.id).join(threads, threads.c.id == inbox.c.thread_id)
    return frozenset(await connection.scalars(query.where(wanted, threads.c.announcement_id.is_not(None))))


async def addressees(
    connection: AsyncConnection, *, mains: bool, after: str = "", partners: int = 1_000_000
) -> tuple[Contact, ...]:
    """Whom the monthly digest goes to, at so many partners whose ids come `after` that one, by partner and then by id:
    active contacts with an address who asked for it, with `mains` main contacts as well who said nothing of it.

    Nobody whose address opted out, at whatever partner. Whose address takes no mail is the caller's to leave out.
    """
    values = {"mains": mains, "after": after, "partners": partners}
    docs = (await connection.execute(_ADDRESSEES, values)).scalars()
    return tuple(from_doc(Contact, doc) for doc in docs)


_ADDRESSEES = text("""
with wanted as (
    select m.partner_id, m.id, m.doc
    from mirror m
    join mirror p on p.kind = 'partner' and p.id = m.partner_id
    left join contact_preferences said on said.contact_id = m.id
    where m.kind = 'contact' and m.partner_id > :after
        and (m.doc ->> 'active')::boolean and m.doc ->> 'email' <> ''
        and (said.digest or (said.digest is null and :mains and (m.doc ->> 'main')::boolean))
        and not exists (
            select from mirror o where o.kind = 'contact' and o.key = m.key and (o.doc ->> 'opted_out')::boolean
        )
)
select doc from wanted
where partner_id in (select distinct partner_id from wanted order by partner_id limit :partners)
order by partner_id, id
""")
_CERTIFICATES = text("""
select partner_id, person, valid_until from (
    select partner_id, doc ->> 'subject' as person,
        (max((doc ->> 'on')::date) + make_interval(months => :months))::date as valid_until
    from mirror
    where kind = 'milestone' and doc ->> 'kind' = 'certification' and partner_id <> '' and doc ->> 'subject' <> ''
        and (:partner = '' or partner_id = :partner)
    group by partner_id, doc ->> 'subject'
) last
where valid_until between :first and :last
order by valid_until, partner_id, person
""")
