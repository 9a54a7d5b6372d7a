"""Two partners of two managers, and the digests about them, for every test that asks."""

from __future__ import annotations

import pytest

from bot.storage.database import Database
from bot.storage.queue import Queue
from tests.unit.bot.digests.world import World
from tests.unit.bot.storage.conftest import queue, storage

__all__ = ["queue", "storage"]


@pytest.fixture
async def world(storage: Database, queue: Queue) -> World:
    made = World(storage, queue)
    await made.open()
    return made
