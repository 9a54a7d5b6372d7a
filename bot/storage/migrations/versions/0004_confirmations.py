"""Questions to the owners of addresses, which message answers one, and finding mails of one Message-ID."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "confirmations",
        sa.Column(
            "held_id", sa.UUID(as_uuid=False), nullable=False, comment="the held message; each is asked about once"
        ),
        sa.Column("code", sa.Text(), nullable=False, comment="32 hex digits of the question's reply address"),
        sa.Column("mail_id", sa.Text(), nullable=False, comment="Message-ID of the question; made of the code"),
        sa.Column("partner_id", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column(
            "address", sa.Text(), nullable=False, comment="on file, lower case: asked, and the only one that may answer"
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome", sa.Text(), server_default="", nullable=False, comment="confirmed or denied; empty while open"
        ),
        sa.Column("answered_by", sa.UUID(as_uuid=False), nullable=True, comment="the message that decided it"),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["held_id"], ["inbox.id"], name=op.f("fk_confirmations_held_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("held_id", name=op.f("pk_confirmations")),
        sa.UniqueConstraint("code", name=op.f("uq_confirmations_code")),
        sa.UniqueConstraint("mail_id", name=op.f("uq_confirmations_mail_id")),
    )
    op.create_index("ix_confirmations_address", "confirmations", ["address", "asked_at"], unique=False)
    op.create_index("ix_confirmations_partner", "confirmations", ["partner_id", "asked_at"], unique=False)
    op.add_column(
        "inbox", sa.Column("confirms", sa.UUID(as_uuid=False), comment="the held message that this one answers for")
    )
    op.create_index(
        "ix_inbox_message_id", "inbox", ["message_id"], unique=False, postgresql_where=sa.text("message_id <> ''")
    )
