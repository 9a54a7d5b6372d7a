"""What changes hands in the CRM: whoever read it as its own starts again, and writes it back to nobody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.storage import mirror
from bot.storage.database import Database
from crm.records import Lead, LeadSource, LeadState
from tests.builders import contact, deal

LEAD = Lead("L-12345678", LeadSource.VENDOR, LeadState.OFFERED, partner_id="p-1", customer="Globex")


async def versions(storage: Database) -> tuple[int, int]:
    async with storage.begin() as connection:
        return await mirror.version(connection, "p-1"), await mirror.version(connection, "p-2")


async def stored(storage: Database, *records: Any) -> None:
    async with storage.begin() as connection:
        await mirror.store(connection, list(records))


@pytest.mark.parametrize("record", [deal(), contact(), LEAD])
async def test_who_had_a_record_that_moved_starts_again(storage: Database, record: Any) -> None:
    await stored(storage, record)
    had, gets = await versions(storage)
    await stored(storage, replace(record, partner_id="p-2"))
    assert await versions(storage) == (had + 1, gets + 1)


async def test_what_stays_where_it_is_makes_nobody_else_start_again(storage: Database) -> None:
    await stored(storage, deal(), contact(id="c-2", partner_id="p-2"))
    had, other = await versions(storage)
    await stored(storage, replace(deal(), next_step="A call."))
    assert await versions(storage) == (had + 1, other)
