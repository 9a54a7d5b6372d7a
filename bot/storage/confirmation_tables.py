"""The table of questions to the owners of addresses: whether a message that names one as its sender is his."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, Text
from sqlalchemy.dialects.postgresql import UUID

from bot.storage.metadata import at, metadata

confirmations = Table(
    "confirmations",
    metadata,
    Column(
        "held_id",
        UUID(as_uuid=False),
        ForeignKey("inbox.id", ondelete="CASCADE"),
        primary_key=True,
        comment="the held message; each is asked about once",
    ),
    Column("code", Text, nullable=False, unique=True, comment="32 hex digits of the question's reply address"),
    Column("mail_id", Text, nullable=False, unique=True, comment="Message-ID of the question; made of the code"),
    Column("partner_id", Text, nullable=False),
    Column("contact_id", Text, nullable=False),
    Column("address", Text, nullable=False, comment="on file, lower case: asked, and the only one that may answer"),
    at("asked_at", default=True),
    at("expires_at"),
    Column("outcome", Text, nullable=False, server_default="", comment="confirmed or denied; empty while open"),
    Column("answered_by", UUID(as_uuid=False), comment="the message that decided it"),
    at("answered_at"),
    Index("ix_confirmations_address", "address", "asked_at"),
    Index("ix_confirmations_partner", "partner_id", "asked_at"),
)
