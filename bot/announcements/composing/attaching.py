"""Files that go with an announcement: judged as files from outside are, and kept by their content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import documents
from bot.texts.catalogue import catalogue
from bot.vocabulary.documents import Document
from mail_ingest.attachments import judge_file
from mail_ingest.file_kinds import Kind

_TYPES = {
    Kind.PDF: "application/pdf",
    Kind.CSV: "text/csv",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    Kind.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    Kind.ODT: "application/vnd.oasis.opendocument.text",
    Kind.TEXT: "text/plain",
    Kind.XML: "application/xml",
    Kind.ZIP: "application/zip",
}
_PICTURES = ((b"\x89PNG", "image/png"), (b"\xff\xd8", "image/jpeg"), (b"GIF8", "image/gif"), (b"RIFF", "image/webp"))
_ANY = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file as it was given; `declared` is the type that its giver says it is, "" where he does not."""

    name: str
    content: bytes
    declared: str = ""


async def keep(connection: AsyncConnection, file: GivenFile) -> Document | str:
    """The file as mails refer to it, or in words why it is not taken."""
    judged = judge_file(file.name, file.declared, file.content)
    if judged.kind is None:
        return why_not(judged.refused or "type")
    name, content_type = judged.name, _type_of(judged.kind, file.content)
    return await documents.keep_file(connection, name, content_type, file.content)


def why_not(refused: str) -> str:
    """Why a file is not taken, in words; `refused` as attachments have it."""
    return catalogue().template("en", f"file.{refused}")


def beside(earlier: Sequence[Document], newer: Sequence[Document]) -> tuple[Document, ...]:
    """Both, where one of the same name takes the earlier one's place."""
    names = {document.name for document in newer}
    return (*(document for document in earlier if document.name not in names), *newer)


def _type_of(kind: Kind, content: bytes) -> str:
    """By what the content is, whatever was declared."""
    if kind is Kind.IMAGE:
        return next((said for mark, said in _PICTURES if content.startswith(mark)), _ANY)
    return _TYPES.get(kind, _ANY)
