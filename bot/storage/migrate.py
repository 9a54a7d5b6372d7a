"""Brings a database to this version: the queue and the agent's tables; safe to run from many processes at once."""

from __future__ import annotations

from importlib.resources import files

from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

_LOCK = 0x5061_7274  # one process migrates, the others wait for it


async def migrate(engine: AsyncEngine) -> None:
    """Idempotent; takes an advisory lock for the length of its transaction, where there is something to do."""
    async with engine.connect() as connection:
        if await revision(connection) == latest_revision():
            return
    async with engine.begin() as connection:
        await connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        await connection.run_sync(_upgrade)


def latest_revision() -> str:
    """What this version brings a database to: the last migration, whose file is named by its number and a word."""
    found = (files("bot.storage") / "migrations" / "versions").iterdir()
    return max(one.name[:4] for one in found if one.name[:4].isdigit())


async def revision(connection: AsyncConnection) -> str | None:
    """Where a database stands; None where nothing of ours is in it."""
    if await connection.scalar(text("select to_regclass('partnerline_version')")) is None:
        return None
    found: str | None = await connection.scalar(text("select version_num from partnerline_version"))
    return found


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - hardly a start needs it, and every one would wait for it
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(files("bot.storage") / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
