"""When a message has failed by itself often enough to be set aside."""

from __future__ import annotations

from bot.storage import inbox
from bot.storage.codec import storable
from bot.storage.database import Database

ATTEMPTS = 3  # a job that waits for its retry holds up its partner: few and short, then shunted
STARTS = 12  # of a job that never comes back: it takes its process with it


class NeverFinishedError(Exception):
    """The job was started again and again and neither ended nor failed."""


def ends_sometime(attempt: int) -> None:
    """Raises NeverFinishedError where a job has been started too often."""
    if attempt >= STARTS:
        raise NeverFinishedError(f"started {attempt} times and never finished")


async def failures(database: Database, inbox_id: str, fault: Exception) -> int:
    """Count a fault that is the message's own; how many there are now."""
    async with database.begin() as connection:
        return await inbox.failed(connection, inbox_id, in_words(fault))


def in_words(fault: Exception) -> str:
    """A fault as the operator reads it, and as the database can keep it."""
    return storable(f"{type(fault).__name__}: {fault}"[:2_000])
