"""Bulk is found by its planned time, and what was decided for the CRM beside any number of entries on timelines."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_outbox_bulk",
        "outbox",
        ["destination", sa.text("coalesce(not_before, '-infinity'::timestamptz)"), "seq"],
        postgresql_where=sa.text("state = 'pending' and priority = 10"),
    )
    op.create_index(
        "ix_outbox_decided",
        "outbox",
        ["priority", "seq"],
        postgresql_where=sa.text(
            "state = 'pending' and destination = 'crm' and kind <> 'log_interaction' and kind <> 'log_again'"
        ),
    )
    op.create_index(
        "ix_outbox_timeline",
        "outbox",
        ["priority", "seq"],
        postgresql_where=sa.text("state = 'pending' and destination = 'crm' and kind = 'log_interaction'"),
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_timeline", "outbox")
    op.drop_index("ix_outbox_decided", "outbox")
    op.drop_index("ix_outbox_bulk", "outbox")
