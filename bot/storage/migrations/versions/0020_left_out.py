"""Who was to get an announcement and did not after all, with the reason."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_TABLES = ("announcement_recipients", "announcement_posts")


def upgrade() -> None:
    for table in _TABLES:
        op.add_column(
            table,
            sa.Column(
                "left_out", sa.Text(), nullable=False, server_default="", comment="why it did not go there after all"
            ),
        )


def downgrade() -> None:
    for table in _TABLES:
        op.drop_column(table, "left_out")
