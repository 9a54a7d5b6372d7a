"""What of an announcement stands in the outbox: taken out for good, or put back with new times."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import mirror, outbox
from bot.storage.announcing import copies, pace
from bot.storage.announcing.pace import Pace
from bot.vocabulary.announcing import Announcement
from crm.records import Partner
from knowledge.program import Program
from knowledge.working_hours import Place, awake, place_of


async def taken_from_outbox(connection: AsyncConnection, announcement_id: str) -> int:
    """What has not gone never will; how many copies that were written already."""
    return await outbox.cancel_of(connection, announcement_id)


async def put_back(
    connection: AsyncConnection, announcement: Announcement, program: Program, step: Pace, now: datetime
) -> None:
    """What was held goes again, at the pace of each domain and not while people rest; so does what is to be written."""
    held = await pace.held_copies(connection, announcement.id)
    waiting = await copies.overdue_partners(connection, announcement.id, now)
    places = await _places(connection, {partner for _, _, partner in held} | set(waiting), program)
    quiet = announcement.composed.timing.keep_quiet

    def from_then(moment: datetime, partner_id: str) -> datetime:
        place = places.get(partner_id)
        return awake(moment, place, program.vendor) if quiet and place is not None else moment

    free = dict(await pace.take(connection, step, [domain for _, domain, _ in held if domain], now))
    taken: Counter[str] = Counter()
    times: dict[str, datetime] = {}
    for row_id, domain, partner_id in held:
        first = free[domain] + taken[domain] * step.step if domain else now
        taken[domain] += 1
        times[row_id] = from_then(first, partner_id)
    await pace.plan_anew(connection, times)
    await outbox.release_of(connection, announcement.id)
    later = {partner_id: from_then(now, partner_id) for partner_id in waiting}
    await copies.postpone(connection, announcement.id, {one: at for one, at in later.items() if at > now})


async def _places(connection: AsyncConnection, partner_ids: set[str], program: Program) -> dict[str, Place]:
    return {
        partner.id: place_of(partner.time_zone, partner.country, program.vendor)
        for partner in await mirror.some(connection, Partner, partner_ids)
    }
