"""Home tabs in Slack: who looks at one and what it shows. The pace of calls need not outlive a crash."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "slack_homes",
        sa.Column("slack_user", sa.Text(), nullable=False),
        sa.Column(
            "opened_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when this person last looked at the tab",
        ),
        sa.Column(
            "digest",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="of what is shown there; empty before the first",
        ),
        sa.Column(
            "view_hash", sa.Text(), server_default="", nullable=False, comment="Slack's own, of what is shown there"
        ),
        sa.Column("published_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("slack_user", name=op.f("pk_slack_homes")),
    )
    # Written with every call to Slack, and worth nothing a minute later: it does not have to reach the disk.
    op.execute("alter table slack_pace set unlogged")


def downgrade() -> None:
    op.execute("alter table slack_pace set logged")
    op.drop_table("slack_homes")
