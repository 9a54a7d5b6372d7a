"""How often in a row Slack did not confirm who reads a partner's channel, for all workers together."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "slack_channels",
        sa.Column(
            "unconfirmed",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="looks in a row that did not confirm who reads it",
        ),
    )


def downgrade() -> None:
    op.drop_column("slack_channels", "unconfirmed")
