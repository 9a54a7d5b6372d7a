"""A vendor whose CRM was mirrored once, and its onboarding, for every test that asks."""

from __future__ import annotations

import pytest

from bot.storage.database import Database
from bot.storage.queue import Queue
from tests.unit.bot.onboarding.world import World
from tests.unit.bot.storage.conftest import queue, storage

__all__ = ["queue", "storage"]


@pytest.fixture
async def world(storage: Database, queue: Queue) -> World:
    return World(storage, queue)
