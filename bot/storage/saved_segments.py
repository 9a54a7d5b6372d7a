"""Segments that managers saved under a name, which counts without case and outer blanks."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.announcement_tables import saved_segments
from bot.storage.codec import from_doc, to_doc
from bot.vocabulary.segment import SavedSegment, Segment


async def save(connection: AsyncConnection, name: str, segment: Segment, by: str) -> None:
    """What stood under that name before is replaced."""
    made = insert(saved_segments).values(name=_key(name), title=name, segment=to_doc(segment), created_by=by)
    told: dict[str, Any] = {column: made.excluded[column] for column in ("title", "segment", "created_by")}
    told["created_at"] = func.now()
    await connection.execute(made.on_conflict_do_update(index_elements=["name"], set_=told))


async def find(connection: AsyncConnection, name: str) -> SavedSegment | None:
    row = (await connection.execute(_query().where(_saved.name == _key(name)))).one_or_none()
    return None if row is None else _segment(row)


async def listed(connection: AsyncConnection) -> list[SavedSegment]:
    """By name."""
    return [_segment(row) for row in await connection.execute(_query().order_by(_saved.name))]


async def rename(connection: AsyncConnection, name: str, to: str) -> bool:
    """False where there is none of that name, or another one of the new name already."""
    if _key(name) != _key(to) and await find(connection, to) is not None:
        return False
    moved = update(saved_segments).where(_saved.name == _key(name)).values(name=_key(to), title=to)
    return (await connection.execute(moved)).rowcount == 1


async def remove(connection: AsyncConnection, name: str) -> bool:
    """False where there is none of that name."""
    return (await connection.execute(delete(saved_segments).where(_saved.name == _key(name)))).rowcount == 1


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()


def _query() -> Select[Any]:
    return select(_saved.title, _saved.segment, _saved.created_by, _saved.created_at)


def _segment(row: Row[Any]) -> SavedSegment:
    return SavedSegment(row.title, from_doc(Segment, row.segment), row.created_by, row.created_at)


_saved = saved_segments.c
