"""Slack: what is answered in a channel and why one is paused, buttons, feedback, pace, and announcements for later."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    what = "agent or mention: what is answered there"
    why = "why nothing of a partner is said there, or empty"
    op.add_column("slack_channels", sa.Column("mode", sa.Text(), server_default="agent", nullable=False, comment=what))
    op.add_column("slack_channels", sa.Column("paused", sa.Text(), server_default="", nullable=False, comment=why))
    op.add_column("slack_channels", sa.Column("paused_at", sa.DateTime(timezone=True)))
    state = sa.Column("state", sa.Text(), server_default="sent", nullable=False, comment="scheduled, sent or cancelled")
    op.add_column("announcements", state)
    op.add_column("announcements", sa.Column("send_at", sa.DateTime(timezone=True)))
    _buttons()
    _others()


def _buttons() -> None:
    now = sa.text("now()")
    op.create_table(
        "slack_buttons",
        sa.Column(
            "id",
            postgresql.UUID(as_uuid=False),
            nullable=False,
            comment="opaque, drawn by chance: what a button carries",
        ),
        sa.Column("kind", sa.Text(), nullable=False, comment="say, feedback, map, or a managers' form that was opened"),
        sa.Column("partner_id", sa.Text(), comment="null for what is the vendor's alone"),
        sa.Column(
            "channel",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="where it counts; a user id for direct messages",
        ),
        sa.Column("thread_id", postgresql.UUID(as_uuid=False)),
        sa.Column("outbox_id", postgresql.UUID(as_uuid=False), comment="the post that it stands in"),
        sa.Column("doc", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.Column("used_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slack_buttons")),
    )
    op.create_index("ix_slack_buttons_outbox", "slack_buttons", ["outbox_id"])
    op.create_index("ix_slack_buttons_expires", "slack_buttons", ["expires_at"])


def _others() -> None:
    now = sa.text("now()")
    op.create_table(
        "slack_feedback",
        sa.Column("outbox_id", postgresql.UUID(as_uuid=False), nullable=False),
        sa.Column("slack_user", sa.Text(), nullable=False),
        sa.Column("partner_id", sa.Text(), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.PrimaryKeyConstraint("outbox_id", "slack_user", name=op.f("pk_slack_feedback")),
    )
    op.create_table(
        "slack_pace",
        sa.Column("line", sa.Text(), nullable=False, comment="a method, or a channel's posts"),
        sa.Column(
            "next_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when the next call may go, by all workers",
        ),
        sa.PrimaryKeyConstraint("line", name=op.f("pk_slack_pace")),
    )
    op.create_table(
        "slack_threads_read",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("thread_ts", sa.Text(), nullable=False),
        sa.Column("partner_id", sa.Text(), nullable=False),
        sa.Column(
            "said",
            postgresql.JSONB(),
            nullable=False,
            comment="what stood there before the agent was called, oldest first",
        ),
        sa.Column("read_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.PrimaryKeyConstraint("channel", "thread_ts", name=op.f("pk_slack_threads_read")),
    )
    op.create_table(
        "slack_uploads",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Text(), nullable=False, comment="the file's id in the vendor's own workspace"),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_slack_uploads")),
    )


def downgrade() -> None:
    for table in ("slack_uploads", "slack_threads_read", "slack_pace", "slack_feedback", "slack_buttons"):
        op.drop_table(table)
    for table, column in (
        ("announcements", "send_at"),
        ("announcements", "state"),
        ("slack_channels", "paused_at"),
        ("slack_channels", "paused"),
        ("slack_channels", "mode"),
    ):
        op.drop_column(table, column)
