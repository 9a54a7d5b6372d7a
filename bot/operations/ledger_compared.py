"""What the CRM lacks of what it was told, or says differently; and the rows that write again what is missing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from bot.storage import crm_writes, ledger, outbox, written
from bot.storage.database import Database
from bot.storage.outbox import Destination, Outgoing
from bot.storage.queue import Queue
from bot.storage.written import Record, Scope, Written
from crm.ports import MISSING, CrmPort
from crm.records import Contact, Deal, Interaction, Lead, Registration

Told = Callable[[int, int], None]
REPLAYED = "crm_replay"
"""The kind of the ledger's row that says what was written to the CRM again."""
_PAGE = 100  # interactions in one call
_AT_ONCE = 5  # single records that are read at the same time
_CRMS_OWN = frozenset({"id", "stage_since", "created_on"})
"""Fields that a CRM fills by itself."""


@dataclass(frozen=True, slots=True)
class Difference:
    """`missing` where the CRM does not hold it at all; else `words` name the fields, and a person may have meant it."""

    what: str
    subject: str
    partner_id: str
    at: datetime
    words: str
    missing: bool
    source: Interaction | Record


async def compare(database: Database, crm: CrmPort, scope: Scope, told: Told) -> tuple[int, list[Difference]]:
    """How many records were compared, live, and what was found. Raises CrmError."""
    async with database.reading() as connection:
        said = await written.interactions(connection, scope)
        kept = await written.records(connection, scope)
    total, done = len(said) + len(kept), 0
    found: list[Difference] = []
    for start in range(0, len(kept), _AT_ONCE):
        page = kept[start : start + _AT_ONCE]
        found += [one for one in await asyncio.gather(*(_record(crm, each) for each in page)) if one]
        done += len(page)
        told(done, total)
    for start in range(0, len(said), _PAGE):
        some = said[start : start + _PAGE]
        found += _interactions(some, await crm.lacking(some))
        done += len(some)
        told(done, total)
    return total, found


def _interactions(asked: Sequence[Interaction], wrong: Any) -> list[Difference]:
    return [
        Difference(
            "interaction",
            one.key,
            one.partner_id or "",
            one.at,
            wrong[one.key],
            wrong[one.key].startswith(MISSING),
            one,
        )
        for one in asked
        if one.key in wrong
    ]


async def _record(crm: CrmPort, wrote: Written) -> Difference | None:
    record = wrote.record
    held = await _read(crm, record)
    what, subject = type(record).__name__.lower(), record.id if isinstance(record, Contact) else record.number
    if held is None:
        return Difference(what, subject, record.partner_id, wrote.at, MISSING, missing=True, source=record)
    differing = [name for name in _names(wrote) if getattr(held, name) != getattr(record, name)]
    if not differing:
        return None
    words = f"the CRM says otherwise: {', '.join(differing)}"
    return Difference(what, subject, record.partner_id, wrote.at, words, missing=False, source=record)


def _names(wrote: Written) -> list[str]:
    """The fields that we set: of a change those that changed."""
    names = [field.name for field in fields(wrote.record) if field.name not in _CRMS_OWN]
    seen = wrote.seen
    return names if seen is None else [n for n in names if getattr(seen, n) != getattr(wrote.record, n)]


def _read(crm: CrmPort, record: Record) -> Awaitable[Record | None]:
    match record:
        case Registration():
            return crm.registration(record.partner_id, record.number)
        case Lead():
            return crm.lead(record.number)
        case Contact():
            return crm.contact(record.id)
        case Deal():
            return crm.deal(record.partner_id, record.number)


async def replay(
    database: Database, queue: Queue, found: Sequence[Difference], by: str, now: datetime
) -> tuple[Difference, ...]:
    """Put what is missing into the outbox; what the CRM says differently is its own. Those that will be written."""
    missing = tuple(one for one in found if one.missing)
    # Records before what was said about them.
    ordered = sorted(missing, key=lambda one: isinstance(one.source, Interaction))
    if not ordered:
        return ()
    async with database.begin() as connection:
        await outbox.put(connection, [_row(one, now.isoformat()) for one in ordered])
        subjects = [f"{one.what} {one.subject}" for one in ordered]
        await ledger.append(connection, REPLAYED, by, {"written_again": subjects})
    await queue.deliver(Destination.CRM)
    return tuple(ordered)


def _row(one: Difference, when: str) -> Outgoing:
    cause = f"replay:{when}"
    match one.source:
        case Interaction() as said:
            return crm_writes.log_again_row(said, cause)
        case Registration() as registration:
            return crm_writes.registration_row(registration, cause)
        case Lead() as lead:
            return crm_writes.lead_row(lead, cause)
        case Contact() as contact:
            return crm_writes.contact_row(contact, cause)
        case Deal() as deal:
            return crm_writes.deal_row(deal, cause)
