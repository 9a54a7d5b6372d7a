"""Whom the agent listens to in Slack, played with the whole agent: modes, threads, edits and deletions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import func, select

from bot.storage import mirror, slack_channels
from bot.storage.slack_channels import Mode, SlackChannel
from bot.storage.tables import inbox
from tests.scenarios.doors import Doors
from tests.scenarios.house import Came, House
from tests.scenarios.seats import Seat, take_seat

pytestmark = [pytest.mark.asyncio(loop_scope="session")]

TIER = "Which tier are we in?"
DEAL = "Please register a new deal: Corrib Foundry, corribfoundry.example, 40 seats of Lumora Core."


class Room:
    """A partner's channel with its people, and what the agent made of what they wrote."""

    def __init__(self, house: House, seat: Seat) -> None:
        self.house = house
        self.seat = seat
        self._doors = Doors(house)

    @property
    def channel(self) -> SlackChannel:
        return self.seat.channel

    async def says(self, text: str, *, to: str = "", mention: bool = False, quiet: bool = True) -> str:
        """ "channel:ts" of a post; `to` is the post whose thread it stands in."""
        user = self.seat.contacts[self.seat.main].slack_user_id
        key = await self._doors.slack(self.channel, user, text, thread_ts=to.partition(":")[2], mention=mention)
        if quiet:
            await self.house.quiet()
        return key

    async def vendor_says(self, text: str, *, to: str = "") -> str:
        """One of the vendor's people, in the partner's channel."""
        key = await self._doors.slack(
            self.channel, "U0NOOR", text, thread_ts=to.partition(":")[2], mention=False, team=self.channel.team_id
        )
        await self.house.quiet()
        return key

    async def edits(
        self, post: str, text: str, *, was: str = "", quiet: bool = True, user: str = "", team: str = ""
    ) -> None:
        await self._changes(post, "message_changed", was, text, user, team)
        if quiet:
            await self.house.quiet()

    async def deletes(self, post: str, was: str, *, quiet: bool = True) -> None:
        await self._changes(post, "message_deleted", was)
        if quiet:
            await self.house.quiet()

    async def read(self, post: str) -> None:
        """It is read, whether it is handled or not."""
        await self._until(post, {"read", "handled"})

    async def settled(self, post: str) -> None:
        await self._until(post, {"ignored", "handled"})

    async def _until(self, post: str, states: set[str]) -> None:
        for _ in range(1_000):
            if any(came.state in states for came in await self.house.came(post)):
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"{post} is none of {states} after twenty seconds")

    async def _changes(self, post: str, subtype: str, was: str, text: str = "", user: str = "", team: str = "") -> None:
        channel, _, ts = post.partition(":")
        user = user or self.seat.contacts[self.seat.main].slack_user_id
        written = {"type": "message", "user": user, "ts": ts, "team": team or self.channel.partner_team_id}
        event: dict[str, Any] = {
            "type": "message", "subtype": subtype, "channel": channel, "channel_type": "channel", "hidden": True,
            "ts": self._doors.new_ts(), "previous_message": {**written, "text": was},
        }  # fmt: skip
        if subtype == "message_changed":
            event["message"] = {**written, "text": text, "edited": {"user": user, "ts": self._doors.new_ts()}}
        else:
            event["deleted_ts"] = ts
        await self._doors.event(event)

    async def answer(self, post: str) -> str:
        """What was said to it; "" for nothing."""
        told = await self.house.answers((await self.house.one(post)).id)
        return told[0].text if told else ""

    async def changes(self, post: str) -> list[Came]:
        """The edits and the deletion of a post, in their order."""
        query = select(inbox.c.message_id).where(func.starts_with(inbox.c.message_id, f"{post}:"))
        async with self.house.app.database.begin() as connection:
            found = list(await connection.scalars(query.order_by(inbox.c.received_at)))
        return [await self.house.one(message_id) for message_id in found]

    async def answer_to(self, came: Came) -> str:
        told = await self.house.answers(came.id)
        return told[0].text if told else ""

    async def drafts(self) -> list[dict[str, Any]]:
        found = await self.house.registrations(self.seat.partner.id)
        return [registration for registration in found if registration["state"] == "draft"]


@pytest_asyncio.fixture(loop_scope="session")
async def room(house: House) -> AsyncIterator[Room]:
    yield Room(house, await take_seat(house, "quaywise"))


async def only_mentions(room: Room) -> None:
    async with room.house.app.database.begin() as connection:
        assert await slack_channels.set_mode(connection, room.channel.channel_id, Mode.MENTION)


