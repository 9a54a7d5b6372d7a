"""A vendor's books for every test that asks for them: two referral partners, their deals, and the desks."""

from __future__ import annotations

import pytest

from bot.storage.database import Database
from bot.storage.queue import Queue
from tests.unit.bot.payouts.books import Books
from tests.unit.bot.storage.conftest import queue, storage

__all__ = ["queue", "storage"]


@pytest.fixture
async def books(storage: Database, queue: Queue) -> Books:
    made = Books(storage, queue)
    await made.open()
    return made
