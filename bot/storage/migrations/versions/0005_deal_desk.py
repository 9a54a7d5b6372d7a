"""The deal desk: claims, timers, what managers were asked, offers of leads and contacts, and what a yes would do."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "approvals",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("manager_email", sa.Text(), nullable=False),
        sa.Column(
            "round", sa.Text(), nullable=False, comment="when the registration was submitted: a new one begins anew"
        ),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("number", "manager_email", "round", name=op.f("pk_approvals")),
    )
    op.create_table(
        "attributions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("was", sa.Text(), nullable=False),
        sa.Column("becomes", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attributions")),
    )
    op.create_index("ix_attributions_number", "attributions", ["number"], unique=False)
    op.create_table(
        "briefs",
        sa.Column("id", sa.UUID(as_uuid=False), nullable=False, comment="opaque: what a button carries"),
        sa.Column("kind", sa.Text(), nullable=False, comment="registration, contact or lead"),
        sa.Column("subject", sa.Text(), nullable=False, comment="a number, or the id of a held message"),
        sa.Column(
            "manager_email", sa.Text(), server_default="", nullable=False, comment="empty for a channel of managers"
        ),
        sa.Column("outbox_id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("reply_key", sa.Text(), nullable=True, comment="32 hex digits of a mail's reply address"),
        sa.Column("mail_id", sa.Text(), nullable=True),
        sa.Column("slack_channel", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "pending",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="what an answer without a verb is taken for",
        ),
        sa.Column("sent_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_briefs")),
        sa.UniqueConstraint("mail_id", name=op.f("uq_briefs_mail_id")),
        sa.UniqueConstraint("reply_key", name=op.f("uq_briefs_reply_key")),
    )
    op.create_index("ix_briefs_outbox", "briefs", ["outbox_id"], unique=False)
    op.create_index("ix_briefs_subject", "briefs", ["subject", "kind"], unique=False)
    op.create_table(
        "claims",
        sa.Column("number", sa.Text(), nullable=False, comment="of the accepted registration"),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("company_key", sa.Text(), nullable=False),
        sa.Column("partner_id", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.PrimaryKeyConstraint("number", "product", name=op.f("pk_claims")),
    )
    op.create_index(
        "uq_claims_active", "claims", ["company_key", "product"], unique=True, postgresql_where=sa.text("active")
    )
    op.create_table(
        "contact_offers",
        sa.Column("inbox_id", sa.UUID(as_uuid=False), nullable=False, comment="the held message of the unknown person"),
        sa.Column("partner_id", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False, comment="open, accepted or refused"),
        sa.Column("offered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("inbox_id", name=op.f("pk_contact_offers")),
    )
    op.create_index("ix_contact_offers_address", "contact_offers", ["address", "state"], unique=False)
    op.create_table(
        "lead_offers",
        sa.Column("lead_number", sa.Text(), nullable=False),
        sa.Column("partner_id", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Text(),
            server_default="open",
            nullable=False,
            comment="open, accepted, declined, lapsed, withdrawn",
        ),
        sa.Column("offered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("thread_id", sa.UUID(as_uuid=False), nullable=True),
        sa.PrimaryKeyConstraint("lead_number", "partner_id", name=op.f("pk_lead_offers")),
    )
    op.create_index("ix_lead_offers_partner", "lead_offers", ["partner_id", "offered_at"], unique=False)
    op.create_index(
        "uq_lead_offers_open", "lead_offers", ["lead_number"], unique=True, postgresql_where=sa.text("state = 'open'")
    )
    op.create_table(
        "timers",
        sa.Column("key", sa.Text(), nullable=False, comment="kind:subject, and what else tells two of them apart"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False, comment="the number of the registration or lead"),
        sa.Column("partner_id", sa.Text(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("payload", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_timers")),
    )
    op.create_index("ix_timers_due", "timers", ["due_at"], unique=False, postgresql_where=sa.text("done_at is null"))
    op.create_index("ix_timers_subject", "timers", ["subject"], unique=False)
    op.alter_column(
        "mirror",
        "kind",
        existing_type=sa.TEXT(),
        comment="partner, contact, deal, payment or lead",
        existing_comment="partner, contact, deal or payment",
        existing_nullable=False,
    )
    op.add_column(
        "threads",
        sa.Column("proposal", sa.Text(), server_default="", nullable=False, comment="what a yes would do, as JSON"),
    )
