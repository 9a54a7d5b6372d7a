"""The bytes of kept files by their hash, for who logs a message with what was attached to it."""

from __future__ import annotations

from sqlalchemy import select, union_all

from bot.storage.database import Database
from bot.storage.file_tables import files, pages


class StoredContents:
    """Files that came with messages, and pages of ours that went out."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def content(self, sha256: str) -> bytes | None:
        """None where it is no longer kept."""
        query = union_all(*(select(table.c.content).where(table.c.sha256 == sha256) for table in (files, pages)))
        async with self._database.reading() as connection:
            found = (await connection.execute(query)).first()
        return None if found is None else bytes(found.content)
