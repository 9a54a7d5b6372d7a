"""What databases hold before an agent of the tests starts on them: made once, and copied for each."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import URL

from bot.bootstrap import Application, application
from bot.bootstrap.crm import prepare_crm
from bot.demo.first_start import seed_once
from bot.demo.seed import demo_records, seed
from bot.worker.mirroring import MirrorJob
from config.settings import Settings


def first_start(url: URL) -> None:
    """The demo's data, as `partnerline serve` writes them."""
    asyncio.run(_first_start(url))


def partners(url: URL) -> None:
    """Its records alone, as an agent in production would find them in its CRM."""
    asyncio.run(_partners(url))


async def _first_start(url: URL) -> None:
    async with _agent(url) as app:
        assert app.slack is not None
        mirror = MirrorJob(app.database, app.crm)
        await seed_once(app.database, app.crm, mirror, app.programs, app.slack.own, app.today())


async def _partners(url: URL) -> None:
    async with _agent(url) as app:
        await seed(app.crm, demo_records(app.today(), app.program))
        await MirrorJob(app.database, app.crm)()


@asynccontextmanager
async def _agent(url: URL) -> AsyncIterator[Application]:
    with tempfile.TemporaryDirectory() as folder:
        database_url = SecretStr(url.render_as_string(hide_password=False))
        settings = Settings(data_dir=Path(folder), database_url=database_url)
        async with application(settings) as app:
            await prepare_crm(settings, app.database)
            yield app
