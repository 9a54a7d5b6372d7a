"""Whatever comes from outside can be kept: PostgreSQL takes no NUL and no lone surrogate, so none reaches it."""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.arrivals import Arrivals
from bot.bootstrap import now
from bot.storage.acceptor import Acceptor
from bot.storage.codec import from_doc, storable, to_doc
from bot.storage.database import Database
from bot.storage.inbox import Inbox
from bot.storage.postgres import Postgres
from bot.storage.queue import Queue
from bot.vocabulary.message import Attachment, Message, ReplyAddress, Sender
from crm.records import Channel
from mail_ingest.envelope import Envelope

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
TEXTS = st.text(st.characters() | st.sampled_from("\0\ud800\udfff\udcff"), max_size=12)  # surrogates too
MESSAGES = st.builds(
    Message,
    inbox_id=TEXTS,
    channel=st.sampled_from(Channel),
    message_id=TEXTS,
    received_at=st.just(NOW),
    sender=st.builds(Sender, address=TEXTS, name=TEXTS, slack_user=TEXTS, slack_channel=TEXTS),
    subject=TEXTS,
    text=TEXTS,
    cut_off=TEXTS,
    forwarded=TEXTS,
    attachments=st.lists(
        st.builds(Attachment, name=TEXTS, content_type=TEXTS, size=st.just(1), sha256=TEXTS), max_size=2
    ).map(tuple),
    reply_to=st.none() | st.builds(ReplyAddress, to=TEXTS, references=st.lists(TEXTS, max_size=2).map(tuple)),
)


def test_whatever_is_in_a_message_it_can_be_kept(database: str) -> None:
    with psycopg.connect(database.replace("+psycopg", "")) as connection:

        @settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
        @given(MESSAGES)
        def kept(message: Message) -> None:
            row = connection.execute("select %s::jsonb, %s::text", (Jsonb(to_doc(message)), storable(message.text)))
            doc, said = row.fetchone() or (None, None)
            assert from_doc(Message, doc) == storable(message)
            assert said == storable(message).text

        kept()


def test_only_what_cannot_be_kept_is_replaced() -> None:
    fine = Sender(name="Zoë 🙂", address="a@b.example")
    assert storable(fine) is fine
    assert storable({"a\0": ["\ud83d", ("x", 1, None, b"\0")]}) == {"a\ufffd": ["\ufffd", ("x", 1, None, b"\0")]}


@pytest.mark.parametrize("sender", ["a\0b@x.example", "\udce9l@x.example", "\ud800", "\0" * 300])
async def test_a_mail_is_taken_whatever_the_peer_says_of_its_sender(
    database: str, engine: AsyncEngine, sender: str
) -> None:
    postgres = Postgres(make_url(database), "a test's")
    store, queue = Database(postgres), Queue(postgres)
    await queue.open()
    try:
        arrivals = Arrivals(Acceptor(Inbox(store, queue).accept), store, now)
        await arrivals.mail(Envelope(sender, (sender,), sender, sender, b"raw \0 \xff", NOW))
    finally:
        await queue.aclose()
        await store.aclose()
    async with engine.begin() as connection:
        (envelope, raw) = (await connection.execute(text("select envelope, raw from inbox"))).one()
    assert envelope["mail_from"] == storable(sender)
    assert raw == b"raw \0 \xff"
