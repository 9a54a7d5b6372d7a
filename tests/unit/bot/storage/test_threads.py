"""Threads: found by key, Message-ID or Slack thread, never by the subject; keys drawn once for each person."""

from __future__ import annotations

import asyncio

from bot.storage import threads
from bot.storage.database import Database
from bot.vocabulary.message import ThreadKind
from crm.records import Channel


async def opened(storage: Database, subject: str = "Hello", *, slack_key: str | None = None) -> str:
    async with storage.begin() as connection:
        return await threads.open_thread(
            connection, Channel.EMAIL, subject, partner_id="p-1", slack_key=slack_key
        )  # fmt: skip


async def test_a_thread_is_found_by_the_message_ids_a_mail_refers_to(storage: Database) -> None:
    first, second = await opened(storage), await opened(storage)
    async with storage.begin() as connection:
        await threads.join(connection, first, "<1@x>")
        await threads.join(connection, first, "<1@x>")
        await threads.join(connection, second, "<2@x>")
        await threads.join(connection, second, "")
        found = await threads.find(connection, "p-1", message_ids=["<0@x>", "<1@x>"])
        nothing = await threads.find(connection, "p-1", message_ids=["<3@x>", ""])
        no_sign = await threads.find(connection, "p-1")
    assert found is not None
    assert (found.context.id, nothing, no_sign) == (first, None, None)


async def test_of_a_thousand_references_only_the_ends_are_looked_at(storage: Database) -> None:
    thread = await opened(storage)
    async with storage.begin() as connection:
        await threads.join(connection, thread, "<500@x>")
        references = [f"<{number}@x>" for number in range(1_000)]
        assert await threads.find(connection, "p-1", message_ids=references) is None
        assert await threads.find(connection, "p-1", message_ids=references[495:]) is not None


async def test_a_person_has_one_key_in_a_thread(storage: Database) -> None:
    thread = await opened(storage)

    async def key(address: str) -> str:
        async with storage.begin() as connection:
            return await threads.reply_key(connection, thread, address)

    keys = await asyncio.gather(*(key(address) for address in ("a@x.example", "a@x.example", "b@x.example")))
    assert keys[0] == keys[1] != keys[2]
    async with storage.begin() as connection:
        found = await threads.find(connection, "p-1", reply_key=keys[0], message_ids=["<unknown@x>"])
        foreign = await threads.find(connection, "p-1", reply_key="0" * 32)
    assert found is not None
    assert (found.context.id, foreign) == (thread, None)


async def test_a_slack_thread_is_opened_once_however_many_ask(storage: Database) -> None:
    key = threads.slack_key("T1/C1/1.0", "p-1")
    made = await asyncio.gather(*(opened(storage, slack_key=key) for _ in range(5)))
    assert len(set(made)) == 1
    async with storage.begin() as connection:
        found = await threads.find(connection, "p-1", slack_place="T1/C1/1.0")
        stranger = await threads.find(connection, None, slack_place="T1/C1/1.0")
    assert found is not None
    assert (found.context.id, stranger) == (made[0], None)


async def test_a_key_or_an_id_finds_nothing_for_another_partner(storage: Database) -> None:
    thread = await opened(storage)
    async with storage.begin() as connection:
        await threads.join(connection, thread, "<1@x>")
        key = await threads.reply_key(connection, thread, "a@x.example")
        for partner_id in ("p-2", None):
            assert await threads.find(connection, partner_id, reply_key=key, message_ids=["<1@x>"]) is None


async def test_somebody_elses_thread_with_the_same_id_does_not_hide_the_own_one(storage: Database) -> None:
    own = await opened(storage)
    async with storage.begin() as connection:
        await threads.join(connection, own, "<1@x>")
        foreign = await threads.open_thread(connection, Channel.EMAIL, "Hello", partner_id="p-2")
        await threads.join(connection, foreign, "<1@x>")
        found = await threads.find(connection, "p-1", message_ids=["<1@x>"])
    assert found is not None
    assert found.context.id == own


async def test_what_was_asked_is_remembered(storage: Database) -> None:
    thread = await opened(storage, "x" * 5_000)
    async with storage.begin() as connection:
        await threads.remember(
            connection, thread, kind="question", asked=["amount", "close_date"], subject_ref="D-1", agent_took_part=True
        )
        known = await threads.get(connection, thread)
    assert known is not None
    assert known.context.kind is ThreadKind.QUESTION
    assert known.context.asked == ("amount", "close_date")
    assert (known.context.subject_ref, known.context.agent_took_part, known.partner_id) == ("D-1", True, "p-1")
