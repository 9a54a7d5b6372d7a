"""The demo's tiers through time: what each partner had since the first quarter of its history, and when it rose."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.demo.calendar import quarter_starts
from bot.demo.files import QUARTERS, PartnerFile
from bot.storage import tiers


async def past_tiers(connection: AsyncConnection, files: Iterable[PartnerFile], today: date) -> None:
    """Partners of which the file tells no earlier tier have had theirs from the first day on."""
    starts = quarter_starts(today, QUARTERS)
    for file in files:
        told = [(starts[-1 - one.quarters_ago], one.tier) for one in file.tiers] or [(starts[0], file.partner.tier)]
        was = ""
        for since, tier in told:
            by = tiers.REVIEW if was else tiers.CRM
            await tiers.record(connection, tiers.Change(file.partner_id, since, was, tier, by))
            was = tier
