"""Brings a database to this version: the queue and the agent's tables; safe to run from many processes at once."""

from __future__ import annotations

from importlib.resources import files

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

_LOCK = 0x5061_7274  # one process migrates, the others wait for it


async def migrate(engine: AsyncEngine) -> None:
    """Idempotent; takes an advisory lock for the length of its transaction."""
    async with engine.begin() as connection:
        await connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        await connection.run_sync(_upgrade)


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(files("bot.storage") / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
