"""Events of a billing system may wait for their deal or payment."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "invoice_events",
        sa.Column(
            "waits_for",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="the deal or payment that is not known yet",
        ),
    )
    op.create_index(
        "ix_invoice_events_waiting",
        "invoice_events",
        ["waits_for"],
        unique=False,
        postgresql_where=sa.text("waits_for <> ''"),
    )


def downgrade() -> None:
    op.drop_index("ix_invoice_events_waiting", table_name="invoice_events")
    op.drop_column("invoice_events", "waits_for")
