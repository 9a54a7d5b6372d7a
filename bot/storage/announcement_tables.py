"""Tables of announcements: what was composed, who gets it, what was answered, and how each wants to be written to."""

from __future__ import annotations

from sqlalchemy import ARRAY, Boolean, Column, DateTime, ForeignKey, Index, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from bot.storage.metadata import at, metadata

announcements = Table(
    "announcements",
    metadata,
    Column("id", UUID(as_uuid=False), primary_key=True),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False, comment="Markdown"),
    Column("segment", JSONB, nullable=False),
    Column("created_by", Text, nullable=False),
    at("created_at", default=True),
    Column(
        "state",
        Text,
        nullable=False,
        server_default="sent",
        comment="draft, scheduled, sending, paused, sent or cancelled",
    ),
    at("send_at"),
    Column("composed", JSONB, comment="all of it; subject, body and segment are what it says in short"),
    Column("confirmed_by", Text, nullable=False, server_default=""),
    at("confirmed_at"),
    at("began_at"),
    at("ended_at"),
    at("reminded_at"),
    Index("ix_announcements_state", "state", postgresql_where=text("state in ('sending', 'paused')")),
)

announcement_recipients = Table(
    "announcement_recipients",
    metadata,
    Column(
        "announcement_id", UUID(as_uuid=False), ForeignKey("announcements.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("contact_id", Text, primary_key=True),
    Column("partner_id", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("thread_id", UUID(as_uuid=False), comment="that of the mail; null until it is written, or where none goes"),
    Column("outbox_id", UUID(as_uuid=False)),
    Column("answer", Text, nullable=False, server_default="", comment="yes, no, maybe, or the day chosen: 2026-12-03"),
    at("answered_at"),
    Column("opted_out", Boolean, nullable=False, server_default="false"),
    Column("said", ARRAY(Text), nullable=False, server_default="{}", comment="what else: later, question, left, ..."),
    Column("answered_in", Text, nullable=False, server_default="", comment="email or slack"),
    Column("language", Text, nullable=False, server_default="", comment="that of the text chosen for this reader"),
    Column("by_mail", Boolean, nullable=False, server_default="true"),
    Column("by_slack", Boolean, nullable=False, server_default="false"),
    at("due_at"),
    at("queued_at"),
    at("reminded_at"),
    Column("left_out", Text, nullable=False, server_default="", comment="why it did not go there after all"),
    Index(
        "ix_announcement_recipients_due",
        "announcement_id",
        "due_at",
        postgresql_where=text("by_mail and queued_at is null"),
    ),
    Index("ix_announcement_recipients_contact", "contact_id"),
)

announcement_posts = Table(
    "announcement_posts",
    metadata,
    Column(
        "announcement_id", UUID(as_uuid=False), ForeignKey("announcements.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("channel_id", Text, primary_key=True),
    Column("team_id", Text, nullable=False),
    Column("partner_id", Text, nullable=False),
    Column("language", Text, nullable=False, server_default=""),
    Column("thread_id", UUID(as_uuid=False)),
    Column("outbox_id", UUID(as_uuid=False)),
    at("due_at"),
    at("queued_at"),
    at("reminded_at"),
    Column("left_out", Text, nullable=False, server_default="", comment="why it did not go there after all"),
)

contact_preferences = Table(
    "contact_preferences",
    metadata,
    Column("contact_id", Text, primary_key=True),
    Column("partner_id", Text, nullable=False),
    Column("route", Text, nullable=False, server_default="", comment="mail, slack or both as was said, else empty"),
    Column("digest", Boolean, comment="whether the monthly digest is wanted; null where nothing was said"),
    Column("proof", JSONB, nullable=False, server_default="{}", comment="which message said what, and when"),
    Column("answers_by_mail", Integer, nullable=False, server_default="0"),
    Column("answers_in_slack", Integer, nullable=False, server_default="0"),
    Column("answered_last", ARRAY(Text), nullable=False, server_default="{}", comment="where, of late, newest last"),
    at("changed_at", default=True),
)

saved_segments = Table(
    "saved_segments",
    metadata,
    Column("name", Text, primary_key=True, comment="in lower case"),
    Column("title", Text, nullable=False, comment="as it was written"),
    Column("segment", JSONB, nullable=False),
    Column("created_by", Text, nullable=False),
    at("created_at", default=True),
)

domain_pace = Table(
    "domain_pace",
    metadata,
    Column("domain", Text, primary_key=True),
    Column("next_at", DateTime(timezone=True), nullable=False, comment="from when on the next bulk mail may go there"),
)

onboarding = Table(
    "onboarding",
    metadata,
    Column("partner_id", Text, primary_key=True),
    Column("state", Text, nullable=False, comment="known before the agent came, invited, or ended"),
    at("began_at"),
    Column("steps", JSONB, nullable=False, server_default="{}", comment="when it wrote, registered, won, was asked"),
)

opt_out_links = Table(
    "opt_out_links",
    metadata,
    Column("token", Text, primary_key=True),
    Column("contact_id", Text, nullable=False),
    Column("partner_id", Text, nullable=False),
    Column("announcement_id", UUID(as_uuid=False)),
)