async def test_in_mode_agent_business_needs_no_mention(room: Room) -> None:
    asked = await room.says(TIER)
    assert "Your tier is Registered." in await room.answer(asked)
    draft = await room.says(DEAL)
    assert "Corrib Foundry" in await room.answer(draft)
    assert len(await room.drafts()) == 1


async def test_in_mode_mention_it_does_until_the_thread_is_the_agents_own(room: Room) -> None:
    await only_mentions(room)
    asked = await room.says(TIER)
    assert await room.answer(asked) == ""
    assert (await room.house.one(asked)).outcome == "between_people"
    called = await room.says(TIER, mention=True)
    followed = await room.says("And what does the next tier take?", to=called)
    assert "Select" in await room.answer(followed)


TALK = (
    "Can we move Thursday's call to 3pm?",
    "<@U0SOMEBODY> which tier are we in?",
    "Hi Noor, which tier are we in?",
    "Noor, when is the October statement paid out?",
    "I'll register the Globex deal once the customer signs the NDA.",
    "👍",
    "Mittagessen um zwölf?",
)


async def test_talk_between_people_gets_no_answer(room: Room) -> None:
    said = [await room.says(text, quiet=False) for text in TALK]
    await room.house.quiet()
    for post in said:
        came = await room.house.one(post)
        assert (came.state, came.outcome) == ("handled", "between_people")
        assert await room.answer(post) == ""
    assert await room.house.timeline(room.seat.partner.id) == []


async def test_in_a_thread_of_people_only_a_mention_is_answered(room: Room) -> None:
    opened = await room.says("Morning all, quick one on our numbers")
    asked = await room.says(TIER, to=opened)
    assert await room.answer(asked) == ""
    called = await room.says(TIER, to=opened, mention=True)
    assert "Your tier is Registered." in await room.answer(called)
    followed = await room.says("And what does the next tier take?", to=opened)
    assert "Select" in await room.answer(followed)


async def test_where_a_colleague_of_the_vendor_joins_in_the_agent_keeps_out_of_it(room: Room) -> None:
    asked = await room.says(TIER)
    await room.vendor_says("Hi Aoife, let me explain that myself. Does Thursday suit you?", to=asked)
    assert await room.answer(await room.says("Yes, that works for us, thank you", to=asked)) == ""
    assert await room.answer(await room.says("Sounds good, we could also meet on Friday", to=asked)) == ""
    business = await room.says("When is the October statement paid out?", to=asked)
    assert await room.answer(business) != ""


async def test_called_into_a_thread_the_agent_registers_what_a_colleague_wrote_above_after_a_yes(room: Room) -> None:
    opened = await room.says(
        "We met Corrib Foundry (corribfoundry.example) today. Lumora Core, 40 seats, EUR 11,520 a year, "
        "sign by 2027-03-31. Contact there is Sinead Walsh, sinead@corribfoundry.example. Nice people!"
        " <@U0SOMEBODY> fyi"
    )
    await room.vendor_says("I think it is 900 seats and EUR 999,000, no?", to=opened)
    called = await room.says("can you register this please?", to=opened, mention=True)
    answer = await room.answer(called)
    assert "Corrib Foundry" in answer
    assert "11,520" in answer
    assert "999" not in answer
    (draft,) = await room.drafts()
    assert (draft["customer"], draft["quantity"], draft["state"]) == ("Corrib Foundry", 40, "draft")
    await room.says("yes please", to=opened)
    found = await room.house.registrations(room.seat.partner.id)
    assert [r["state"] for r in found if r["customer"] == "Corrib Foundry"] == ["submitted"]


async def test_an_edit_of_a_question_is_answered_anew_and_a_slip_of_the_pen_is_not(room: Room) -> None:
    asked = await room.says(TIER, mention=True)
    await room.edits(asked, "Wich tier are we in?", was=TIER)
    await room.edits(asked, "Where do all our deals stand?", was=TIER)
    same, other = await room.changes(asked)
    assert (same.outcome, await room.answer_to(same)) == ("edited_same", "")
    answer = await room.answer_to(other)
    assert "You have changed your message" in answer
    assert "D-" in answer


async def test_an_edit_within_its_time_replaces_the_draft_it_had_opened(room: Room) -> None:
    opened = await room.says(DEAL, mention=True)
    (before,) = await room.drafts()
    await room.edits(opened, DEAL.replace("Corrib Foundry", "Corrib Castings").replace("40", "60"), was=DEAL)
    (after,) = await room.drafts()
    assert (after["number"], after["customer"], after["quantity"]) == (before["number"], "Corrib Castings", 60)
    (edit,) = await room.changes(opened)
    assert "You have changed your message" in await room.answer_to(edit)


