"""The doctor's checks of the CRM; `partnerline crm check` shows each of them."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.bootstrap import read_program
from bot.storage.database import Database, StorageError
from bot.storage.postgres import PostgresError, find_postgres, release
from config import Settings
from crm.findings import Finding, fault, ok
from knowledge.errors import ProgramError


async def crm(given: Settings) -> AsyncIterator[Finding]:
    if given.crm != "hubspot":
        yield ok("CRM", "the embedded one")
        return
    # Only where it is chosen: its client takes a second to load.
    from bot.cli.crm_check import examined_for_doctor  # noqa: PLC0415

    try:
        program = read_program(given)
        postgres = await find_postgres(given.database_url.get_secret_value(), given.data_dir)
    except (ProgramError, PostgresError):
        yield fault("HubSpot", "not checked: program or database cannot be read", "mend those first")
        return
    database = Database(postgres, pool_size=2)
    try:
        for finding in await examined_for_doctor(given, program, database):
            yield finding
    except StorageError as found:
        yield fault("HubSpot", f"not checked: {found}", "mend the database first")
    finally:
        await database.aclose()
        await release(postgres, given.data_dir)
