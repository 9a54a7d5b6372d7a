"""Files of messages in the database: each content once, for as long as a message refers to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ARRAY, Text, and_, any_, bindparam, delete, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports import AttachedFile
from bot.storage.codec import storable
from bot.storage.file_tables import files, message_files
from bot.storage.tables import inbox
from bot.vocabulary.message import Attachment

_TABLES = ("csv", "xlsx")


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A kept file without its content; `position` is its place among the kept files of its message, from 0."""

    inbox_id: str
    position: int
    name: str
    kind: str
    size: int
    sha256: str


async def keep(connection: AsyncConnection, inbox_id: str, found: Sequence[AttachedFile]) -> None:
    """Keep the files of a message; the same again changes nothing. A content that is there is not sent again."""
    if not found:
        return
    known = set(await connection.scalars(_KNOWN, {"hashes": [file.attachment.sha256 for file in found]}))
    fresh = {f.attachment.sha256: f for f in found if f.attachment.sha256 not in known}
    if fresh:
        contents = [
            {"sha256": sha, "kind": f.attachment.kind, "size": len(f.content), "content": f.content}
            for sha, f in sorted(fresh.items())
        ]
        # Somebody else may keep the same contents at this moment; whoever comes second waits and finds them. All go
        # through them in one order, so that two never wait for each other.
        await connection.execute(insert(files).values(contents).on_conflict_do_nothing())
    rows = [
        {"inbox_id": inbox_id, "position": place, "sha256": f.attachment.sha256, "name": storable(f.attachment.name)}
        for place, f in enumerate(found)
    ]
    await connection.execute(insert(message_files).values(rows).on_conflict_do_nothing())


async def content(connection: AsyncConnection, inbox_id: str, position: int) -> tuple[KeptFile, bytes] | None:
    """One file with its bytes; None where there is none."""
    query = (
        select(message_files.c.name, files.c.kind, files.c.size, files.c.sha256, files.c.content)
        .join(files, files.c.sha256 == message_files.c.sha256)
        .where(and_(message_files.c.inbox_id == inbox_id, message_files.c.position == position))
    )
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return None
    return KeptFile(inbox_id, position, row.name, row.kind, row.size, row.sha256), bytes(row.content)


@dataclass(frozen=True, slots=True)
class Received:
    """A kept file with when it came, in which message (its reference), and from which partner."""

    file: KeptFile
    at: datetime
    reference: str
    partner_id: str


async def newest(connection: AsyncConnection, *, beginning: str = "", most: int = 100) -> tuple[Received, ...]:
    """The files that came last, the newest first; of those whose SHA-256 begins so."""
    described = (message_files.c.position, message_files.c.name, files.c.kind, files.c.size, files.c.sha256)
    query = (
        select(message_files.c.inbox_id, *described, inbox.c.received_at, inbox.c.reference, inbox.c.partner_id)
        .join(files, files.c.sha256 == message_files.c.sha256)
        .join(inbox, inbox.c.id == message_files.c.inbox_id)
        .where(files.c.sha256.startswith(beginning, autoescape=True))
        .order_by(inbox.c.received_at.desc(), message_files.c.position)
        .limit(most)
    )
    rows = await connection.execute(query)
    return tuple(Received(KeptFile(*row[:6]), row.received_at, row.reference, row.partner_id or "") for row in rows)


async def tables_of_thread(connection: AsyncConnection, thread_id: str, partner_id: str) -> tuple[AttachedFile, ...]:
    """Those of the partner's newest message in this thread that has some."""
    of_message = (
        select(message_files.c.inbox_id)
        .join(files, files.c.sha256 == message_files.c.sha256)
        .join(inbox, inbox.c.id == message_files.c.inbox_id)
        .where(inbox.c.thread_id == thread_id, inbox.c.partner_id == partner_id, files.c.kind.in_(_TABLES))
        .order_by(inbox.c.received_at.desc())
        .limit(1)
    )
    query = (
        select(message_files.c.name, files.c.kind, files.c.size, files.c.sha256, files.c.content)
        .join(files, files.c.sha256 == message_files.c.sha256)
        .where(message_files.c.inbox_id == of_message.scalar_subquery(), files.c.kind.in_(_TABLES))
        .order_by(message_files.c.position)
    )
    rows = await connection.execute(query)
    return tuple(
        AttachedFile(Attachment(row.name, "", row.size, row.sha256, row.kind), bytes(row.content)) for row in rows
    )


async def sweep(connection: AsyncConnection) -> int:
    """Contents whose last message is gone. How many went.

    A message that refers to one of them meanwhile makes this fail, by the foreign key, and not lose it.
    """
    unused = delete(files).where(~exists().where(message_files.c.sha256 == files.c.sha256))
    return (await connection.execute(unused)).rowcount


_KNOWN = select(files.c.sha256).where(files.c.sha256 == any_(bindparam("hashes", type_=ARRAY(Text))))
