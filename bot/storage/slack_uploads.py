"""Files that were put into the vendor's own Slack, by their content: each goes there once."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.slack_tables import slack_uploads


async def find(connection: AsyncConnection, sha256: str) -> str:
    """Slack's id of the file with this content; "" where it is not there."""
    return str(await connection.scalar(select(slack_uploads.c.file_id).where(slack_uploads.c.sha256 == sha256)) or "")


async def keep(connection: AsyncConnection, sha256: str, file_id: str) -> None:
    made = insert(slack_uploads).values(sha256=sha256, file_id=file_id)
    await connection.execute(made.on_conflict_do_update(index_elements=["sha256"], set_={"file_id": file_id}))


async def forget(connection: AsyncConnection, file_id: str) -> None:
    """Slack does not know it any more."""
    await connection.execute(delete(slack_uploads).where(slack_uploads.c.file_id == file_id))
