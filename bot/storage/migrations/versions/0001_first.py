"""The queue, and the agent's tables."""

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The queue's own schema comes with its package; `%` must not be taken for a parameter.
    op.get_bind().exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))
    op.create_table(
        "announcements",
        sa.Column("id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False, comment="Markdown"),
        sa.Column("segment", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
    )
    op.create_table(
        "inbox",
        sa.Column("id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="received", nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("envelope", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column(
            "dedupe_key",
            sa.Text(),
            nullable=True,
            comment="set when accepted (Slack) or read (mail); the second of a kind is a duplicate",
        ),
        sa.Column("reference", sa.Text(), nullable=False, comment="what a person quotes when something went wrong"),
        sa.Column("message_id", sa.Text(), server_default="", nullable=False),
        sa.Column("sender", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "message", postgresql.JSONB(astext_type=sa.Text()), nullable=True, comment="the parsed message, once read"
        ),
        sa.Column(
            "reading",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="what was understood, for people to see",
        ),
        sa.Column("partner_id", sa.Text(), nullable=True),
        sa.Column("contact_id", sa.Text(), nullable=True),
        sa.Column("thread_id", sa.UUID(as_uuid=False), nullable=True),
        sa.Column("trust", sa.Text(), server_default="", nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "failures",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="faults of its own, not of the machine",
        ),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
    )
    op.create_index(
        "ix_inbox_open",
        "inbox",
        ["state", "received_at"],
        unique=False,
        postgresql_where=sa.text("state not in ('handled', 'duplicate', 'ignored')"),
    )
    op.create_index("ix_inbox_partner", "inbox", ["partner_id", "received_at"], unique=False)
    op.create_index("ix_inbox_thread", "inbox", ["thread_id", "received_at"], unique=False)
    op.create_index(
        "uq_inbox_dedupe_key", "inbox", ["dedupe_key"], unique=True, postgresql_where=sa.text("dedupe_key is not null")
    )
    op.create_table(
        "instance",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_instance")),
    )
    op.create_table(
        "ledger",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("partner_id", sa.Text(), nullable=True),
        sa.Column("inbox_id", sa.UUID(as_uuid=False), nullable=True),
        sa.Column(
            "body",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="erasable; the chain covers the digests only",
        ),
        sa.Column("salts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digests", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "chain",
            sa.Text(),
            nullable=True,
            comment="hash over the previous row's chain and this row; null until sealed",
        ),
        sa.Column("position", sa.BigInteger(), nullable=True, comment="place in the chain; null until sealed"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
        sa.UniqueConstraint("position", name=op.f("uq_ledger_position")),
    )
    op.create_index("ix_ledger_inbox", "ledger", ["inbox_id"], unique=False)
    op.create_index("ix_ledger_unsealed", "ledger", ["id"], unique=False, postgresql_where=sa.text("position is null"))
    op.create_table(
        "mirror",
        sa.Column("kind", sa.Text(), nullable=False, comment="partner, contact, deal or payment"),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("partner_id", sa.Text(), nullable=False),
        sa.Column(
            "key",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="a contact's address, a deal's number, a partner's name",
        ),
        sa.Column("doc", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", name=op.f("pk_mirror")),
    )
    op.create_index("ix_mirror_key", "mirror", ["kind", "key"], unique=False)
    op.create_index("ix_mirror_partner", "mirror", ["partner_id", "kind"], unique=False)
    op.create_index(
        "ix_mirror_slack_user",
        "mirror",
        [sa.literal_column("(doc ->> 'slack_user_id')")],
        unique=False,
        postgresql_where=sa.text("kind = 'contact'"),
    )
    op.create_table(
        "opt_out_links",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("partner_id", sa.Text(), nullable=False),
        sa.Column("announcement_id", sa.UUID(as_uuid=False), nullable=True),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_opt_out_links")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="deterministic: the same effect is written once"),
        sa.Column("destination", sa.Text(), nullable=False, comment="mail, slack or crm"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), server_default="0", nullable=False, comment="0 replies, 10 bulk"),
        sa.Column(
            "state",
            sa.Text(),
            server_default="pending",
            nullable=False,
            comment="pending, sent, kept, refused or unknown",
        ),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("partner_id", sa.Text(), nullable=True),
        sa.Column("inbox_id", sa.UUID(as_uuid=False), nullable=True),
        sa.Column("thread_id", sa.UUID(as_uuid=False), nullable=True),
        sa.Column(
            "ordering",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="rows of one ordering keep their order",
        ),
        sa.Column(
            "attempts",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="that ended; being sent away is none",
        ),
        sa.Column(
            "unsure",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="attempts begun whose end nobody knows",
        ),
        sa.Column("first_tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("remote_id", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["destination", "priority", "seq"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "ix_outbox_ordering",
        "outbox",
        ["destination", "ordering", "priority", "seq"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "ix_outbox_sent",
        "outbox",
        ["destination", "ordering", "sent_at"],
        unique=False,
        postgresql_where=sa.text("destination = 'slack'"),
    )
    op.create_index(
        "ix_outbox_answered",
        "outbox",
        ["destination", "ordering", "created_at"],
        unique=False,
        postgresql_where=sa.text("kind = 'reply'"),
    )
    op.create_index(
        "ix_outbox_answered_domain",
        "outbox",
        [sa.literal_column("split_part(ordering, '@', 2)"), "created_at"],
        unique=False,
        postgresql_where=sa.text("kind = 'reply' and destination = 'mail'"),
    )
    op.create_index("ix_outbox_state", "outbox", ["destination", "state"], unique=False)
    op.create_index("ix_outbox_thread", "outbox", ["thread_id"], unique=False)
    op.create_table(
        "parked",
        sa.Column("dependency", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="1", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("dependency", name=op.f("pk_parked")),
    )
    op.create_table(
        "partner_versions",
        sa.Column("partner_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("partner_id", name=op.f("pk_partner_versions")),
    )
    op.create_table(
        "registrations",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("partner_id", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("customer_domain", sa.Text(), nullable=False),
        sa.Column("decide_by", sa.Date(), nullable=True),
        sa.Column("thread_id", sa.UUID(as_uuid=False), nullable=True),
        sa.Column("inbox_id", sa.UUID(as_uuid=False), nullable=True),
        sa.Column("doc", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_registrations")),
    )
    op.create_index("ix_registrations_partner", "registrations", ["partner_id", "state"], unique=False)
    op.create_index("ix_registrations_state", "registrations", ["state", "decide_by"], unique=False)
    op.create_table(
        "slack_channels",
        sa.Column("team_id", sa.Text(), nullable=False, comment="the vendor's own workspace"),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("partner_id", sa.Text(), nullable=False),
        sa.Column(
            "partner_team_id", sa.Text(), nullable=False, comment="the partner's workspace; another team is nobody here"
        ),
        sa.PrimaryKeyConstraint("team_id", "channel_id", name=op.f("pk_slack_channels")),
    )
    op.create_table(
        "tasks",
        sa.Column("id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("partner_id", sa.Text(), nullable=True),
        sa.Column("contact_id", sa.Text(), nullable=True),
        sa.Column("inbox_id", sa.UUID(as_uuid=False), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False, comment="an intent, held, shunted, refused_delivery or notice"),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("deal_number", sa.Text(), server_default="", nullable=False),
        sa.Column("manager_email", sa.Text(), server_default="", nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("key", name=op.f("uq_tasks_key")),
    )
    op.create_index(
        "ix_tasks_open",
        "tasks",
        ["manager_email", "opened_at"],
        unique=False,
        postgresql_where=sa.text("closed_at is null"),
    )
    op.create_table(
        "threads",
        sa.Column("id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("partner_id", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "kind", sa.Text(), nullable=True, comment="announcement, statement or question: what the agent last said"
        ),
        sa.Column("asked", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("subject_ref", sa.Text(), server_default="", nullable=False),
        sa.Column("announcement_id", sa.UUID(as_uuid=False), nullable=True),
        sa.Column("agent_took_part", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("slack_key", sa.Text(), nullable=True, comment="team/channel/thread_ts#partner of a Slack thread"),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threads")),
        sa.UniqueConstraint("slack_key", name=op.f("uq_threads_slack_key")),
    )
    op.create_index("ix_threads_partner", "threads", ["partner_id"], unique=False)
    op.create_table(
        "ticks",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tick", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("name", "tick", name=op.f("pk_ticks")),
    )
    op.create_table(
        "announcement_recipients",
        sa.Column("announcement_id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("partner_id", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("thread_id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("outbox_id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opted_out", sa.Boolean(), server_default="false", nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcements.id"],
            name=op.f("fk_announcement_recipients_announcement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("announcement_id", "contact_id", name=op.f("pk_announcement_recipients")),
    )
    op.create_table(
        "reply_keys",
        sa.Column("key", sa.Text(), nullable=False, comment="32 hex digits; finds a thread and proves nobody"),
        sa.Column("thread_id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["threads.id"], name=op.f("fk_reply_keys_thread_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_reply_keys")),
        sa.UniqueConstraint("thread_id", "address", name=op.f("uq_reply_keys_thread_id")),
    )
    op.create_table(
        "thread_messages",
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("thread_id", sa.UUID(as_uuid=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["threads.id"], name=op.f("fk_thread_messages_thread_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("message_id", "thread_id", name=op.f("pk_thread_messages")),
    )
