"""The commands for a HubSpot account, each with what it needs open. Loaded when one of them runs."""

from __future__ import annotations

from bot.bootstrap import read_program, storage
from bot.bootstrap.hubspot import hubspot_workshop
from bot.cli.crm_check import examined
from bot.cli.crm_import import import_partners
from bot.cli.crm_setup import make_ready
from bot.cli.findings import Finding
from bot.cli.noted import noted_office
from config import Settings
from crm.records import PartnerType


async def set_up(settings: Settings, *, yes: bool) -> None:
    async with noted_office(settings) as at, hubspot_workshop(settings, at.database) as workshop:
        await make_ready(workshop, yes=yes)


async def check(settings: Settings, *, try_note: bool) -> list[Finding]:
    async with storage(settings) as (database, _), hubspot_workshop(settings, database) as workshop:
        return await examined(workshop, read_program(settings), try_note=try_note)


async def take(settings: Settings, types: tuple[PartnerType, ...], tier: str, *, dry_run: bool, yes: bool) -> None:
    async with noted_office(settings) as at, hubspot_workshop(settings, at.database) as workshop:
        await import_partners(at, workshop, types, tier, dry_run=dry_run, yes=yes)
