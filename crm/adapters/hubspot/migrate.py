"""Brings the schema `hubspot` of a database to this version; harmless to repeat and to run from many processes."""

from __future__ import annotations

from importlib.resources import files

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from crm.adapters.hubspot.tables import metadata
from crm.errors import CrmUnavailable
from crm.revisions import kept, newest

_LOCK = 0x6875_6200


async def migrate(engine: AsyncEngine) -> None:
    """One process migrates and the others wait for it; all or nothing. What is there already waits for nobody. Raises
    CrmUnavailable.
    """
    try:
        async with engine.connect() as connection:
            if await kept(connection, "hubspot") == newest("crm.adapters.hubspot"):
                return
        async with engine.begin() as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            # Before Alembic, which looks for its version table there; IF NOT EXISTS alone does not stand concurrency.
            await connection.execute(text("CREATE SCHEMA IF NOT EXISTS hubspot"))
            await connection.run_sync(_upgrade)
    except DBAPIError as fault:
        raise CrmUnavailable(f"the HubSpot adapter's database does not answer: {fault.orig}") from fault


async def erase(connection: AsyncConnection) -> None:
    """Remove what the migrations made, in the caller's transaction; a schema that holds more than that stays."""
    for name in (*(table.name for table in metadata.tables.values()), "schema_version"):
        await connection.execute(text(f"DROP TABLE IF EXISTS hubspot.{name} CASCADE"))
    foreign = text(
        "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'hubspot'"
    )
    if not await connection.scalar(foreign):
        await connection.execute(text("DROP SCHEMA IF EXISTS hubspot"))


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - hardly a start needs it, and every one would wait for it
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    folder = str(files("crm.adapters.hubspot") / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
