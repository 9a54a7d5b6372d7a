"""Deals are found by another partner that had a part in them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_mirror_others",
        "mirror",
        [sa.text("(doc -> 'others') jsonb_path_ops")],
        unique=False,
        postgresql_using="gin",
        postgresql_where=sa.text("kind = 'deal'"),
    )


def downgrade() -> None:
    op.drop_index("ix_mirror_others", table_name="mirror")
