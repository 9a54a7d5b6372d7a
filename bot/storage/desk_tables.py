"""Tables of the deal desk: claims on customers, timers, what managers were asked, offers of leads and of contacts."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Identity, Index, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from bot.storage.metadata import at, metadata

claims = Table(
    "claims",
    metadata,
    Column("number", Text, primary_key=True, comment="of the accepted registration"),
    Column("product", Text, primary_key=True),
    Column("company_key", Text, nullable=False),
    Column("partner_id", Text, nullable=False),
    Column("active", Boolean, nullable=False, server_default="true"),
    # One accepted registration for each customer and product, whatever runs at the same moment.
    Index("uq_claims_active", "company_key", "product", unique=True, postgresql_where=text("active")),
)

timers = Table(
    "timers",
    metadata,
    Column("key", Text, primary_key=True, comment="kind:subject, and what else tells two of them apart"),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False, comment="the number of the registration or lead"),
    Column("partner_id", Text),
    Column("due_at", DateTime(timezone=True), nullable=False),
    at("done_at"),
    Column("payload", JSONB, nullable=False, server_default="{}"),
    Column("attempts", Integer, nullable=False, server_default="0", comment="how often it failed"),
    at("not_before"),
    Column("error", Text, nullable=False, server_default=""),
    Index("ix_timers_due", "due_at", postgresql_where=text("done_at is null")),
    Index("ix_timers_subject", "subject"),
)

approvals = Table(
    "approvals",
    metadata,
    Column("number", Text, primary_key=True),
    Column("manager_email", Text, primary_key=True),
    Column("round", Text, primary_key=True, comment="when the registration was submitted: a new one begins anew"),
    at("at", default=True),
)

briefs = Table(
    "briefs",
    metadata,
    Column("id", UUID(as_uuid=False), primary_key=True, comment="opaque: what a button carries"),
    Column("kind", Text, nullable=False, comment="registration, contact or lead"),
    Column("subject", Text, nullable=False, comment="a number, or the id of a held message"),
    Column("manager_email", Text, nullable=False, server_default="", comment="empty for a channel of managers"),
    Column("outbox_id", UUID(as_uuid=False), nullable=False),
    Column("reply_key", Text, unique=True, comment="32 hex digits of a mail's reply address"),
    Column("mail_id", Text, unique=True),
    Column("slack_channel", Text, nullable=False, server_default=""),
    Column("pending", Text, nullable=False, server_default="", comment="what an answer without a verb is taken for"),
    at("sent_at", default=True),
    at("settled_at"),
    Column("settled_by", Text, nullable=False, server_default=""),
    Index("ix_briefs_subject", "subject", "kind"),
    Index("ix_briefs_outbox", "outbox_id"),
)

lead_offers = Table(
    "lead_offers",
    metadata,
    Column("lead_number", Text, primary_key=True),
    Column("partner_id", Text, primary_key=True),
    Column("state", Text, nullable=False, server_default="open", comment="open, accepted, declined, lapsed, withdrawn"),
    at("offered_at", default=True),
    at("until"),
    Column("thread_id", UUID(as_uuid=False)),
    Index("uq_lead_offers_open", "lead_number", unique=True, postgresql_where=text("state = 'open'")),
    Index("ix_lead_offers_partner", "partner_id", "offered_at"),
)

contact_offers = Table(
    "contact_offers",
    metadata,
    Column("inbox_id", UUID(as_uuid=False), primary_key=True, comment="the held message of the unknown person"),
    Column("partner_id", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("state", Text, nullable=False, server_default="open", comment="open, accepted or refused"),
    at("offered_at", default=True),
    at("decided_at"),
    Column("decided_by", Text, nullable=False, server_default=""),
    Index("ix_contact_offers_address", "address", "state"),
)

attributions = Table(
    "attributions",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("number", Text, nullable=False),
    Column("was", Text, nullable=False),
    Column("becomes", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    at("at", default=True),
    Index("ix_attributions_number", "number"),
)
