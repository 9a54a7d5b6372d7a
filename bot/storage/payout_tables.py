"""The tables of commission: posted lines, statements, disputes, invoices, exchange rates, tiers through time."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID

from bot.storage.metadata import at, metadata

commission_lines = Table(
    "commission_lines",
    metadata,
    Column("key", Text, primary_key=True, comment="plan@version|partner|subject|event|part: one event is one line"),
    Column("partner_id", Text, nullable=False),
    Column("series", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("part", Text, nullable=False),
    Column("deal_id", Text, nullable=False, server_default=""),
    Column("earned_on", Date, nullable=False),
    Column("amount", Numeric, nullable=False),
    Column("currency", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="earned", comment="earned, disputed, held or void"),
    Column("doc", JSONB, nullable=False, comment="the whole line with its derivation"),
    at("posted_at", default=True),
    Column("place", BigInteger, Identity(), nullable=False, comment="the order of posting"),
    CheckConstraint("state in ('earned', 'disputed', 'held', 'void')", name="ck_commission_lines_state"),
    Index("ix_commission_lines_partner", "partner_id", "earned_on"),
    Index("ix_commission_lines_deal", "deal_id", postgresql_where=text("deal_id <> ''")),
)

statements = Table(
    "statements",
    metadata,
    Column("id", UUID(as_uuid=False), primary_key=True),
    Column("partner_id", Text, nullable=False),
    Column("number", Text, nullable=False, comment="unique within the partner only"),
    Column("period", Text, nullable=False, comment="an ISO month"),
    Column("currency", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("doc", JSONB, nullable=False, comment="the whole statement"),
    Column("thread_id", UUID(as_uuid=False), comment="where it was sent, and answers belong"),
    at("made_at", default=True),
    UniqueConstraint("partner_id", "number"),
    Index(
        "uq_statements_period",
        "partner_id",
        "period",
        "currency",
        unique=True,
        postgresql_where=text("state <> 'void'"),
    ),
    Index("ix_statements_state", "state"),
)

statement_lines = Table(
    "statement_lines",
    metadata,
    Column("statement_id", UUID(as_uuid=False), ForeignKey("statements.id", ondelete="CASCADE"), primary_key=True),
    Column("line_key", Text, ForeignKey("commission_lines.key"), primary_key=True),
    Column("place", Integer, nullable=False),
    Column("live", Boolean, nullable=False, server_default="true", comment="false once the line was taken off it"),
    Index("uq_statement_lines_live", "line_key", unique=True, postgresql_where=text("live")),
)

statement_files = Table(
    "statement_files",
    metadata,
    Column("statement_id", UUID(as_uuid=False), ForeignKey("statements.id", ondelete="CASCADE"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("kind", Text, primary_key=True, comment="pdf, csv or json"),
    Column("sha256", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    at("made_at", default=True),
)

disputes = Table(
    "disputes",
    metadata,
    Column("id", UUID(as_uuid=False), primary_key=True),
    Column("partner_id", Text, nullable=False),
    Column("statement_id", UUID(as_uuid=False), ForeignKey("statements.id"), nullable=False),
    Column("line_key", Text, ForeignKey("commission_lines.key"), nullable=False),
    Column("state", Text, nullable=False, comment="open, upheld, corrected or withdrawn"),
    Column("doc", JSONB, nullable=False),
    Column("thread_id", UUID(as_uuid=False)),
    at("opened_at", default=True),
    Index("uq_disputes_open", "line_key", unique=True, postgresql_where=text("state = 'open'")),
    Index("ix_disputes_partner", "partner_id"),
)

partner_invoices = Table(
    "partner_invoices",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("partner_id", Text, nullable=False),
    Column("statement_id", UUID(as_uuid=False), ForeignKey("statements.id"), comment="empty where none was found"),
    Column("inbox_id", UUID(as_uuid=False), nullable=False),
    Column("sha256", Text, nullable=False),
    Column("number", Text, nullable=False, server_default=""),
    Column("net", Numeric),
    Column("currency", Text, nullable=False, server_default=""),
    Column("matched", Boolean, nullable=False),
    Column("doc", JSONB, nullable=False, comment="everything that was read, and the difference"),
    at("received_at", default=True),
    UniqueConstraint("inbox_id", "sha256"),
    Index("ix_partner_invoices_partner", "partner_id", "received_at"),
)

exchange_rates = Table(
    "exchange_rates",
    metadata,
    Column("currency", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("rate", Numeric, nullable=False, comment="what one unit is worth in the program's currency"),
    Column("source", Text, nullable=False),
    at("stored_at", default=True),
    CheckConstraint("rate > 0 and rate < 'Infinity'", name="ck_exchange_rates_rate"),
)

tier_changes = Table(
    "tier_changes",
    metadata,
    Column("partner_id", Text, primary_key=True),
    Column("since", Date, primary_key=True),
    Column("tier", Text, nullable=False),
    Column("was", Text, nullable=False, server_default=""),
    Column("by", Text, nullable=False, comment="review, crm, or a manager's address"),
    Column("reason", Text, nullable=False, server_default=""),
    Column("doc", JSONB, nullable=False, server_default="{}", comment="the figures that a review saw"),
    at("at", default=True),
)

tier_notices = Table(
    "tier_notices",
    metadata,
    Column("partner_id", Text, primary_key=True),
    Column("review", Date, primary_key=True, comment="the review that will lower the tier unless the figures recover"),
    Column("tier", Text, nullable=False, comment="the tier that is at risk"),
    Column("becomes", Text, nullable=False),
    at("given_at", default=True),
    Column("settled", Text, nullable=False, server_default="", comment="lowered, recovered or lifted; empty: stands"),
    Column("settled_on", Date),
    Column("doc", JSONB, nullable=False, server_default="{}"),
)

invoice_events = Table(
    "invoice_events",
    metadata,
    Column("id", Text, primary_key=True, comment="the sender's own id of the event: the same again changes nothing"),
    Column("kind", Text, nullable=False),
    Column("doc", JSONB, nullable=False),
    at("at", default=True),
    Column("waits_for", Text, nullable=False, server_default="", comment="the deal or payment that is not known yet"),
    Index("ix_invoice_events_waiting", "waits_for", postgresql_where=text("waits_for <> ''")),
)
