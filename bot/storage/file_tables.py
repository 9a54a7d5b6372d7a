"""The tables of files: those that came with messages, each content once, and pages of ours that go out with mails."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import UUID

from bot.storage.metadata import at, metadata

files = Table(
    "files",
    metadata,
    Column("sha256", Text, primary_key=True, comment="of the content, 64 hex digits"),
    Column("kind", Text, nullable=False, comment="what the content was found to be, such as pdf or xlsx"),
    Column("size", Integer, nullable=False, comment="bytes"),
    Column("content", LargeBinary, nullable=False),
    at("kept_at", default=True),
)

message_files = Table(
    "message_files",
    metadata,
    Column("inbox_id", UUID(as_uuid=False), ForeignKey("inbox.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, comment="among the kept files of the message, from 0"),
    Column("sha256", Text, ForeignKey("files.sha256"), nullable=False),
    Column("name", Text, nullable=False, comment="as the message called it, made safe"),
    Index("ix_message_files_sha256", "sha256"),
)

pages = Table(
    "pages",
    metadata,
    Column("sha256", Text, primary_key=True, comment="of the content, 64 hex digits"),
    Column("content", LargeBinary, nullable=False),
    at("made_at", default=True),
)
