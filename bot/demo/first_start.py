"""The demo's first start: its partners are written to the CRM and mirrored, with statements of the months before, once.
A later start finds them.
"""

from __future__ import annotations

from datetime import date

from bot.channels.slack.installation import Installation
from bot.demo.files import read_partner_files
from bot.demo.past_statements import past_statements
from bot.demo.past_tiers import past_tiers
from bot.demo.rates import demo_rates
from bot.demo.seed import demo_records, seed
from bot.storage import instance, rates, slack_channels
from bot.storage.database import Database
from bot.storage.slack_channels import SlackChannel
from bot.worker.mirroring import MirrorJob
from crm.ports import CrmPort
from knowledge.programs import Programs

_SEEDED = "demo_seeded_on"


async def seed_once(
    database: Database, crm: CrmPort, mirror: MirrorJob, programs: Programs, own: Installation, today: date
) -> bool:
    """False where the demo's data are there already. Safe to repeat after a start that was cut short.

    Exchange rates up to `today` are added at every start, for they grow old.
    """
    program, files = programs.on(today), read_partner_files()
    async with database.begin() as connection:
        await rates.store(connection, demo_rates(program.vendor, today))
        if await instance.get(connection, _SEEDED):
            return False
        await past_tiers(connection, files, today)
    records = demo_records(today, program)
    await seed(crm, records)
    await mirror()
    await past_statements(database, programs, files, min(paid.received_on for paid in records.payments), today)
    async with database.begin() as connection:
        for channel in records.slack_channels:
            mapped = SlackChannel(own.team, channel.channel_id, channel.name, channel.partner_id, channel.team_id)
            await slack_channels.save(connection, mapped)
        await instance.put(connection, _SEEDED, today.isoformat())
    return True
