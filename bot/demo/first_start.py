"""The demo's first start: its partners are written to the CRM and mirrored, with statements of the months before, once.
A later start finds them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from itertools import count

from bot.channels.slack.api.installation import Installation
from bot.demo.files import read_partner_files
from bot.demo.past_statements import past_statements
from bot.demo.past_tiers import past_tiers
from bot.demo.rates import demo_rates
from bot.demo.seed import demo_records, seed
from bot.storage import instance, rates, slack_channels
from bot.storage.database import Database
from bot.storage.slack_channels import SlackChannel
from bot.worker.mirroring import MirrorJob
from config.errors import ConfigError
from crm.errors import CrmRejected, CrmUnavailable
from crm.ports import CrmPort
from knowledge.programs import Programs

_SEEDED, _SEEDED_IN = "demo_seeded_on", "demo_seeded_in"
_EMBEDDED = "embedded"  # where the CRM was not noted yet
_ANEW = "choose another data_dir for it, or clear this one with `partnerline reset`"


async def seed_once(
    database: Database,
    crm: CrmPort,
    mirror: MirrorJob,
    programs: Programs,
    own: Installation,
    today: date,
    *,
    prepare: Callable[[], Awaitable[None]] | None = None,
    told: Callable[[int, int], object] = lambda _saved, _all: None,
) -> bool:
    """False where the demo's data are there already. Safe to repeat after a start that was cut short; `prepare` makes
    the CRM ready for them, `told` hears how many records of how many are written.

    Exchange rates up to `today` are added at every start, for they grow old. Raises ConfigError where the data that are
    there belong to another CRM, or to one that has forgotten them.
    """
    program, files = programs.on(today), read_partner_files()
    async with database.begin() as connection:
        await rates.store(connection, demo_rates(program.vendor, today))
        seeded = await instance.get(connection, _SEEDED)
        seeded_in = await instance.get(connection, _SEEDED_IN)
    if seeded:
        await _still_there(crm, seeded_in or _EMBEDDED, files[0].partner_id)
        return False
    async with database.begin() as connection:
        await past_tiers(connection, files, today)
    if prepare is not None:
        await prepare()
    records = demo_records(today, program)
    done = count(1)
    await seed(crm, records, lambda: told(next(done), len(records)))
    await mirror()
    await past_statements(database, programs, files, min(paid.received_on for paid in records.payments), today)
    async with database.begin() as connection:
        for channel in records.slack_channels:
            mapped = SlackChannel(own.team, channel.channel_id, channel.name, channel.partner_id, channel.team_id)
            await slack_channels.save(connection, mapped)
        await instance.put(connection, _SEEDED, today.isoformat())
        await instance.put(connection, _SEEDED_IN, crm.name)
    return True


async def _still_there(crm: CrmPort, seeded_in: str, partner_id: str) -> None:
    """What is kept here is a copy: beside another CRM, or one that holds none of it, it would mislead."""
    if crm.name != seeded_in:
        raise ConfigError((f"crm: the demo's data here are of the CRM `{seeded_in}`, not of `{crm.name}`; {_ANEW}",))
    try:
        known = await crm.partner(partner_id) is not None
    except CrmUnavailable:
        return
    except CrmRejected:
        known = False  # an account that begins anew lacks what the question goes by
    if not known:
        raise ConfigError((f"crm: the CRM `{crm.name}` knows nothing of the demo's data here any more; {_ANEW}",))
