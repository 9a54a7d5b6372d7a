"""The bytes of documents that mails refer to: those of statements where these are kept, pages by what is in them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import Database
from bot.storage.file_tables import pages
from bot.storage.payout_tables import statement_files
from bot.storage.statements import StatementFile
from bot.vocabulary.documents import CONTENT_TYPES, PDF, Document

_STATEMENT, _PAGE = "statement", "page"


def of_statement(file: StatementFile) -> Document:
    """The reference to a file of a statement."""
    kept = f"{_STATEMENT}/{file.statement_id}/{file.revision}/{file.kind}"
    return Document(file.name, CONTENT_TYPES[file.kind], len(file.content), file.sha256, kept)


async def keep_page(connection: AsyncConnection, name: str, content: bytes) -> Document:
    """A PDF that is the same for many: each content is kept once."""
    sha256 = hashlib.sha256(content).hexdigest()
    await connection.execute(insert(pages).values(sha256=sha256, content=content).on_conflict_do_nothing())
    return Document(name, PDF, len(content), sha256, f"{_PAGE}/{sha256}")


async def keep_file(connection: AsyncConnection, name: str, content_type: str, content: bytes) -> Document:
    """A file of any kind that goes to many: each content is kept once. The caller has judged what it is."""
    return replace(await keep_page(connection, name, content), content_type=content_type)


def is_kept_here(document: Document) -> bool:
    """Whether it is a file that goes to many, kept by its content: a statement, which is one partner's, is none."""
    return document.kept == f"{_PAGE}/{document.sha256}"


@dataclass(frozen=True, slots=True)
class StoredDocuments:
    """Implements `bot.ports.Documents`."""

    database: Database

    async def load(self, document: Document) -> bytes | None:
        query = _query(document.kept)
        if query is None:
            return None
        async with self.database.reading() as connection:
            found = await connection.scalar(query)
        content = bytes(found) if found is not None else b""
        return content if hashlib.sha256(content).hexdigest() == document.sha256 else None


def _query(kept: str) -> Select[Any] | None:
    match kept.split("/"):
        case ["statement", statement_id, revision, kind] if revision.isdecimal():
            return select(statement_files.c.content).where(
                statement_files.c.statement_id == statement_id,
                statement_files.c.revision == int(revision),
                statement_files.c.kind == kind,
            )
        case ["page", sha256]:
            return select(pages.c.content).where(pages.c.sha256 == sha256)
    return None
