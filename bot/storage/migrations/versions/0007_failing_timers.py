"""Timers that fail are tried again later, and how often they failed is known."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "timers",
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False, comment="how often it failed"),
    )
    op.add_column("timers", sa.Column("not_before", sa.DateTime(timezone=True), nullable=True))
    op.add_column("timers", sa.Column("error", sa.Text(), server_default="", nullable=False))
