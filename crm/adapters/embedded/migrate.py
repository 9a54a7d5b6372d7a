"""Brings the schema `crm` of a database to this version; harmless to repeat and to run from many processes at once."""

from __future__ import annotations

from importlib.resources import files

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.embedded.faults import translated

_LOCK = 0x6372_6D00


async def migrate(engine: AsyncEngine) -> None:
    """One process migrates and the others wait for it; all or nothing. Raises CrmUnavailable."""
    with translated():
        async with engine.begin() as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            # Before Alembic, which looks for its version table there; IF NOT EXISTS alone does not stand concurrency.
            await connection.execute(text("CREATE SCHEMA IF NOT EXISTS crm"))
            await connection.run_sync(_upgrade)


def _upgrade(connection: Connection) -> None:
    config = Config()
    folder = str(files("crm.adapters.embedded") / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
