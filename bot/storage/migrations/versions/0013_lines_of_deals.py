"""Lines of a deal are found whoever earned them, so that a deal that changes hands is not paid for twice."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_commission_lines_deal",
        "commission_lines",
        ["deal_id"],
        unique=False,
        postgresql_where=sa.text("deal_id <> ''"),
    )


def downgrade() -> None:
    op.drop_index("ix_commission_lines_deal", table_name="commission_lines")
