"""Every table of the agent; the embedded CRM has its own in its adapter, the queue its own by procrastinate."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID

from bot.storage import (
    announcement_tables,
    confirmation_tables,
    desk_tables,
    file_tables,
    mail_tables,
    payout_tables,
    slack_tables,
)
from bot.storage.metadata import at, metadata

__all__ = [
    "announcement_tables",
    "confirmation_tables",
    "desk_tables",
    "file_tables",
    "mail_tables",
    "metadata",
    "payout_tables",
    "slack_tables",
]  # imported to be entered and passed on; the tables follow

inbox = Table(
    "inbox",
    metadata,
    Column("id", UUID(as_uuid=False), primary_key=True),
    Column("channel", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="received"),
    at("received_at", default=True),
    Column("envelope", JSONB, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("dedupe_key", Text, comment="set when accepted (Slack) or read (mail); the second of a kind is a duplicate"),
    Column("reference", Text, nullable=False, comment="what a person quotes when something went wrong"),
    Column("message_id", Text, nullable=False, server_default=""),
    Column("sender", Text, nullable=False, server_default=""),
    Column("message", JSONB, comment="the parsed message, once read"),
    Column("reading", JSONB, comment="what was understood, for people to see"),
    Column("partner_id", Text),
    Column("contact_id", Text),
    Column("thread_id", UUID(as_uuid=False)),
    Column("trust", Text, nullable=False, server_default=""),
    Column("outcome", Text, nullable=False, server_default=""),
    Column("error", Text, nullable=False, server_default=""),
    Column("failures", Integer, nullable=False, server_default="0", comment="faults of its own, not of the machine"),
    at("handled_at"),
    Column("confirms", UUID(as_uuid=False), comment="the held message that this one answers for"),
    Index("ix_inbox_message_id", "message_id", postgresql_where=text("message_id <> ''")),
    Index("uq_inbox_dedupe_key", "dedupe_key", unique=True, postgresql_where=text("dedupe_key is not null")),
    Index("ix_inbox_partner", "partner_id", "received_at"),
    Index("ix_inbox_thread", "thread_id", "received_at"),
    Index(
        "ix_inbox_open",
        "state",
        "received_at",
        postgresql_where=text("state not in ('handled', 'duplicate', 'ignored')"),
    ),
)

threads = Table(
    "threads",
    metadata,
    Column("id", UUID(as_uuid=False), primary_key=True),
    Column("partner_id", Text),
    Column("channel", Text, nullable=False),
    Column("subject", Text, nullable=False, server_default=""),
    Column("kind", Text, comment="announcement, statement or question: what the agent last said"),
    Column("asked", ARRAY(Text), nullable=False, server_default="{}"),
    Column("subject_ref", Text, nullable=False, server_default=""),
    Column("proposal", Text, nullable=False, server_default="", comment="what a yes would do, as JSON"),
    Column("announcement_id", UUID(as_uuid=False)),
    Column("agent_took_part", Boolean, nullable=False, server_default="false"),
    Column("slack_key", Text, unique=True, comment="team/channel/thread_ts#partner of a Slack thread"),
    at("opened_at", default=True),
    Index("ix_threads_partner", "partner_id"),
)

reply_keys = Table(
    "reply_keys",
    metadata,
    Column("key", Text, primary_key=True, comment="32 hex digits; finds a thread and proves nobody"),
    Column("thread_id", UUID(as_uuid=False), ForeignKey("threads.id", ondelete="CASCADE"), nullable=False),
    Column("address", Text, nullable=False),
    UniqueConstraint("thread_id", "address"),
)

thread_messages = Table(
    "thread_messages",
    metadata,
    Column("message_id", Text, primary_key=True),
    Column("thread_id", UUID(as_uuid=False), ForeignKey("threads.id", ondelete="CASCADE"), primary_key=True),
)

mirror = Table(
    "mirror",
    metadata,
    Column("kind", Text, primary_key=True, comment="partner, contact, deal, payment, lead or milestone"),
    Column("id", Text, primary_key=True),
    Column("partner_id", Text, nullable=False),
    Column(
        "key", Text, nullable=False, server_default="", comment="a contact's address, a deal's number, a partner's name"
    ),
    Column("doc", JSONB, nullable=False),
    at("as_of", default=True),
    Index("ix_mirror_partner", "partner_id", "kind"),
    Index("ix_mirror_key", "kind", "key"),
    Index("ix_mirror_slack_user", text("(doc ->> 'slack_user_id')"), postgresql_where=text("kind = 'contact'")),
    Index(
        "ix_mirror_others",
        text("(doc -> 'others')"),
        postgresql_using="gin",
        postgresql_where=text("kind = 'deal'"),
    ),
)

partner_versions = Table(
    "partner_versions",
    metadata,
    Column("partner_id", Text, primary_key=True),
    Column("version", BigInteger, nullable=False, server_default="0"),
)

registrations = Table(
    "registrations",
    metadata,
    Column("number", Text, primary_key=True),
    Column("partner_id", Text, nullable=False),
    Column("contact_id", Text),
    Column("state", Text, nullable=False),
    Column("customer", Text, nullable=False),
    Column("customer_domain", Text, nullable=False),
    Column("decide_by", Date),
    Column("thread_id", UUID(as_uuid=False)),
    Column("inbox_id", UUID(as_uuid=False)),
    Column("doc", JSONB, nullable=False),
    at("changed_at", default=True),
    Index("ix_registrations_partner", "partner_id", "state"),
    Index("ix_registrations_state", "state", "decide_by"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", UUID(as_uuid=False), primary_key=True),
    Column("seq", BigInteger, Identity(), nullable=False),
    Column("key", Text, nullable=False, unique=True, comment="deterministic: the same effect is written once"),
    Column("destination", Text, nullable=False, comment="mail, slack or crm"),
    Column("kind", Text, nullable=False),
    Column("priority", Integer, nullable=False, server_default="0", comment="0 replies, 10 bulk"),
    Column("state", Text, nullable=False, server_default="pending", comment="pending, sent, kept, refused or unknown"),
    Column("payload", JSONB, nullable=False),
    Column("raw", LargeBinary),
    Column("partner_id", Text),
    Column("inbox_id", UUID(as_uuid=False)),
    Column("thread_id", UUID(as_uuid=False)),
    Column("ordering", Text, nullable=False, server_default="", comment="rows of one ordering keep their order"),
    Column("attempts", Integer, nullable=False, server_default="0", comment="that ended; being sent away is none"),
    Column("unsure", Integer, nullable=False, server_default="0", comment="attempts begun whose end nobody knows"),
    at("first_tried_at"),
    at("not_before"),
    Column("error", Text, nullable=False, server_default=""),
    Column("remote_id", Text, nullable=False, server_default=""),
    at("created_at", default=True),
    at("sent_at"),
    Column("announcement_id", UUID(as_uuid=False), comment="the announcement that it is a copy of"),
    Index("ix_outbox_announcement", "announcement_id", "state", postgresql_where=text("announcement_id is not null")),
    Index("ix_outbox_due", "destination", "priority", "seq", postgresql_where=text("state = 'pending'")),
    Index(
        "ix_outbox_bulk",
        "destination",
        text("coalesce(not_before, '-infinity'::timestamptz)"),
        "seq",
        postgresql_where=text("state = 'pending' and priority = 10"),
    ),
    Index(
        "ix_outbox_decided",
        "priority",
        "seq",
        postgresql_where=text(
            "state = 'pending' and destination = 'crm' and kind <> 'log_interaction' and kind <> 'log_again'"
        ),
    ),
    Index(
        "ix_outbox_timeline",
        "priority",
        "seq",
        postgresql_where=text("state = 'pending' and destination = 'crm' and kind = 'log_interaction'"),
    ),
    Index(
        "ix_outbox_ordering",
        "destination",
        "ordering",
        "priority",
        "seq",
        postgresql_where=text("state = 'pending'"),
    ),
    Index("ix_outbox_sent", "destination", "ordering", "sent_at", postgresql_where=text("destination = 'slack'")),
    Index("ix_outbox_answered", "destination", "ordering", "created_at", postgresql_where=text("kind = 'reply'")),
    Index(
        "ix_outbox_answered_domain",
        text("split_part(ordering, '@', 2)"),
        "created_at",
        postgresql_where=text("kind = 'reply' and destination = 'mail'"),
    ),
    Index("ix_outbox_thread", "thread_id"),
    Index("ix_outbox_state", "destination", "state"),
)

parked = Table(
    "parked",
    metadata,
    Column("dependency", Text, primary_key=True),
    at("since", default=True),
    at("until"),
    Column("failures", Integer, nullable=False, server_default="1"),
    Column("reason", Text, nullable=False, server_default=""),
)

tasks = Table(
    "tasks",
    metadata,
    Column("id", UUID(as_uuid=False), primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    at("opened_at", default=True),
    Column("partner_id", Text),
    Column("contact_id", Text),
    Column("inbox_id", UUID(as_uuid=False)),
    Column("kind", Text, nullable=False, comment="an intent, held, shunted, refused_delivery or notice"),
    Column("summary", Text, nullable=False),
    Column("deal_number", Text, nullable=False, server_default=""),
    Column("manager_email", Text, nullable=False, server_default=""),
    at("closed_at"),
    Column("closed_by", Text, nullable=False, server_default=""),
    Index("ix_tasks_open", "manager_email", "opened_at", postgresql_where=text("closed_at is null")),
)

ledger = Table(
    "ledger",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    at("at", default=True),
    Column("kind", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("partner_id", Text),
    Column("inbox_id", UUID(as_uuid=False)),
    Column("body", JSONB, nullable=False, comment="erasable; the chain covers the digests only"),
    Column("salts", JSONB, nullable=False),
    Column("digests", JSONB, nullable=False),
    Column("chain", Text, comment="hash over the previous row's chain and this row; null until sealed"),
    Column("position", BigInteger, unique=True, comment="place in the chain; null until sealed"),
    Index("ix_ledger_inbox", "inbox_id"),
    Index("ix_ledger_partner", "partner_id", "id", postgresql_where=text("partner_id is not null")),
    Index("ix_ledger_unsealed", "id", postgresql_where=text("position is null")),
)

forgotten = Table(
    "forgotten",
    metadata,
    Column("contact_id", Text, primary_key=True, comment="not taken from the CRM again until a person opens it anew"),
    Column("by", Text, nullable=False),
    at("at", default=True),
)

ticks = Table(
    "ticks",
    metadata,
    Column("name", Text, primary_key=True),
    Column("tick", Text, primary_key=True),
    at("at", default=True),
)

instance = Table(
    "instance",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
