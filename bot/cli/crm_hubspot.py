"""The commands for a HubSpot account, each with what it needs open. Loaded when one of them runs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.bootstrap import read_program, storage
from bot.bootstrap.hubspot import hubspot_workshop
from bot.cli.crm_check import examined
from bot.cli.crm_import import import_partners
from bot.cli.crm_setup import make_ready
from bot.cli.faults import Fault
from bot.cli.noted import noted_office
from bot.storage.database import Database
from config import Settings
from crm.adapters.hubspot.account.not_set_up import NotSetUp
from crm.adapters.hubspot.setup.workshop import Workshop
from crm.adapters.hubspot.transport.faults import TokenRefused
from crm.findings import Finding
from crm.records import PartnerType


async def set_up(settings: Settings, *, yes: bool) -> None:
    async with noted_office(settings) as at, _opened(settings, at.database) as workshop:
        await make_ready(workshop, yes=yes)


async def check(settings: Settings, *, try_note: bool) -> list[Finding]:
    async with storage(settings) as (database, _), _opened(settings, database) as workshop:
        return await examined(workshop, read_program(settings), try_note=try_note)


async def take(settings: Settings, types: tuple[PartnerType, ...], tier: str, *, dry_run: bool, yes: bool) -> None:
    async with noted_office(settings) as at, _opened(settings, at.database) as workshop:
        await import_partners(at, workshop, types, tier, dry_run=dry_run, yes=yes)


@asynccontextmanager
async def _opened(settings: Settings, database: Database) -> AsyncIterator[Workshop]:
    """What only an operator can mend comes out as a fault with its fix."""
    async with hubspot_workshop(settings, database) as workshop:
        try:
            yield workshop
        except TokenRefused as fault:
            raise Fault(str(fault), "set PARTNERLINE_HUBSPOT_TOKEN to the token of your service key") from fault
        except NotSetUp as fault:
            raise Fault(str(fault)) from fault
