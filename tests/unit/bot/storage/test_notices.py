"""Whom a decision is told: the thread, the contact, the main contact, as all of them stand when it is decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from bot.storage import inbox, mirror, slack_channels, threads
from bot.storage.codec import to_doc
from bot.storage.database import Database
from bot.storage.inbox import Arrival, Inbox, InboxState
from bot.storage.notices import put_notice
from bot.storage.outbox import Outgoing
from bot.storage.queue import Queue
from bot.storage.slack_channels import SlackChannel
from bot.vocabulary.documents import PDF, Document, from_payload
from bot.vocabulary.message import Message, ReplyAddress, Sender
from bot.vocabulary.reply import Reply
from crm.records import Channel, Contact, ContactRight
from tests.builders import NOW, contact, partner

SARA = contact(main=False)
MAIN = contact(id="c-2", name="Mia Main", email="mia@brightpath.example", main=True)
BY_MAIL = ReplyAddress("sara@brightpath.example", "Re: Vega", "<1@x>", ("<1@x>",))
IN_SLACK = ReplyAddress(slack_channel="C1", slack_thread_ts="1.0")
MAPPED = SlackChannel("T0", "C1", "ext", "p-1", "T1")


class House:
    def __init__(self, storage: Database, queue: Queue) -> None:
        self.storage = storage
        self.queue = queue
        self.thread = ""

    async def has(self, *people: Contact, channel: SlackChannel | None = None) -> None:
        async with self.storage.begin() as connection:
            await mirror.store(connection, [partner(), *people])
            if channel is not None:
                await slack_channels.save(connection, channel)

    async def wrote(self, way: ReplyAddress) -> None:
        """A proven message of the partner that would be answered that way."""
        channel = Channel.SLACK if way.slack_channel else Channel.EMAIL
        arrival = Arrival(channel, b"raw", {}, NOW, lock="a")
        await Inbox(self.storage, self.queue).accept([arrival])
        message = Message(arrival.id, channel, "<1@x>", NOW, Sender(proof="dmarc"), "Vega", "text", reply_to=way)
        async with self.storage.begin() as connection:
            self.thread = await threads.open_thread(connection, channel, "Vega", partner_id="p-1")
            await inbox.mark(
                connection, arrival.id, InboxState.HANDLED, message=to_doc(message), thread_id=self.thread,
                trust="proven",
            )  # fmt: skip

    async def decides(self, may: Callable[[Contact], bool] | None = None) -> Outgoing | None:
        async with self.storage.begin() as connection:
            return await put_notice(
                connection, "decision:D-2001", partner(), SARA, thread_id=self.thread or None, subject="Vega - D-2001",
                mail_domain="lumora.example",
                words=lambda _, reader: Reply(f"Dear {reader.name if reader else 'all'}", "en"), may=may,
            )  # fmt: skip

    async def told(self) -> dict[str, Any]:
        sent = await self.decides()
        assert sent is not None
        return sent.payload

    async def tasks(self) -> list[str]:
        async with self.storage.begin() as connection:
            return list(await connection.scalars(text("select summary from tasks")))


@pytest.fixture
def house(storage: Database, queue: Queue) -> House:
    return House(storage, queue)


async def test_it_stands_in_the_thread_of_the_one_who_wrote(house: House) -> None:
    await house.has(SARA, MAIN)
    await house.wrote(BY_MAIL)
    told = await house.told()
    assert (told["to"], told["in_reply_to"], told["text"]) == (SARA.email, "<1@x>", "Dear Sara Lind")


async def test_whoever_left_the_partner_is_not_told(house: House) -> None:
    await house.has(replace(SARA, active=False), MAIN)
    await house.wrote(BY_MAIL)
    told = await house.told()
    assert (told["to"], told["in_reply_to"], told["text"]) == (MAIN.email, "", "Dear Mia Main")


async def test_whoever_went_to_another_partner_is_not_told(house: House) -> None:
    await house.has(replace(SARA, partner_id="p-2"), MAIN)
    await house.wrote(BY_MAIL)
    assert (await house.told())["to"] == MAIN.email


async def test_an_address_that_is_no_contacts_gives_way_to_the_contact_who_registered(house: House) -> None:
    await house.has(SARA, MAIN)
    await house.wrote(replace(BY_MAIL, to="deals@brightpath.example"))
    assert (await house.told())["to"] == SARA.email


async def test_a_channel_that_is_still_the_partners_is_told_in_its_thread(house: House) -> None:
    await house.has(SARA, channel=MAPPED)
    await house.wrote(IN_SLACK)
    told = await house.told()
    assert (told["channel"], told["thread_ts"]) == ("C1", "1.0")


@pytest.mark.parametrize("channel", [None, replace(MAPPED, partner_id="p-2")])
async def test_a_channel_that_is_the_partners_no_more_gives_way_to_a_mail(
    house: House, channel: SlackChannel | None
) -> None:
    await house.has(SARA, channel=channel)
    await house.wrote(IN_SLACK)
    sent = await house.decides()
    assert sent is not None
    assert sent.payload["to"] == SARA.email
    assert sent.thread_id != house.thread


async def test_a_channel_that_outsiders_read_gives_way_to_a_mail(house: House) -> None:
    await house.has(SARA, channel=MAPPED)
    await house.wrote(replace(IN_SLACK, outsiders=True))
    assert (await house.told())["to"] == SARA.email


async def test_where_nobody_is_left_the_manager_has_a_task(house: House) -> None:
    await house.has(replace(SARA, active=False))
    await house.wrote(BY_MAIL)
    assert await house.decides() is None
    assert await house.tasks() == ["nobody at Brightpath could be told: Vega - D-2001"]


async def test_who_may_not_know_is_not_told_though_he_wrote_last_in_the_thread(house: House) -> None:
    await house.has(replace(SARA, rights=(ContactRight.REGISTER,)), MAIN)
    await house.wrote(BY_MAIL)
    sent = await house.decides(may=lambda reader: reader.may(ContactRight.SEE_COMMISSION))
    assert sent is not None
    assert (sent.payload["to"], sent.payload["text"]) == (MAIN.email, "Dear Mia Main")


async def test_what_not_everybody_may_know_is_posted_only_while_nobody_else_reads_the_channel(house: House) -> None:
    await house.has(SARA, channel=MAPPED)
    await house.wrote(IN_SLACK)
    sent = await house.decides(may=lambda _: True)
    assert sent is not None
    assert sent.payload["only_team"] == "T1"


PAPER = Document("S-2026-10.pdf", PDF, 9, "ab" * 32, "page/ab")


async def notice_with_paper(house: House) -> dict[str, Any]:
    async with house.storage.begin() as connection:
        sent = await put_notice(
            connection, "paper", partner(), SARA, thread_id=house.thread or None, subject="Paper",
            mail_domain="lumora.example", words=lambda *_: Reply("Here it is.", "en"), documents=[PAPER],
        )  # fmt: skip
    assert sent is not None
    return sent.payload


async def test_documents_go_with_a_notice_by_mail(house: House) -> None:
    await house.has(SARA, MAIN)
    await house.wrote(BY_MAIL)
    assert from_payload((await notice_with_paper(house))["documents"]) == (PAPER,)


async def test_documents_do_not_go_to_slack(house: House) -> None:
    await house.has(SARA, MAIN, channel=MAPPED)
    await house.wrote(IN_SLACK)
    assert "documents" not in await notice_with_paper(house)
