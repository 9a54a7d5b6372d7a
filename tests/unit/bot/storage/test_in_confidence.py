"""Figures for the asker alone: a way that is closed is followed by the next one, each once, and none of them leaks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from bot.storage import mirror, outbox, slack_channels, tables, threads
from bot.storage.answers import REPLY, put_answer
from bot.storage.database import Database
from bot.storage.in_confidence import CONFIDED, Confided, confide, otherwise
from bot.storage.outbox import Due, Outgoing
from bot.storage.slack_channels import Paused, SlackChannel
from bot.vocabulary.layout import Paragraph, Quotation
from bot.vocabulary.message import ReplyAddress
from bot.vocabulary.reply import InConfidence, Reply
from crm.records import Channel, Contact
from tests.builders import contact, partner

SARA = contact()
ASKED = ReplyAddress(slack_channel="C0BRIGHT", slack_thread_ts="1.000001", slack_user="U0SARA", slack_team="T0BRIGHT")
FIGURES = "Your commission is 1,234.00 EUR."


def reply(text: str) -> Reply:
    return Reply(text, "en", (Paragraph(text), Quotation("as the plan says")))


SAID = InConfidence(
    reply(FIGURES), reply(f"Dear Sara, {FIGURES}"), "Your message", reply("directly"), reply("mailed"),
    reply("colleague"),
)  # fmt: skip


class Ways:
    def __init__(self, storage: Database) -> None:
        self.storage = storage
        self.thread = ""

    async def open(self, *people: Contact) -> None:
        async with self.storage.begin() as connection:
            await mirror.store(connection, [partner(), *people])
            await slack_channels.save(connection, SlackChannel("T0", "C0BRIGHT", "ext", "p-1", "T0BRIGHT"))
            self.thread = await threads.open_thread(connection, Channel.SLACK, "x", partner_id="p-1")

    def confided(self, **changes: Any) -> Confided:
        made = Confided("reply:1", ASKED, SAID, "p-1", "c-1", self.thread, None, "lumora.example", "please send them")
        return replace(made, **changes)

    async def public(self, confided: Confided) -> Outgoing:
        """The answer in the thread, as long as the partner alone reads there."""
        async with self.storage.begin() as connection:
            return await put_answer(
                connection, "reply:1", REPLY, ASKED, reply(FIGURES), mail_domain="lumora.example",
                thread_id=self.thread, partner_id="p-1", only_team="T0BRIGHT", with_post=confided.with_post,
            )  # fmt: skip

    async def refused(self, row: Outgoing) -> bool:
        async with self.storage.begin() as connection:
            due = await outbox.find(connection, row.id)
            assert due is not None
            return await otherwise(connection, due)

    async def rows(self) -> list[Due]:
        async with self.storage.begin() as connection:
            ids = await connection.scalars(select(tables.outbox.c.id).order_by(tables.outbox.c.seq))
            return [due for one in ids if (due := await outbox.find(connection, one)) is not None]

    async def told(self) -> list[tuple[str, str]]:
        """(where, what) of everything but the first answer."""
        return [(r.payload.get("channel") or r.payload["to"], r.payload["text"]) for r in (await self.rows())[1:]]

    async def tasks(self) -> list[str]:
        async with self.storage.begin() as connection:
            return list(await connection.scalars(select(tables.tasks.c.summary)))


@pytest.fixture
def ways(storage: Database) -> Ways:
    return Ways(storage)


async def test_a_post_that_others_would_read_by_now_becomes_a_direct_message_once(ways: Ways) -> None:
    await ways.open(SARA)
    posted = await ways.public(ways.confided())
    for _ in range(3):
        assert await ways.refused(posted)
    assert await ways.told() == [("U0SARA", FIGURES), ("C0BRIGHT", "directly")]


async def test_a_direct_message_that_slack_refuses_becomes_a_mail_in_the_same_thread(ways: Ways) -> None:
    await ways.open(SARA)
    async with ways.storage.begin() as connection:
        direct = await confide(connection, ways.confided())
    assert await ways.refused(direct)
    assert await ways.told() == [(SARA.email, f"Dear Sara, {FIGURES}"), ("C0BRIGHT", "mailed")]
    mail = next(row for row in await ways.rows() if "to" in row.payload)
    assert mail.thread_id == ways.thread
    assert {"quotation": "as the plan says"} in mail.payload["layout"]


@pytest.mark.parametrize("known", [(), (contact(active=False),), (contact(email=""),), (contact(partner_id="p-9"),)])
async def test_without_an_address_on_file_a_colleague_has_to_send_it(ways: Ways, known: tuple[Contact, ...]) -> None:
    await ways.open(*known)
    async with ways.storage.begin() as connection:
        direct = await confide(connection, ways.confided())
    assert await ways.refused(direct)
    assert await ways.told() == [("C0BRIGHT", "colleague")]
    assert await ways.tasks() == [f"please send them: {FIGURES}"]


async def test_in_a_channel_that_is_paused_by_then_nothing_is_said_of_it(ways: Ways) -> None:
    await ways.open(SARA)
    posted = await ways.public(ways.confided())
    async with ways.storage.begin() as connection:
        await slack_channels.pause(connection, "C0BRIGHT", Paused.SECOND_PARTNER)
    assert await ways.refused(posted)
    assert await ways.told() == [("U0SARA", FIGURES)]


async def test_what_nobody_asked_for_goes_by_mail_and_the_channel_hears_nothing(ways: Ways) -> None:
    await ways.open(SARA)
    nothing = Reply("", "en")
    quiet = replace(SAID, directly=nothing, mailed=nothing, colleague=nothing)
    posted = await ways.public(ways.confided(said=quiet, to=replace(ASKED, slack_user="")))
    assert await ways.refused(posted)
    assert await ways.told() == [(SARA.email, f"Dear Sara, {FIGURES}")]


async def test_a_post_without_figures_has_no_other_way(ways: Ways) -> None:
    await ways.open(SARA)
    async with ways.storage.begin() as connection:
        plain = await put_answer(
            connection, "reply:2", REPLY, ASKED, reply("Hello"), mail_domain="lumora.example", thread_id=ways.thread,
            partner_id="p-1",
        )  # fmt: skip
    assert not await ways.refused(plain)


async def test_an_answer_to_the_direct_message_belongs_to_the_thread_it_was_asked_in(ways: Ways) -> None:
    await ways.open(SARA)
    async with ways.storage.begin() as connection:
        direct = await confide(connection, ways.confided())
        assert direct.kind == CONFIDED
        await outbox.settle(connection, direct.id, outbox.OutboxState.SENT, remote_id="7.000001")
        found = await threads.of_our_post(connection, "p-1", "T0/D0SARA/7.000001", "U0SARA")
        assert found is not None
        assert found.context.id == ways.thread
        for partner_id, writer in (("p-2", "U0SARA"), ("p-1", "U0OTHER"), (None, "U0SARA")):
            assert await threads.of_our_post(connection, partner_id, "T0/D0SARA/7.000001", writer) is None
