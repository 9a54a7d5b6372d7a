"""Tables of Slack: channels of partners, buttons, what was said of answers, the pace of calls, files put there."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, Index, Integer, Table, Text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from bot.storage.metadata import at, metadata

slack_channels = Table(
    "slack_channels",
    metadata,
    Column("team_id", Text, primary_key=True, comment="the vendor's own workspace"),
    Column("channel_id", Text, primary_key=True),
    Column("name", Text, nullable=False, server_default=""),
    Column("partner_id", Text, nullable=False),
    Column("partner_team_id", Text, nullable=False, comment="the partner's workspace; another team is nobody here"),
    Column("mode", Text, nullable=False, server_default="agent", comment="agent or mention: what is answered there"),
    Column(
        "paused", Text, nullable=False, server_default="", comment="why nothing of a partner is said there, or empty"
    ),
    at("paused_at"),
    Column(
        "unconfirmed", Integer, nullable=False, server_default="0",
        comment="looks in a row that did not confirm who reads it",
    ),
)  # fmt: skip

slack_buttons = Table(
    "slack_buttons",
    metadata,
    Column("id", UUID(as_uuid=False), primary_key=True, comment="opaque, drawn by chance: what a button carries"),
    Column("kind", Text, nullable=False, comment="say, feedback, map, or a managers' form that was opened"),
    Column("partner_id", Text, comment="null for what is the vendor's alone"),
    Column(
        "channel", Text, nullable=False, server_default="", comment="where it counts; a user id for direct messages"
    ),
    Column("thread_id", UUID(as_uuid=False)),
    Column("outbox_id", UUID(as_uuid=False), comment="the post that it stands in"),
    Column("doc", JSONB, nullable=False, server_default="{}"),
    at("made_at", default=True),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    at("used_at"),
    Column("used_by", Text, nullable=False, server_default=""),
    Index("ix_slack_buttons_outbox", "outbox_id"),
    Index("ix_slack_buttons_expires", "expires_at"),
)

slack_feedback = Table(
    "slack_feedback",
    metadata,
    Column("outbox_id", UUID(as_uuid=False), primary_key=True),
    Column("slack_user", Text, primary_key=True),
    Column("partner_id", Text, nullable=False),
    Column("helpful", Boolean, nullable=False),
    at("at", default=True),
)

slack_pace = Table(
    "slack_pace",
    metadata,
    Column("line", Text, primary_key=True, comment="a method, or a channel's posts"),
    Column("next_at", DateTime(timezone=True), nullable=False, comment="when the next call may go, by all workers"),
)

slack_threads_read = Table(
    "slack_threads_read",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("thread_ts", Text, primary_key=True),
    Column("partner_id", Text, nullable=False),
    Column("said", JSONB, nullable=False, comment="what stood there before the agent was called, oldest first"),
    at("read_at", default=True),
)

slack_uploads = Table(
    "slack_uploads",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("file_id", Text, nullable=False, comment="the file's id in the vendor's own workspace"),
    at("uploaded_at", default=True),
)

slack_homes = Table(
    "slack_homes",
    metadata,
    Column("slack_user", Text, primary_key=True),
    Column("opened_at", DateTime(timezone=True), nullable=False, comment="when this person last looked at the tab"),
    Column("digest", Text, nullable=False, server_default="", comment="of what is shown there; empty before the first"),
    Column("view_hash", Text, nullable=False, server_default="", comment="Slack's own, of what is shown there"),
    at("published_at"),
)
