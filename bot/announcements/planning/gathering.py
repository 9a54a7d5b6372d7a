"""All that a plan depends on, read in one go: the segment's people, their channels, how each wants to be reached."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.announcements.planning.copies import Plan, by_partner, needed_rights, plan, posted_at_all
from bot.announcements.segments.audience import reached_by
from bot.storage import preferences, slack_channels
from bot.vocabulary.announcing import Composed, Route
from knowledge.business_days import vendors_day
from knowledge.program import Program


async def planned_copies(connection: AsyncConnection, composed: Composed, program: Program, now: datetime) -> Plan:
    """As things stand; `now` is aware."""
    channels = by_partner(await slack_channels.every(connection)) if posted_at_all(composed) else {}
    reached = await reached_by(
        connection, composed.segment, program=program, today=vendors_day(now, program.vendor),
        needs=needed_rights(composed), channels=frozenset(channels),
    )  # fmt: skip
    own: Mapping[str, Route] = {}
    if channels and composed.route is Route.PREFERRED:
        own = await preferences.routes(connection, [contact.id for _, contact in reached.recipients])
    return await asyncio.to_thread(plan, composed, reached, channels, own, program.vendor, now)
