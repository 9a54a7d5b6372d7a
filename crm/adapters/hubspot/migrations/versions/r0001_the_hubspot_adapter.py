"""The HubSpot adapter: ids, what was last seen, limits, the log of interactions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "objects",
        sa.Column("object_type", sa.Text(), nullable=False, comment="companies, contacts, deals or 2-NNN"),
        sa.Column("hubspot_id", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Text(),
            server_default=sa.text("''"),
            nullable=False,
            comment="partner, customer, contact, deal, registration, lead; or nothing",
        ),
        sa.Column("record_id", sa.Text(), server_default=sa.text("''"), nullable=False, comment="our id of the record"),
        sa.Column(
            "number",
            sa.Text(),
            server_default=sa.text("''"),
            nullable=False,
            comment="of a deal, a registration or a lead",
        ),
        sa.Column("partner_id", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("domain", sa.Text(), server_default=sa.text("''"), nullable=False, comment="of a company"),
        sa.Column("email", sa.Text(), server_default=sa.text("''"), nullable=False, comment="of a contact"),
        sa.Column(
            "seen",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="properties as last read or written",
        ),
        sa.Column(
            "linked", postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment="associations by object type"
        ),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default="false", nullable=False),
        sa.PrimaryKeyConstraint("object_type", "hubspot_id"),
        schema="hubspot",
    )
    op.create_index(
        "ix_objects_domain",
        "objects",
        ["domain"],
        unique=False,
        schema="hubspot",
        postgresql_where=sa.text("domain <> ''"),
    )
    op.create_index(
        "ix_objects_email",
        "objects",
        ["email"],
        unique=False,
        schema="hubspot",
        postgresql_where=sa.text("email <> ''"),
    )
    op.create_index(
        "ix_objects_number",
        "objects",
        ["number"],
        unique=False,
        schema="hubspot",
        postgresql_where=sa.text("number <> ''"),
    )
    op.create_index("ix_objects_partner", "objects", ["partner_id", "kind"], unique=False, schema="hubspot")
    op.create_index(
        "uq_objects_record",
        "objects",
        ["kind", "record_id"],
        unique=True,
        schema="hubspot",
        postgresql_where=sa.text("record_id <> '' and not archived"),
    )
    op.create_table(
        "touched",
        sa.Column("object_type", sa.Text(), nullable=False),
        sa.Column("hubspot_id", sa.Text(), nullable=False),
        sa.Column(
            "seq", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="drawn anew when touched again"
        ),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default="false", nullable=False),
        sa.PrimaryKeyConstraint("object_type", "hubspot_id"),
        schema="hubspot",
    )
    op.create_index("ix_touched_seq", "touched", ["seq"], unique=False, schema="hubspot")
    op.create_table(
        "budgets",
        sa.Column("name", sa.Text(), nullable=False, comment="burst, search or daily"),
        sa.Column("tokens", sa.Numeric(), nullable=False),
        sa.Column("refilled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("name"),
        schema="hubspot",
    )
    op.create_table(
        "interactions",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("marker", sa.Text(), nullable=False, comment="stands in the text as [ref: ...]"),
        sa.Column("state", sa.Text(), server_default=sa.text("''"), nullable=False, comment="begun, logged or refused"),
        sa.Column("object_type", sa.Text(), server_default=sa.text("''"), nullable=False, comment="emails or notes"),
        sa.Column("hubspot_id", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("partner_id", sa.Text(), nullable=True),
        sa.Column("contact_id", sa.Text(), nullable=True),
        sa.Column("deal_numbers", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("doc", postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment="the interaction"),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("marker"),
        schema="hubspot",
    )
    op.create_index(
        "ix_interactions_numbers",
        "interactions",
        ["deal_numbers"],
        unique=False,
        schema="hubspot",
        postgresql_using="gin",
    )
    op.create_index("ix_interactions_partner", "interactions", ["partner_id", "at"], unique=False, schema="hubspot")
    op.create_table(
        "uploads",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Text(), server_default=sa.text("''"), nullable=False, comment="HubSpot's"),
        sa.PrimaryKeyConstraint("sha256"),
        schema="hubspot",
    )
    op.create_table(
        "account",
        sa.Column("name", sa.Text(), nullable=False, comment="label ids, object type, pipelines"),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name"),
        schema="hubspot",
    )


def downgrade() -> None:
    for name in ("objects", "touched", "budgets", "interactions", "uploads", "account"):
        op.drop_table(name, schema="hubspot")
