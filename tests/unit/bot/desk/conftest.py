"""A furnished deal desk for every test that asks for one."""

from __future__ import annotations

import pytest

from bot.storage.database import Database
from bot.storage.queue import Queue
from tests.builders import program
from tests.fakes.crm import InMemoryCrm
from tests.unit.bot.desk.house import House
from tests.unit.bot.storage.conftest import queue, storage

__all__ = ["queue", "storage"]


@pytest.fixture
async def house(storage: Database, queue: Queue) -> House:
    made = House(storage, queue, InMemoryCrm(), program())
    await made.furnish()
    return made
