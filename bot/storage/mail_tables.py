"""The tables of what mail servers and absent people tell us, and of the error mails we sent."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Table, Text
from sqlalchemy.dialects.postgresql import UUID

from bot.storage.metadata import at, metadata

bounces = Table(
    "bounces",
    metadata,
    Column("inbox_id", UUID(as_uuid=False), primary_key=True, comment="the report it was read from"),
    Column("address", Text, primary_key=True, comment="lower case, as our own mail was addressed"),
    Column("outbox_id", UUID(as_uuid=False), nullable=False, comment="the mail of ours that came back"),
    Column("partner_id", Text),
    Column("contact_id", Text),
    Column("hard", Boolean, nullable=False),
    Column("status", Text, nullable=False, server_default="", comment="RFC 3463, such as 5.1.1"),
    Column("words", Text, nullable=False, server_default="", comment="what the server said"),
    at("at", default=True),
    Index("ix_bounces_address", "address", "at"),
    Index("ix_bounces_outbox", "outbox_id"),
)

undeliverable = Table(
    "undeliverable",
    metadata,
    Column("address", Text, primary_key=True, comment="lower case; gone once a proven mail comes from it"),
    Column("partner_id", Text),
    Column("contact_id", Text),
    Column("status", Text, nullable=False, server_default=""),
    Column("words", Text, nullable=False, server_default=""),
    Column("inbox_id", UUID(as_uuid=False), nullable=False, comment="the report that decided it"),
    at("since", default=True),
    Index("ix_undeliverable_partner", "partner_id"),
)

absences = Table(
    "absences",
    metadata,
    Column("contact_id", Text, primary_key=True),
    Column("partner_id", Text, nullable=False),
    Column("until", Date, comment="the day named as its end or return; empty where none was"),
    Column("instead", Text, nullable=False, server_default="", comment="whom to write to meanwhile"),
    Column("inbox_id", UUID(as_uuid=False), nullable=False, comment="the automatic reply that said it"),
    at("noted_at", default=True),
    Index("ix_absences_partner", "partner_id"),
)

error_mails = Table(
    "error_mails",
    metadata,
    Column("address", Text, primary_key=True, comment="lower case"),
    Column("error_class", Text, primary_key=True),
    at("sent_at", default=True),
)
