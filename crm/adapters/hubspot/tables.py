"""What the HubSpot adapter keeps of its own in PostgreSQL (schema `hubspot`): ids, what was last seen, limits, the log.

HubSpot stays the truth: all of it can be read back from there, apart from what waits to be written.
"""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(schema="hubspot")


def _text(name: str, *, key: bool = False, comment: str | None = None) -> Column[str]:
    return Column(
        name, Text, primary_key=key, nullable=False, server_default=None if key else text("''"), comment=comment
    )


def _at(name: str, *, nullable: bool = True) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


objects = Table(
    "objects",
    metadata,
    _text("object_type", key=True, comment="companies, contacts, deals or 2-NNN"),
    _text("hubspot_id", key=True),
    _text("kind", comment="partner, customer, contact, deal, registration, lead; or nothing"),
    _text("record_id", comment="our id of the record"),
    _text("number", comment="of a deal, a registration or a lead"),
    _text("partner_id"),
    _text("domain", comment="of a company"),
    _text("email", comment="of a contact"),
    Column("seen", JSONB, nullable=False, comment="properties as last read or written"),
    Column("linked", JSONB, nullable=False, comment="associations by object type"),
    _at("changed_at"),
    _at("seen_at", nullable=False),
    Column("archived", Boolean, nullable=False, server_default="false"),
    Index(
        "uq_objects_record", "kind", "record_id", unique=True, postgresql_where=text("record_id <> '' and not archived")
    ),
    Index("ix_objects_number", "number", postgresql_where=text("number <> ''")),
    Index("ix_objects_partner", "partner_id", "kind"),
    Index("ix_objects_domain", "domain", postgresql_where=text("domain <> ''")),
    Index("ix_objects_email", "email", postgresql_where=text("email <> ''")),
)

touched = Table(
    "touched",
    metadata,
    _text("object_type", key=True),
    _text("hubspot_id", key=True),
    Column("seq", BigInteger, Identity(), nullable=False, comment="drawn anew when touched again"),
    _at("occurred_at", nullable=False),
    Column("deleted", Boolean, nullable=False, server_default="false"),
    Index("ix_touched_seq", "seq"),
)

handed = Table(
    "handed",
    metadata,
    _text("object_type", key=True),
    _text("hubspot_id", key=True),
    _at("changed_at"),
    _text("digest", comment="of the records as they were handed out and kept"),
    _at("given_changed_at"),
    _text("given_digest", comment="of those that were handed out last"),
    Column("given_gone", Boolean, nullable=False, server_default="false", comment="HubSpot has it no more"),
    _text("given_in", comment="the page they were in, until it is known to be kept"),
    Index("ix_handed_given", "given_in", postgresql_where=text("given_in <> ''")),
)

budgets = Table(
    "budgets",
    metadata,
    _text("name", key=True, comment="burst, search or daily"),
    Column("tokens", Numeric, nullable=False),
    _at("refilled_at", nullable=False),
    _at("closed_until"),
    _text("reason"),
)

interactions = Table(
    "interactions",
    metadata,
    _text("key", key=True),
    Column("position", BigInteger, Identity(), nullable=False),
    Column("marker", Text, nullable=False, comment="stands in the text as [ref: ...]"),
    _text("state", comment="begun, logged or refused"),
    _text("object_type", comment="emails or notes"),
    _text("hubspot_id"),
    Column("partner_id", Text),
    Column("contact_id", Text),
    Column("deal_numbers", ARRAY(Text), nullable=False),
    _at("at", nullable=False),
    Column("doc", JSONB, nullable=False, comment="the interaction"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("linked", JSONB, nullable=False, server_default="{}", comment="HubSpot ids by object type"),
    Column("missed_at", DateTime(timezone=True), nullable=True, comment="first looked for in vain"),
    UniqueConstraint("marker"),
    Index("ix_interactions_hubspot", "hubspot_id", postgresql_where=text("hubspot_id <> ''")),
    Index("ix_interactions_partner", "partner_id", "at"),
    Index("ix_interactions_numbers", "deal_numbers", postgresql_using="gin"),
)

uploads = Table(
    "uploads",
    metadata,
    _text("sha256", key=True),
    _text("file_id", comment="HubSpot's"),
)

account = Table(
    "account",
    metadata,
    _text("name", key=True, comment="label ids, object type, pipelines"),
    Column("value", JSONB, nullable=False),
    _at("read_at", nullable=False),
)
