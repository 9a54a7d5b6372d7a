"""The demo's first start: its partners are written to the CRM and mirrored, once; a later start finds them."""

from __future__ import annotations

from datetime import date

from bot.channels.slack.installation import Installation
from bot.demo.rates import demo_rates
from bot.demo.seed import demo_records, seed
from bot.storage import instance, rates, slack_channels
from bot.storage.database import Database
from bot.storage.slack_channels import SlackChannel
from bot.worker.mirroring import MirrorJob
from crm.ports import CrmPort
from knowledge.program import Program

_SEEDED = "demo_seeded_on"


async def seed_once(
    database: Database, crm: CrmPort, mirror: MirrorJob, program: Program, own: Installation, today: date
) -> bool:
    """False where the demo's data are there already. Safe to repeat after a start that was cut short.

    Exchange rates up to `today` are added at every start, for they grow old.
    """
    async with database.begin() as connection:
        await rates.store(connection, demo_rates(program.vendor, today))
        if await instance.get(connection, _SEEDED):
            return False
    records = demo_records(today, program)
    await seed(crm, records)
    await mirror()
    async with database.begin() as connection:
        for channel in records.slack_channels:
            mapped = SlackChannel(own.team, channel.channel_id, channel.name, channel.partner_id, channel.team_id)
            await slack_channels.save(connection, mapped)
        await instance.put(connection, _SEEDED, today.isoformat())
    return True
