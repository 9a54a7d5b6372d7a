"""Announcements as drafts in several languages, sent in portions by mail and in Slack, with all that is answered."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_UUID = postgresql.UUID(as_uuid=False)
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _announcements()
    _recipients()
    _preferences()
    op.add_column("outbox", sa.Column("announcement_id", _UUID, comment="the announcement that it is a copy of"))
    op.create_index(
        "ix_outbox_announcement",
        "outbox",
        ["announcement_id", "state"],
        postgresql_where=sa.text("announcement_id is not null"),
    )
    op.execute("""
        update outbox set announcement_id = r.announcement_id
        from announcement_recipients r where r.outbox_id = outbox.id
    """)


def _announcements() -> None:
    op.add_column(
        "announcements",
        sa.Column(
            "composed", postgresql.JSONB(), comment="all of it; subject, body and segment are what it says in short"
        ),
    )
    op.add_column("announcements", sa.Column("confirmed_by", sa.Text(), server_default="", nullable=False))
    for name in ("confirmed_at", "began_at", "ended_at", "reminded_at"):
        op.add_column("announcements", sa.Column(name, _TIME))
    op.alter_column(
        "announcements",
        "state",
        comment="draft, scheduled, sending, paused, sent or cancelled",
        existing_comment="scheduled, sent or cancelled",
        existing_type=sa.Text(),
        existing_nullable=False,
        existing_server_default="sent",
    )
    op.create_index(
        "ix_announcements_state",
        "announcements",
        ["state"],
        postgresql_where=sa.text("state in ('sending', 'paused')"),
    )
    op.create_table(
        "saved_segments",
        sa.Column("name", sa.Text(), primary_key=True, comment="in lower case"),
        sa.Column("title", sa.Text(), nullable=False, comment="as it was written"),
        sa.Column("segment", postgresql.JSONB(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, server_default=sa.func.now(), nullable=False),
    )


def _recipients() -> None:
    table = "announcement_recipients"
    op.alter_column(
        table,
        "thread_id",
        nullable=True,
        comment="that of the mail; null until it is written, or where none goes",
        existing_type=_UUID,
    )
    op.alter_column(table, "outbox_id", nullable=True, existing_type=_UUID)
    op.alter_column(
        table,
        "answer",
        comment="yes, no, maybe, or the day chosen: 2026-12-03",
        existing_type=sa.Text(),
        existing_nullable=False,
        existing_server_default="",
    )
    columns: tuple[sa.Column[Any], ...] = (
        sa.Column(
            "said",
            postgresql.ARRAY(sa.Text()),
            server_default="{}",
            nullable=False,
            comment="what else: later, question, left, ...",
        ),
        sa.Column("answered_in", sa.Text(), server_default="", nullable=False, comment="email or slack"),
        sa.Column(
            "language", sa.Text(), server_default="", nullable=False, comment="that of the text chosen for this reader"
        ),
        sa.Column("by_mail", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("by_slack", sa.Boolean(), server_default="false", nullable=False),
        *(sa.Column(name, _TIME) for name in ("due_at", "queued_at", "reminded_at")),
    )
    for column in columns:
        op.add_column(table, column)
    op.execute("update announcement_recipients set queued_at = now() where outbox_id is not null")
    op.create_index(
        "ix_announcement_recipients_due",
        table,
        ["announcement_id", "due_at"],
        postgresql_where=sa.text("by_mail and queued_at is null"),
    )
    op.create_index("ix_announcement_recipients_contact", table, ["contact_id"])
    op.create_table(
        "announcement_posts",
        sa.Column(
            "announcement_id",
            _UUID,
            sa.ForeignKey("announcements.id", ondelete="CASCADE", name="fk_announcement_posts_announcement_id"),
            primary_key=True,
        ),
        sa.Column("channel_id", sa.Text(), primary_key=True),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("partner_id", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), server_default="", nullable=False),
        sa.Column("thread_id", _UUID),
        sa.Column("outbox_id", _UUID),
        *(sa.Column(name, _TIME) for name in ("due_at", "queued_at", "reminded_at")),
    )


def _preferences() -> None:
    op.create_table(
        "contact_preferences",
        sa.Column("contact_id", sa.Text(), primary_key=True),
        sa.Column("partner_id", sa.Text(), nullable=False),
        sa.Column(
            "route",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="mail, slack or both as was said, else empty",
        ),
        sa.Column("digest", sa.Boolean(), comment="whether the monthly digest is wanted; null where nothing was said"),
        sa.Column(
            "proof",
            postgresql.JSONB(),
            server_default="{}",
            nullable=False,
            comment="which message said what, and when",
        ),
        sa.Column("answers_by_mail", sa.Integer(), server_default="0", nullable=False),
        sa.Column("answers_in_slack", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "answered_last",
            postgresql.ARRAY(sa.Text()),
            server_default="{}",
            nullable=False,
            comment="where, of late, newest last",
        ),
        sa.Column("changed_at", _TIME, server_default=sa.func.now(), nullable=False),
    )
    op.create_table(
        "domain_pace",
        sa.Column("domain", sa.Text(), primary_key=True),
        sa.Column("next_at", _TIME, nullable=False, comment="from when on the next bulk mail may go there"),
    )
    op.create_table(
        "onboarding",
        sa.Column("partner_id", sa.Text(), primary_key=True),
        sa.Column("state", sa.Text(), nullable=False, comment="known before the agent came, invited, or ended"),
        sa.Column("began_at", _TIME),
        sa.Column(
            "steps",
            postgresql.JSONB(),
            server_default="{}",
            nullable=False,
            comment="when it wrote, registered, won, was asked",
        ),
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_announcement", "outbox")
    op.drop_column("outbox", "announcement_id")
    for table in ("onboarding", "domain_pace", "contact_preferences", "announcement_posts", "saved_segments"):
        op.drop_table(table)
    table = "announcement_recipients"
    op.drop_index("ix_announcement_recipients_contact", table)
    op.drop_index("ix_announcement_recipients_due", table)
    op.execute("delete from announcement_recipients where outbox_id is null")
    for name in ("said", "answered_in", "language", "by_mail", "by_slack", "due_at", "queued_at", "reminded_at"):
        op.drop_column(table, name)
    op.alter_column(table, "thread_id", nullable=False, comment=None, existing_type=_UUID)
    op.alter_column(table, "outbox_id", nullable=False, existing_type=_UUID)
    op.drop_index("ix_announcements_state", "announcements")
    for name in ("composed", "confirmed_by", "confirmed_at", "began_at", "ended_at", "reminded_at"):
        op.drop_column("announcements", name)
