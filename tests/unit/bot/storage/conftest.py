"""The agent's database and its queue, open on a database of the test's own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import make_url

from bot.storage.database import Database
from bot.storage.postgres import Postgres
from bot.storage.queue import Queue


@pytest.fixture
async def storage(database: str) -> AsyncIterator[Database]:
    opened = Database(Postgres(make_url(database), "a test's"))
    yield opened
    await opened.aclose()


@pytest.fixture
async def queue(storage: Database) -> AsyncIterator[Queue]:
    opened = Queue(storage.postgres)
    await opened.open()
    yield opened
    await opened.aclose()