async def test_a_draft_that_an_edit_has_no_place_for_is_dropped_and_said(room: Room) -> None:
    opened = await room.says(DEAL, mention=True)
    await room.edits(opened, TIER, was=DEAL)
    assert await room.drafts() == []
    (edit,) = await room.changes(opened)
    answer = await room.answer_to(edit)
    assert "dropped draft" in answer
    assert "Your tier is Registered." in answer


async def test_what_was_decided_stands_after_an_edit_and_that_is_said_once(room: Room) -> None:
    won = "Good news: we won Fastnet Marine!"
    told = await room.says(won, mention=True)
    await room.edits(told, "We lost Fastnet Marine, they chose a competitor.", was=won)
    await room.edits(told, "Fastnet Marine is on hold until June.", was=won)
    first, second = await room.changes(told)
    assert first.outcome == "edited_too_late"
    assert "still stands" in await room.answer_to(first)
    assert (second.outcome, await room.answer_to(second)) == ("edited_noted", "")


async def test_a_mention_that_is_added_by_an_edit_is_heard(room: Room) -> None:
    await only_mentions(room)
    said = await room.says(TIER)
    bot = room.house.app.slack.own.bot_user if room.house.app.slack else ""
    await room.edits(said, f"<@{bot}> {TIER}", was=TIER)
    (edit,) = await room.changes(said)
    assert "Your tier is Registered." in await room.answer_to(edit)


async def test_a_deleted_message_undoes_nothing_in_silence(room: Room) -> None:
    opened = await room.says(DEAL, mention=True)
    await room.deletes(opened, DEAL)
    (gone,) = await room.changes(opened)
    assert "withdraw" in await room.answer_to(gone)
    assert len(await room.drafts()) == 1
    await room.says("Yes", to=opened)
    assert await room.drafts() == []


async def test_a_deleted_question_is_only_noted(room: Room) -> None:
    asked = await room.says(TIER, mention=True)
    await room.deletes(asked, TIER)
    (gone,) = await room.changes(asked)
    assert (gone.outcome, await room.answer_to(gone)) == ("deleted", "")
    talk = await room.says("See you at lunch")
    await room.deletes(talk, "See you at lunch")
    (gone,) = await room.changes(talk)
    assert (gone.state, gone.outcome) == ("ignored", "deleted")


async def test_an_edit_that_comes_before_its_message_is_handled_takes_its_place(room: Room) -> None:
    async with room.house.app.database.begin() as connection:  # the first message holds up those behind it
        await mirror.version(connection, room.seat.partner.id, lock=True)
        await room.read(await room.says(TIER, mention=True, quiet=False))
        opened = await room.says(DEAL, mention=True, quiet=False)
        await room.read(opened)
        await room.edits(opened, DEAL.replace("40", "60"), was=DEAL, quiet=False)
        await room.edits(opened, DEAL.replace("40", "70"), was=DEAL, quiet=False)
        taken_back = await room.says(TIER, mention=True, quiet=False)
        await room.read(taken_back)
        await room.deletes(taken_back, TIER, quiet=False)
        await room.settled(taken_back)
    await room.house.quiet()
    (draft,) = await room.drafts()
    assert draft["quantity"] == 70
    first, last = await room.changes(opened)
    assert (await room.house.one(opened)).outcome == first.outcome == "edited_before_handled"
    assert "You have changed" not in await room.answer_to(last)
    assert (await room.house.one(taken_back)).outcome == "deleted_before_handled"
    assert await room.answer(taken_back) == ""


async def test_a_change_of_what_was_never_heard_is_no_fault(room: Room) -> None:
    never = f"{room.channel.channel_id}:1700000000.000100"
    await room.deletes(never, "something from before")
    await room.edits(never, "still lunch at one", was="lunch at twelve")
    gone, edited = sorted(await room.changes(never), key=lambda came: came.outcome, reverse=True)
    assert (gone.outcome, edited.outcome) == ("deleted", "between_people")


async def test_somebody_elses_edit_changes_nothing_of_a_partners(room: Room) -> None:
    """A stranger of another workspace cannot edit a post; an event that says so proves nobody."""
    opened = await room.says(DEAL, mention=True)
    await room.edits(opened, "Please withdraw all our deals", was=DEAL, user="U0STRANGER", team="T0STRANGER")
    (draft,) = await room.drafts()
    assert draft["customer"] == "Corrib Foundry"
