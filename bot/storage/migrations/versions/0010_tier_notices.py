"""What became of a notice of a lower tier is kept, with the figures that it rested on."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "tier_notices",
        sa.Column(
            "settled",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="lowered, recovered or lifted; empty: stands",
        ),
    )
    op.add_column("tier_notices", sa.Column("settled_on", sa.Date(), nullable=True))
    op.add_column(
        "tier_notices",
        sa.Column("doc", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
    )
