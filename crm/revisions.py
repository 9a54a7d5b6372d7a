"""Where the schema of an adapter stands among its migrations, told without loading what would bring it further."""

from __future__ import annotations

from importlib.resources import files

from sqlalchemy import String, column, select, table, text
from sqlalchemy.ext.asyncio import AsyncConnection


def newest(package: str) -> str:
    """The last migration of an adapter; its file is named "r", its number, and a word on it."""
    found = (files(package) / "migrations" / "versions").iterdir()
    return max(one.name[1:5] for one in found if one.name.startswith("r") and one.name.endswith(".py"))


async def kept(connection: AsyncConnection, schema: str) -> str | None:
    """None where the adapter never was."""
    if await connection.scalar(text("SELECT to_regclass(:table)"), {"table": f"{schema}.schema_version"}) is None:
        return None
    version = select(column("version_num", String)).select_from(table("schema_version", schema=schema))
    found: str | None = await connection.scalar(version)
    return found
