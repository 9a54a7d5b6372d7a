"""Addresses that take no mail: what came back, what follows from it, and how an address is trusted again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import ledger
from bot.storage.tables import mail_tables, outbox

SOFT_ENOUGH = 5
"""As many mails that came back for the time being, within `WITHIN`, count like one that came back for good."""
WITHIN = timedelta(days=7)

_IDS = 20  # Message-IDs of one report that are looked up
_OUR_ID = re.compile(r"<([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})@[^<>\s]+>", re.IGNORECASE)
_bounces = mail_tables.bounces
_addresses = mail_tables.undeliverable


@dataclass(frozen=True, slots=True)
class SentMail:
    """A mail of ours that left the house; `address` is the one it was sent to, lower case."""

    id: str
    address: str
    partner_id: str | None
    thread_id: str | None


@dataclass(frozen=True, slots=True)
class Bounced:
    """One mail that did not arrive, and why."""

    mail: SentMail
    hard: bool
    status: str
    words: str


@dataclass(frozen=True, slots=True)
class Undeliverable:
    address: str
    partner_id: str | None
    contact_id: str | None
    status: str
    words: str
    since: datetime


async def sent_mails(connection: AsyncConnection, row_ids: Iterable[str], message_ids: Sequence[str]) -> list[SentMail]:
    """Those of our mails that were handed to a relay, by outbox row or by Message-ID; nothing for anybody else's."""
    named = [found[1].lower() for one in message_ids[:_IDS] if (found := _OUR_ID.fullmatch(one))]
    ids = {str(UUID(one)) for one in (*row_ids, *named)}
    if not ids:
        return []
    left = or_(outbox.c.state.in_(["sent", "unknown"]), outbox.c.first_tried_at.is_not(None))
    query = select(outbox.c.id, outbox.c.payload, outbox.c.partner_id, outbox.c.thread_id)
    rows = await connection.execute(query.where(outbox.c.id.in_(ids), outbox.c.destination == "mail", left))
    return [SentMail(r.id, str(r.payload.get("to", "")).lower(), r.partner_id, r.thread_id) for r in rows.all()]


async def is_our_mail(connection: AsyncConnection, message_id: str) -> bool:
    """Whether a mail that comes in is one that went out: then it came back in a loop, and nobody said anything."""
    found = _OUR_ID.fullmatch(message_id)
    if found is None:
        return False
    query = select(outbox.c.id).where(outbox.c.id == found[1].lower(), outbox.c.destination == "mail")
    return await connection.scalar(query) is not None


async def note(
    connection: AsyncConnection, bounced: Bounced, *, inbox_id: str, contact_id: str | None, at: datetime
) -> bool:
    """Count it; True where the address takes no mail from now on and did take some until now."""
    mail = bounced.mail
    counted = insert(_bounces).values(
        inbox_id=inbox_id, address=mail.address, outbox_id=mail.id, partner_id=mail.partner_id, contact_id=contact_id,
        hard=bounced.hard, status=bounced.status, words=bounced.words, at=at,
    )  # fmt: skip
    await connection.execute(counted.on_conflict_do_nothing(index_elements=["inbox_id", "address"]))
    if not bounced.hard and await _soft(connection, mail.address, at) < SOFT_ENOUGH:
        return False
    marked = insert(_addresses).values(
        address=mail.address, partner_id=mail.partner_id, contact_id=contact_id, status=bounced.status,
        words=bounced.words, inbox_id=inbox_id, since=at,
    )  # fmt: skip
    marked = marked.on_conflict_do_nothing(index_elements=["address"])
    return await connection.scalar(marked.returning(_addresses.c.address)) is not None


async def _soft(connection: AsyncConnection, address: str, at: datetime) -> int:
    """How many different mails came back lately: a server may report one delay again and again."""
    lately = (_bounces.c.address == address) & (_bounces.c.at > at - WITHIN)
    return int(await connection.scalar(select(func.count(_bounces.c.outbox_id.distinct())).where(lately)) or 0)


async def addresses(connection: AsyncConnection) -> frozenset[str]:
    """Every address that takes no mail."""
    return frozenset(await connection.scalars(select(_addresses.c.address)))


async def of_addresses(connection: AsyncConnection, wanted: Iterable[str]) -> dict[str, Undeliverable]:
    """Those of the given addresses that take no mail, by address in lower case."""
    c = _addresses.c
    query = select(c.address, c.partner_id, c.contact_id, c.status, c.words, c.since)
    rows = await connection.execute(query.where(c.address.in_([address.lower() for address in wanted])))
    return {row.address: Undeliverable(**row._asdict()) for row in rows.all()}


async def clear(connection: AsyncConnection, address: str, by: str, *, before: datetime | None = None) -> bool:
    """The address takes mail again, and what came back is forgotten; False where it was never doubted.

    `before`: only what was marked by then, as a mail that is read late says nothing of what came after it.
    """
    address = address.lower()
    row = (await connection.execute(_CLEAR, {"doubted": address, "before": before})).one_or_none()
    if row is None:
        return False
    await connection.execute(delete(_bounces).where(_bounces.c.address == address))
    await ledger.append(connection, "deliverable", by, {"address": address}, partner_id=row.partner_id)
    return True


_BEFORE = bindparam("before", type_=_addresses.c.since.type)
_CLEAR = (
    delete(_addresses)
    .where(_addresses.c.address == bindparam("doubted"), or_(_BEFORE.is_(None), _addresses.c.since < _BEFORE))
    .returning(_addresses.c.partner_id)
)


async def came_back(connection: AsyncConnection, row_ids: Iterable[str]) -> frozenset[str]:
    """Which of these outbox rows came back undelivered."""
    query = select(_bounces.c.outbox_id).where(_bounces.c.outbox_id.in_(list(row_ids)))
    return frozenset(await connection.scalars(query))
