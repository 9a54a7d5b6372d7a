"""The tables of the embedded CRM as SQLAlchemy sees them; constraints, triggers and indexes stand in the migrations."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    FetchedValue,
    Identity,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(schema="crm")


def _text(name: str, *, key: bool = False, nullable: bool = False) -> Column[str]:
    return Column(name, Text, primary_key=key, nullable=nullable)


def _texts(name: str) -> Column[list[str]]:
    return Column(name, ARRAY(Text), nullable=False)


def _change() -> Column[int]:
    """Set by a trigger: the number of the row's last change."""
    return Column("change", BigInteger, FetchedValue(), nullable=False)


partners = Table(
    "partners",
    metadata,
    _text("id", key=True),
    _text("name"),
    _texts("types"),
    _text("tier"),
    _text("region"),
    _text("country"),
    _text("language"),
    _text("time_zone"),
    _text("currency"),
    _texts("domains"),
    _text("manager_email"),
    _text("plan"),
    Column("target_amount", Numeric),
    _text("target_currency", nullable=True),
    Column("csat", Numeric),
    Column("certified_people", BigInteger, nullable=False),
    _text("finance_contact_id", nullable=True),
    _text("address"),
    _text("vat_id"),
    _text("purchase_order"),
    _change(),
)

contacts = Table(
    "contacts",
    metadata,
    _text("id", key=True),
    _text("partner_id"),
    _text("name"),
    _text("email"),
    _text("phone"),
    _text("language"),
    _text("slack_user_id"),
    Column("active", Boolean, nullable=False),
    Column("opted_out", Boolean, nullable=False),
    Column("main", Boolean, nullable=False),
    _texts("rights"),
    _change(),
)

deals = Table(
    "deals",
    metadata,
    _text("id", key=True),
    _text("number"),
    _text("partner_id", nullable=True),
    _text("customer"),
    _text("customer_domain"),
    _texts("products"),
    Column("amount", Numeric),
    _text("currency", nullable=True),
    _text("amount_basis", nullable=True),
    _text("stage"),
    Column("close_date", Date),
    Column("created_on", Date, nullable=False),
    Column("quantity", BigInteger),
    Column("term_months", BigInteger),
    Column("won_on", Date),
    _text("next_step"),
    _text("attribution"),
    _text("internal_notes"),
    Column("stage_since", Date),
    _text("lost_reason"),
    _text("plan"),
    Column("margin", Numeric),
    _text("margin_currency", nullable=True),
    Column("replaces_mrr", Numeric),
    _text("replaces_mrr_currency", nullable=True),
    Column("others", JSONB, nullable=False),
    _change(),
)

payments = Table(
    "payments",
    metadata,
    _text("id", key=True),
    _text("deal_id"),
    _text("partner_id", nullable=True),
    Column("amount", Numeric, nullable=False),
    _text("currency"),
    Column("received_on", Date, nullable=False),
    _text("kind"),
    Column("parts", JSONB, nullable=False),
    Column("period_start", Date),
    Column("period_end", Date),
    _text("refunds"),
    _text("invoice"),
    _change(),
)

milestones = Table(
    "milestones",
    metadata,
    _text("id", key=True),
    _text("partner_id", nullable=True),
    _text("kind"),
    Column("happened_on", Date, nullable=False),
    _text("deal_id", nullable=True),
    _text("subject"),
    Column("value", Numeric),
    _change(),
)

registrations = Table(
    "registrations",
    metadata,
    _text("number", key=True),
    _text("partner_id"),
    _text("contact_id", nullable=True),
    _text("state"),
    _text("customer"),
    _text("customer_domain"),
    _text("contact_name"),
    _text("contact_email"),
    _text("contact_phone"),
    Column("amount", Numeric),
    _text("currency"),
    _text("amount_basis", nullable=True),
    Column("close_date", Date),
    _texts("products"),
    Column("quantity", BigInteger),
    Column("term_months", BigInteger),
    _text("notes"),
    Column("opened_at", DateTime(timezone=True)),
    Column("submitted_at", DateTime(timezone=True)),
    Column("decide_by", Date),
    Column("decided_at", DateTime(timezone=True)),
    _text("decided_by"),
    Column("protected_until", Date),
    _text("reason"),
    Column("priority_at", DateTime(timezone=True)),
    _text("code", nullable=True),
    _text("question"),
    Column("asked_at", DateTime(timezone=True)),
    _text("evidence"),
    _text("competitor"),
    _text("customer_country"),
    _text("attribution"),
    _text("lead_number"),
    Column("extensions", BigInteger, nullable=False),
    _change(),
)

leads = Table(
    "leads",
    metadata,
    _text("number", key=True),
    _text("source"),
    _text("state"),
    _text("partner_id", nullable=True),
    _text("contact_id", nullable=True),
    _text("customer"),
    _text("customer_domain"),
    _text("contact_name"),
    _text("contact_email"),
    _text("contact_phone"),
    _texts("products"),
    Column("amount", Numeric),
    _text("currency"),
    Column("quantity", BigInteger),
    _text("region"),
    _text("country"),
    _text("notes"),
    _text("attribution"),
    _text("deal_number"),
    _text("reason"),
    Column("created_at", DateTime(timezone=True)),
    _change(),
)

interactions = Table(
    "interactions",
    metadata,
    _text("key", key=True),
    Column("position", BigInteger, Identity(always=True), nullable=False),
    _text("partner_id", nullable=True),
    _text("contact_id", nullable=True),
    _text("channel"),
    _text("direction"),
    Column("at", DateTime(timezone=True), nullable=False),
    _text("summary"),
    _text("message_id"),
    _text("outcome"),
    _text("body"),
    _text("subject"),
    _text("sender"),
    _texts("recipients"),
    _text("link"),
    Column("files", JSONB, nullable=False),
)

interaction_deals = Table(
    "interaction_deals",
    metadata,
    _text("interaction_key", key=True),
    Column("position", Integer, primary_key=True),
    _text("number"),
)
