"""Files of messages: each content once, gone with its last reference, and never lost to a message that still has it."""

from __future__ import annotations

import asyncio
import hashlib

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from bot.ports import AttachedFile
from bot.storage import files as stored
from bot.storage.database import Database
from bot.storage.file_tables import files, message_files
from bot.storage.inbox import Arrival, Inbox
from bot.storage.queue import Queue
from bot.storage.tables import inbox
from bot.vocabulary.message import Attachment
from crm.records import Channel
from tests.builders import NOW


def pdf(content: bytes, name: str = "invoice.pdf") -> AttachedFile:
    digest = hashlib.sha256(content).hexdigest()
    return AttachedFile(Attachment(name, "application/pdf", len(content), digest, "pdf"), content)


@pytest.fixture
async def messages(storage: Database, queue: Queue) -> tuple[str, str]:
    arrivals = [Arrival(Channel.EMAIL, b"raw", {}, NOW, lock="a") for _ in range(2)]
    await Inbox(storage, queue).accept(arrivals)
    return arrivals[0].id, arrivals[1].id


async def count(storage: Database) -> int:
    async with storage.begin() as connection:
        return int(await connection.scalar(select(func.count()).select_from(files)) or 0)


async def test_the_same_content_is_stored_once_under_the_name_of_each_message(
    storage: Database, messages: tuple[str, str]
) -> None:
    first, second = messages
    async with storage.begin() as connection:
        await stored.keep(connection, first, [pdf(b"a"), pdf(b"b", "b.pdf"), pdf(b"a", "again.pdf")])
        await stored.keep(connection, second, [pdf(b"a", "copy\x00.pdf")])
        await stored.keep(connection, second, [pdf(b"a", "copy\x00.pdf")])
        kept = [f.file for f in await stored.newest(connection) if f.file.inbox_id == first]
        assert [(file.position, file.name, file.kind, file.size) for file in kept] == [
            (0, "invoice.pdf", "pdf", 1), (1, "b.pdf", "pdf", 1), (2, "again.pdf", "pdf", 1),
        ]  # fmt: skip
        found = await stored.content(connection, second, 0)
        assert found is not None
        assert (found[0].name, found[1]) == ("copy\ufffd.pdf", b"a")
        assert await stored.content(connection, second, 1) is None
    assert await count(storage) == 2


async def test_a_content_goes_with_its_last_reference(storage: Database, messages: tuple[str, str]) -> None:
    first, second = messages
    async with storage.begin() as connection:
        await stored.keep(connection, first, [pdf(b"a"), pdf(b"b")])
        await stored.keep(connection, second, [pdf(b"a")])
        for message, contents in ((first, 1), (second, 1)):
            assert await stored.content(connection, second, 0) is not None
            await connection.execute(delete(inbox).where(inbox.c.id == message))
            assert (await stored.sweep(connection), await stored.sweep(connection)) == (contents, 0)
    assert await count(storage) == 0


async def test_a_content_cannot_go_while_a_message_refers_to_it(storage: Database, messages: tuple[str, str]) -> None:
    async with storage.begin() as connection:
        await stored.keep(connection, messages[0], [pdf(b"a")])
    with pytest.raises(IntegrityError):
        async with storage.begin() as connection:
            await connection.execute(delete(files))
    assert await count(storage) == 1


async def test_two_messages_with_the_same_file_at_once_keep_it_once(
    storage: Database, messages: tuple[str, str]
) -> None:
    async def keep(message: str) -> None:
        async with storage.begin() as connection:
            await stored.keep(connection, message, [pdf(b"same"), pdf(b"other")])

    await asyncio.gather(*(keep(message) for message in messages))
    async with storage.begin() as connection:
        assert await connection.scalar(select(func.count()).select_from(message_files)) == 4
    assert await count(storage) == 2
