"""Commission: posted lines, statements, disputes, invoices of partners, exchange rates, tiers through time."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "commission_lines",
        sa.Column(
            "key", sa.Text(), nullable=False, comment="plan@version|partner|subject|event|part: one event is one line"
        ),
        sa.Column("partner_id", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("deal_id", sa.Text(), server_default="", nullable=False),
        sa.Column("earned_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column(
            "state", sa.Text(), server_default="earned", nullable=False, comment="earned, disputed, held or void"
        ),
        sa.Column(
            "doc", postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment="the whole line with its derivation"
        ),
        sa.Column("posted_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("place", sa.BigInteger(), sa.Identity(always=False), nullable=False, comment="the order of posting"),
        sa.CheckConstraint("state in ('earned', 'disputed', 'held', 'void')", name="ck_commission_lines_state"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_commission_lines")),
    )
    op.create_index("ix_commission_lines_partner", "commission_lines", ["partner_id", "earned_on"], unique=False)
    op.create_table(
        "statements",
        sa.Column("id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("partner_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False, comment="unique within the partner only"),
        sa.Column("period", sa.Text(), nullable=False, comment="an ISO month"),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("doc", postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment="the whole statement"),
        sa.Column("thread_id", sa.UUID(as_uuid=False), nullable=True, comment="where it was sent, and answers belong"),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
        sa.UniqueConstraint("partner_id", "number", name=op.f("uq_statements_partner_id")),
    )
    op.create_index("ix_statements_state", "statements", ["state"], unique=False)
    op.create_index(
        "uq_statements_period",
        "statements",
        ["partner_id", "period", "currency"],
        unique=True,
        postgresql_where=sa.text("state <> 'void'"),
    )
    op.create_table(
        "statement_lines",
        sa.Column("statement_id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("line_key", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column(
            "live", sa.Boolean(), server_default="true", nullable=False, comment="false once the line was taken off it"
        ),
        sa.ForeignKeyConstraint(["line_key"], ["commission_lines.key"], name=op.f("fk_statement_lines_line_key")),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statements.id"], name=op.f("fk_statement_lines_statement_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("statement_id", "line_key", name=op.f("pk_statement_lines")),
    )
    op.create_index(
        "uq_statement_lines_live", "statement_lines", ["line_key"], unique=True, postgresql_where=sa.text("live")
    )
    op.create_table(
        "statement_files",
        sa.Column("statement_id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="pdf, csv or json"),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statements.id"], name=op.f("fk_statement_files_statement_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("statement_id", "revision", "kind", name=op.f("pk_statement_files")),
    )
    op.create_table(
        "disputes",
        sa.Column("id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("partner_id", sa.Text(), nullable=False),
        sa.Column("statement_id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("line_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, comment="open, upheld, corrected or withdrawn"),
        sa.Column("doc", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("thread_id", sa.UUID(as_uuid=False), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["line_key"], ["commission_lines.key"], name=op.f("fk_disputes_line_key")),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_disputes_statement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
    )
    op.create_index("ix_disputes_partner", "disputes", ["partner_id"], unique=False)
    op.create_index(
        "uq_disputes_open", "disputes", ["line_key"], unique=True, postgresql_where=sa.text("state = 'open'")
    )
    op.create_table(
        "partner_invoices",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("partner_id", sa.Text(), nullable=False),
        sa.Column("statement_id", sa.UUID(as_uuid=False), nullable=True, comment="empty where none was found"),
        sa.Column("inbox_id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), server_default="", nullable=False),
        sa.Column("net", sa.Numeric(), nullable=True),
        sa.Column("currency", sa.Text(), server_default="", nullable=False),
        sa.Column("matched", sa.Boolean(), nullable=False),
        sa.Column(
            "doc",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="everything that was read, and the difference",
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_partner_invoices_statement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_invoices")),
        sa.UniqueConstraint("inbox_id", "sha256", name=op.f("uq_partner_invoices_inbox_id")),
    )
    op.create_index("ix_partner_invoices_partner", "partner_invoices", ["partner_id", "received_at"], unique=False)
    op.create_table(
        "exchange_rates",
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("rate", sa.Numeric(), nullable=False, comment="what one unit is worth in the program's currency"),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("rate > 0 and rate < 'Infinity'", name="ck_exchange_rates_rate"),
        sa.PrimaryKeyConstraint("currency", "day", name=op.f("pk_exchange_rates")),
    )
    op.create_table(
        "tier_changes",
        sa.Column("partner_id", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("was", sa.Text(), server_default="", nullable=False),
        sa.Column("by", sa.Text(), nullable=False, comment="review, crm, or a manager's address"),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "doc",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
            comment="the figures that a review saw",
        ),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("partner_id", "since", name=op.f("pk_tier_changes")),
    )
    op.create_table(
        "tier_notices",
        sa.Column("partner_id", sa.Text(), nullable=False),
        sa.Column(
            "review",
            sa.Date(),
            nullable=False,
            comment="the review that will lower the tier unless the figures recover",
        ),
        sa.Column("tier", sa.Text(), nullable=False, comment="the tier that is at risk"),
        sa.Column("becomes", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("partner_id", "review", name=op.f("pk_tier_notices")),
    )
    op.create_table(
        "invoice_events",
        sa.Column(
            "id", sa.Text(), nullable=False, comment="the sender's own id of the event: the same again changes nothing"
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("doc", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_events")),
    )
