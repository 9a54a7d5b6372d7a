"""Who left or was forgotten is reached by nothing that was planned before, and nobody's answer counts for another."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.announcements.following_up.reminding import Reminding
from bot.desk.due import DueDesk
from bot.storage import documents, emptying, opting_out, outbox, slack_channels
from bot.storage.announcement_tables import announcement_recipients, announcements
from bot.storage.announcing import given_answers
from bot.storage.announcing.given_answers import Answer
from bot.storage.announcing.pace import Pace
from bot.storage.database import Database
from bot.storage.documents import StoredDocuments
from bot.storage.opting_out import Proof
from bot.storage.outbox import Destination, Outgoing
from bot.storage.queue import Queue
from bot.storage.recipients_wishes import RecipientsWishes
from bot.storage.slack_channels import SlackChannel
from bot.storage.tables import outbox as outbox_table
from bot.storage.tables import threads
from bot.storage.traces import Traces
from bot.vocabulary.announcing import Announcement, AnnouncementState, AnnouncementText, Preview, Route
from bot.vocabulary.decisions import RecordAnswer
from bot.vocabulary.identity import Identity, Trust
from bot.vocabulary.message import Message, Sender
from bot.vocabulary.results import NotDone
from crm.records import Channel, Contact
from tests.builders import contact, partner
from tests.unit.bot.announcements.house import PRICES, House, furnished
from tests.unit.bot.storage.conftest import queue, storage

__all__ = ["queue", "storage"]

ADA = contact(id="c-1", partner_id="p-1", name="Ada Byron", email="ada@one.example")
TWIN = replace(ADA, id="c-9", partner_id="p-2")
"""The same mailbox at another partner."""
NAMED = replace(PRICES, texts=(AnnouncementText("en", "Prices for {name}", "Dear {name}, new prices."),))
IN_SLACK = replace(PRICES, route=Route.SLACK)


@pytest.fixture
async def house(storage: Database, queue: Queue) -> House:
    return await furnished(storage, queue)


async def out(house: House, who: Contact) -> None:
    async with house.storage.begin() as connection:
        await opting_out.opt_out(connection, who.id, Proof("link:abcd", "link", house.now), None)


async def reminded(house: House, announcement_id: str) -> list[str]:
    """Where a reminder that is ordered three days later goes."""
    house.later(days=3)
    desk = Reminding(house.storage, house.queue, house.program, lambda: house.now, "vendor.example", Pace(60))
    await desk.remind(house.by, announcement_id)
    await DueDesk(house.storage, house.queue, lambda: house.now, desk.handlers, desk.plan)()
    query = select(outbox_table.c.ordering).where(
        outbox_table.c.key.startswith("announcement_reminder:"), outbox_table.c.destination != "crm"
    )
    async with house.storage.reading() as connection:
        return sorted(await connection.scalars(query))


async def through(house: House, composed: Any) -> Announcement:
    made = await house.sent(composed)
    async with house.storage.begin() as connection:
        every = await connection.scalars(select(outbox_table.c.id).where(outbox_table.c.destination != "crm"))
        await outbox.settle_many(connection, [(one, "17.1") for one in every], outbox.OutboxState.SENT)
    await house.spreading(made.id)
    assert await house.state(made.id) is AnnouncementState.SENT
    return made


async def test_a_mailbox_that_left_at_another_partner_is_not_reminded(house: House) -> None:
    made = await through(house, PRICES)
    await house.store(TWIN)
    await out(house, TWIN)
    assert await reminded(house, made.id) == ["bo@two.example"]


async def test_whoever_may_not_see_deals_any_more_is_not_told_of_them_again(house: House) -> None:
    counted = replace(PRICES, texts=(AnnouncementText("en", "Prices", "You have {open_deals} open deals."),))
    made = await through(house, counted)
    bo = contact(id="c-2", partner_id="p-2", name="Bo Klein", email="bo@two.example", main=False)
    await house.store(replace(ADA, main=False, rights=()), bo)
    assert await reminded(house, made.id) == ["bo@two.example"]


async def test_a_mailbox_that_leaves_at_one_partner_gets_nothing_that_waits_for_it_at_another(house: House) -> None:
    await house.store(TWIN)
    await house.sent(PRICES)
    async with house.storage.begin() as connection:
        digest = Outgoing("partner_digest:2026-12:c-1", Destination.MAIL, "digest", {"to": ADA.email}, ADA.email)
        reply = Outgoing("reply:1", Destination.MAIL, "reply", {"to": ADA.email}, ADA.email)
        await outbox.put(connection, [digest, reply])
    await out(house, TWIN)
    query = select(outbox_table.c.key, outbox_table.c.state).where(outbox_table.c.ordering == ADA.email)
    async with house.storage.reading() as connection:
        states = {key.partition(":")[0]: state for key, state in (await connection.execute(query)).all()}
    assert states == {"announcement": "cancelled", "partner_digest": "cancelled", "reply": "pending"}


@pytest.mark.parametrize("change", [{"opted_out": True}, {"active": False}, {"partner_id": "p-2"}], ids=str)
async def test_a_channel_in_which_nobody_is_left_to_read_it_is_not_reminded(
    house: House, change: dict[str, Any]
) -> None:
    await house.map_channel()
    made = await through(house, IN_SLACK)
    await house.store(replace(ADA, **change))
    assert "C-1" not in await reminded(house, made.id)


async def test_a_channel_in_which_somebody_is_left_to_read_it_is_reminded(house: House) -> None:
    await house.map_channel()
    made = await through(house, IN_SLACK)
    assert "C-1" in await reminded(house, made.id)


@pytest.mark.parametrize(
    "change", [{"partner_id": "p-2"}, {"partner_id": ""}, {"paused": "shared with others"}], ids=str
)
async def test_a_channel_that_changed_hands_before_the_post_gets_none(house: House, change: dict[str, Any]) -> None:
    await house.map_channel()
    made = await house.confirmed(IN_SLACK)
    async with house.storage.begin() as connection:
        changed = SlackChannel("T-vendor", "C-1", "ext-p-1", "p-1", "T-theirs")
        await slack_channels.save(connection, replace(changed, **change))
    await house.work(made.id)
    assert [row.payload["channel"] for row in await house.rows("slack") if "One" in str(row.payload)] == []


async def test_whoever_is_forgotten_stands_in_no_thread_and_in_no_answer_of_it(house: House) -> None:
    made = await house.sent(NAMED)
    async with house.storage.begin() as connection:
        answer = Answer(made.id, "slack:U0ADA", "p-1", Channel.SLACK, house.now, "yes")
        await given_answers.record(connection, answer)
        await given_answers.record(connection, replace(answer, contact_id="slack:U0BO"))
        traces = Traces("c-1", "p-1", frozenset({ADA.email}), frozenset({ADA.name}), slack_users=frozenset({"U0ADA"}))
        await emptying.empty(connection, traces)
    async with house.storage.reading() as connection:
        subjects = sorted(await connection.scalars(select(threads.c.subject)))
        kept = " ".join(str(row) for row in await connection.execute(select(announcement_recipients)))
        payloads = str(list(await connection.scalars(select(outbox_table.c.payload))))
    assert subjects == ["", "Prices for Bo Klein"]
    assert "slack:U0BO" in kept
    for trace in ("U0ADA", "ada@one.example", "Ada"):
        assert trace not in kept + payloads


async def test_whoever_is_forgotten_before_his_copy_is_written_gets_none(house: House) -> None:
    made = await house.confirmed()
    async with house.storage.begin() as connection:
        await emptying.empty(connection, Traces("c-1", "p-1", frozenset({ADA.email})))
    await house.work(made.id)
    assert await house.mailed() == ["bo@two.example"]


ONE = partner(id="p-1", name="One")
HERS = RecordAnswer("", "c-1", "yes", None, None)
UNKNOWN = replace(HERS, contact_id="")


def manager(house: House) -> Any:
    return house.program.managers[0]


@pytest.mark.parametrize(
    ("about", "given", "counted"),
    [
        ({"trust": Trust.PROVEN, "partner": ONE, "contact": ADA}, HERS, 1),
        ({"trust": Trust.PROVEN, "partner": ONE}, UNKNOWN, 1),
        ({"trust": Trust.PROVEN, "partner": ONE, "manager": manager}, UNKNOWN, 0),
        ({"trust": Trust.PROVEN, "manager": manager}, UNKNOWN, 0),
        ({"trust": Trust.CLAIMED, "partner": ONE, "contact": ADA}, HERS, 0),
        ({"trust": Trust.UNKNOWN, "partner": ONE}, UNKNOWN, 0),
        ({"trust": Trust.UNKNOWN}, UNKNOWN, 0),
    ],
    ids=["a contact", "somebody of the partner's", "a manager there", "a manager", "claimed", "paused", "a guest"],
)
async def test_nobody_but_the_partners_own_people_answers_for_the_partner(
    house: House, about: dict[str, Any], given: RecordAnswer, counted: int
) -> None:
    made = await house.draft()
    told = {name: value(house) if callable(value) else value for name, value in about.items()}
    sender = Sender(slack_team="T-theirs", slack_user="U0X", slack_channel="C-1", proof="slack")
    message = Message(str(uuid4()), Channel.SLACK, "17.1", house.now, sender, "", "yes")
    async with house.storage.begin() as connection:
        await _came(connection, message)
        wishes = RecipientsWishes(connection, message, Identity(**told), made.id)
        await wishes.record_answer(replace(given, announcement_id=made.id))
        rows = (await connection.execute(select(announcement_recipients.c.answer))).all()
    assert [row.answer for row in rows] == ["yes"] * counted


async def _came(connection: AsyncConnection, message: Message) -> None:
    """Kept in the inbox, as every message is before it is read."""
    put = (
        "insert into inbox (id, channel, dedupe_key, message_id, envelope, raw, reference)"
        " values (:id, 'slack', '17.1', '17.1', '{}', '', 'M-1')"
    )
    await connection.execute(text(put), {"id": message.inbox_id})


async def test_two_managers_and_a_stale_count_send_once_and_only_what_was_counted(house: House) -> None:
    made = await house.draft()
    stale = await house.desk.confirm(house.by, made.id, 3)
    assert isinstance(stale, Preview)
    by = [house.by, house.other] * 3
    done = await asyncio.gather(*(house.desk.confirm(one, made.id, 2) for one in by))
    assert {type(one) for one in done} == {Announcement}
    await house.work(made.id)
    await house.work(made.id)
    assert await house.mailed() == ["ada@one.example", "bo@two.example"]


@pytest.mark.parametrize("guessed", ["", "1", "../1", "' or 1=1 --", "0" * 32, "\x00", "ｕ"], ids=repr)
async def test_an_id_that_is_guessed_is_of_no_announcement(house: House, guessed: str) -> None:
    desk = house.desk
    assert await desk.find(guessed) is None
    assert await desk.progress(guessed) is None
    for act in (desk.pause, desk.resume, desk.cancel):
        assert isinstance(await act(house.by, guessed), NotDone)
    assert isinstance(await desk.confirm(house.by, guessed, 2), NotDone)


@pytest.mark.parametrize(
    "by", ["", "eve@evil.example", "ada@one.example", "{by}.evil.example", "Noor <{by}>", "ｎ{by}"]
)
async def test_nobody_but_a_manager_who_announces_does_anything_with_one(house: House, by: str) -> None:
    made, desk, name = await house.draft(), house.desk, by.format(by=house.by)
    done = [
        await desk.keep(name, PRICES, made.id), await desk.preview(name, PRICES), await desk.test(name, PRICES),
        await desk.confirm(name, made.id, 2), await desk.cancel(name, made.id), await desk.pause(name, made.id),
    ]  # fmt: skip
    assert all(isinstance(one, NotDone) for one in done)
    assert not any("ada@one.example" in str(one) for one in done if by != "ada@one.example")
    async with house.storage.reading() as connection:
        assert list(await connection.scalars(select(announcements.c.state))) == ["draft"]


@pytest.mark.parametrize(
    ("address", "also"),
    [("eve@one.example", []), ("ADA@one.example", ["ada@one.example"])],
    ids=["another", "the same"],
)
async def test_a_record_that_is_given_to_somebody_else_brings_him_no_words_that_were_for_the_first(
    house: House, address: str, also: list[str]
) -> None:
    made = await through(house, NAMED)
    await house.store(replace(ADA, name="Eve Evil", email=address))
    assert await reminded(house, made.id) == [*also, "bo@two.example"]


OTHERWISE = replace(PRICES, texts=(AnnouncementText("en", "Prices", "Send your passwords."),))


async def test_who_confirms_sends_what_he_looked_at_and_not_what_was_written_meanwhile(house: House) -> None:
    made = await house.draft()
    changed = await house.desk.keep(house.other, OTHERWISE, made.id)
    assert isinstance(changed, Announcement)
    assert isinstance(await house.desk.confirm(house.by, made.id, 2, made.composed.version), NotDone)
    assert await house.state(made.id) is AnnouncementState.DRAFT
    assert isinstance(await house.desk.confirm(house.by, made.id, 2, changed.composed.version), Announcement)


async def test_changed_and_confirmed_in_the_same_moment_nothing_unseen_goes(house: House) -> None:
    made, desk = await house.draft(), house.desk
    await asyncio.gather(
        desk.keep(house.other, OTHERWISE, made.id), desk.confirm(house.by, made.id, 2, made.composed.version)
    )
    await house.work(made.id)
    assert not [row for row in await house.rows() if "passwords" in row.payload["text"]]


async def test_a_file_that_was_kept_for_one_partner_or_under_another_size_is_attached_to_nothing(house: House) -> None:
    async with house.storage.begin() as connection:
        own = await documents.keep_file(connection, "prices.pdf", "application/pdf", b"%PDF-1.7 prices")
        statement, put = str(uuid4()), "insert into statement_files values (:id, 1, 'pdf', :sha, 's.pdf', :content)"
        await connection.execute(text("set local session_replication_role = replica"))
        await connection.execute(text(put), {"id": statement, "sha": own.sha256, "content": b"%PDF-1.7 prices"})
    for_one = replace(own, kept=f"statement/{statement}/1/pdf")
    assert await StoredDocuments(house.storage).load(for_one) == b"%PDF-1.7 prices"
    for made_up in (for_one, replace(own, size=1), replace(own, kept="page/" + "0" * 64)):
        composed = replace(PRICES, documents=(made_up,))
        for act in (house.desk.keep, house.desk.preview, house.desk.test):
            assert isinstance(await act(house.by, composed), NotDone)
    assert isinstance(await house.desk.keep(house.by, replace(PRICES, documents=(own,))), Announcement)
