"""The agent's database and its queue, as the tests of storage have them."""

from tests.unit.bot.storage.conftest import queue, storage

__all__ = ["queue", "storage"]
