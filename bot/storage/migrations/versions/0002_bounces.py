"""Bounces, addresses that take no mail, absences, and which error mails went out."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bounces",
        sa.Column("inbox_id", sa.UUID(as_uuid=False), nullable=False, comment="the report it was read from"),
        sa.Column("address", sa.Text(), nullable=False, comment="lower case, as our own mail was addressed"),
        sa.Column("outbox_id", sa.UUID(as_uuid=False), nullable=False, comment="the mail of ours that came back"),
        sa.Column("partner_id", sa.Text(), nullable=True),
        sa.Column("contact_id", sa.Text(), nullable=True),
        sa.Column("hard", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(), server_default="", nullable=False, comment="RFC 3463, such as 5.1.1"),
        sa.Column("words", sa.Text(), server_default="", nullable=False, comment="what the server said"),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("inbox_id", "address", name=op.f("pk_bounces")),
    )
    op.create_index("ix_bounces_address", "bounces", ["address", "at"], unique=False)
    op.create_index("ix_bounces_outbox", "bounces", ["outbox_id"], unique=False)
    op.create_table(
        "undeliverable",
        sa.Column("address", sa.Text(), nullable=False, comment="lower case; gone once a proven mail comes from it"),
        sa.Column("partner_id", sa.Text(), nullable=True),
        sa.Column("contact_id", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), server_default="", nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("inbox_id", sa.UUID(as_uuid=False), nullable=False, comment="the report that decided it"),
        sa.Column("since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_undeliverable")),
    )
    op.create_index("ix_undeliverable_partner", "undeliverable", ["partner_id"], unique=False)
    op.create_table(
        "absences",
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("partner_id", sa.Text(), nullable=False),
        sa.Column(
            "until", sa.Date(), nullable=True, comment="the day named as its end or return; empty where none was"
        ),
        sa.Column("instead", sa.Text(), server_default="", nullable=False, comment="whom to write to meanwhile"),
        sa.Column("inbox_id", sa.UUID(as_uuid=False), nullable=False, comment="the automatic reply that said it"),
        sa.Column("noted_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_absences")),
    )
    op.create_index("ix_absences_partner", "absences", ["partner_id"], unique=False)
    op.create_table(
        "error_mails",
        sa.Column("address", sa.Text(), nullable=False, comment="lower case"),
        sa.Column("error_class", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("address", "error_class", name=op.f("pk_error_mails")),
    )
