"""Looking over the HubSpot account, as findings of the command line."""

from __future__ import annotations

from sqlalchemy import text

from bot.bootstrap import now
from bot.bootstrap.crm import hubspot_options
from bot.cli.progress import counting
from bot.storage.database import Database
from config import Settings
from crm.adapters.hubspot.setup.checking import try_a_note
from crm.adapters.hubspot.setup.workshop import Workshop, workshop
from crm.errors import CrmError
from crm.findings import Finding, Health, hint, ok
from knowledge.program import Program

_TABLES = text("select to_regclass('hubspot.budgets')")


async def examined(opened: Workshop, program: Program, *, try_note: bool = False) -> list[Finding]:
    with counting("Checking") as tell:
        check = opened.check(program.vendor.currencies)
        findings = [found async for found in check.findings(tell)]
    if try_note:
        findings.append(await _note(opened))
    return findings


async def examined_for_doctor(given: Settings, program: Program, database: Database) -> list[Finding]:
    """What is fine in one line. Only that there are no tables yet, where HubSpot was never used from here."""
    async with database.begin() as connection:
        if await connection.scalar(_TABLES) is None:
            return [
                hint("HubSpot", "not checked: it was not used from here yet", "`partnerline crm setup`, then again")
            ]
    async with workshop(database.engine, hubspot_options(given), now) as opened:
        findings = await examined(opened, program)
    fine = [finding for finding in findings if finding.health is Health.OK]
    rest = [finding for finding in findings if finding.health is not Health.OK]
    return [*([ok("HubSpot", f"{fine[0].said}; {len(fine)} thing(s) as they should be")] if fine else []), *rest]


async def _note(opened: Workshop) -> Finding:
    try:
        return await try_a_note(opened.hub, opened.account, now())
    except CrmError as fault:
        return Finding("Note", Health.FAULT, str(fault), "mend what it names, then check again")
