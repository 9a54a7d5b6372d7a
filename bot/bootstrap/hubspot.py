"""What an operator's commands need of a HubSpot account. Loaded by them alone: HubSpot's client takes a second."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.bootstrap.crm import hubspot_options
from bot.bootstrap.moment import now
from bot.storage.database import Database
from config.settings import Settings
from crm.adapters import hubspot
from crm.adapters.hubspot.setup.workshop import Workshop, workshop


@asynccontextmanager
async def hubspot_workshop(settings: Settings, database: Database) -> AsyncIterator[Workshop]:
    """Raises CrmUnavailable where the adapter's tables cannot be brought to this version."""
    await hubspot.migrate(database.engine)
    async with workshop(database.engine, hubspot_options(settings), now) as opened:
        yield opened
