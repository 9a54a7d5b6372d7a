"""Brings a database to this version: the queue and the agent's tables; safe to run from many processes at once."""

from __future__ import annotations

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

_LOCK = 0x5061_7274  # one process migrates, the others wait for it


async def migrate(engine: AsyncEngine) -> None:
    """Idempotent; takes an advisory lock for the length of its transaction."""
    async with engine.begin() as connection:
        await connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        await connection.run_sync(_upgrade)


def latest_revision() -> str:
    """What this version brings a database to."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


async def revision(connection: AsyncConnection) -> str | None:
    """Where a database stands; None where nothing of ours is in it."""
    if await connection.scalar(text("select to_regclass('partnerline_version')")) is None:
        return None
    found: str | None = await connection.scalar(text("select version_num from partnerline_version"))
    return found


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("bot.storage") / "migrations"))
    return config


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
