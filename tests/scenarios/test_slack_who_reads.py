"""Who reads a channel bounds what is said there: figures to the asker alone, and nothing at all where that is right."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from bot.storage import slack_channels
from bot.storage.slack_channels import Mode, SlackChannel
from tests.fakes.slack.web_api import BOT_USER, HOME, THIRD
from tests.scenarios.deciding import MANAGERS, U_COLLEAGUE, U_NOOR, Office
from tests.scenarios.relayed import words
from tests.scenarios.seats import take_seat
from tests.scenarios.slack_here import SlackSeat, at_ease, take_slack_seat

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("who reads")]

STATUS = "Where do all our deals stand?"
FIGURES = ("Pelican", "D-", "€", "negotiation")
DIRECTLY = "we are sending you the details in a direct message"


@dataclass
class Room(SlackSeat):
    """A partner's channel with its people, as Slack and the agent know it."""

    at: Office

    async def asks(self, text: str, user: str = "", channel: str = "", *, mention: bool = True) -> str:
        said = f"<@{BOT_USER}> {text}" if mention else text
        post = await self.hands.says(user or self.user, channel or self.channel, said)
        await self.at.house.quiet()
        return f"{channel or self.channel}:{post['ts']}"

    async def settles(self) -> None:
        await self.at.house.quiet()

    def said(self, channel: str = "") -> list[str]:
        """What the agent posted there, oldest first."""
        found = self.slack.channels.get(channel or self.channel)
        return [post["text"] for post in found.posts if post.get("bot_id")] if found else []

    def direct(self, user: str = "") -> list[str]:
        return self.said(self.slack.direct(user or self.user).id)

    async def mapped(self, channel: str = "") -> SlackChannel | None:
        async with self.at.house.app.database.begin() as connection:
            return await slack_channels.find(connection, channel or self.channel)

    async def paused(self, channel: str = "") -> str:
        mapped = await self.mapped(channel)
        return mapped.paused if mapped else "not mapped"

    async def tasks(self) -> list[str]:
        return [task["summary"] for task in await self.at.house.tasks(partner_id=self.seat.partner.id)]

    def card(self, about: str) -> dict[str, Any]:
        """The latest card in the managers' channel that says so."""
        posts = self.slack.channels[MANAGERS].posts[::-1]
        return next(post for post in posts if post.get("blocks") and about in str(post["blocks"]))


@pytest_asyncio.fixture(loop_scope="session")
async def room(desk: Office) -> Room:
    await at_ease(desk)
    return Room(desk, await take_slack_seat(desk, "quaywise"))


def holds_figures(texts: list[str]) -> bool:
    return any(figure in text for text in texts for figure in FIGURES)


async def test_where_the_partner_reads_alone_the_thread_has_the_figures(room: Room) -> None:
    await room.asks(STATUS)
    assert holds_figures(room.said())
    assert room.direct() == []


async def test_where_others_read_the_asker_alone_gets_them_and_the_thread_says_so_once(room: Room) -> None:
    room.slack.channels[room.channel].teams.add(THIRD)
    await room.asks(f"{STATUS} And which tier are we in?")
    (told,) = room.said()
    assert told.count(DIRECTLY) == 1
    assert not holds_figures([told])
    (alone,) = room.direct()
    assert holds_figures([alone])
    assert "This is about your message in our shared channel." in alone
    (out,) = [i for i in await room.at.house.timeline(room.seat.partner.id) if i.direction == "out"]
    assert DIRECTLY in out.body
    assert holds_figures([out.body])


async def test_what_is_wanted_is_done_all_the_same_and_its_details_go_to_the_asker(room: Room) -> None:
    room.slack.channels[room.channel].teams.add(THIRD)
    await room.asks(
        "Please register Kilbride Pharma (kilbride.example), contact Ann Roche, ann@kilbride.example, Lumora Core, "
        "EUR 18,000 a year, closing on 2027-06-30."
    )
    (told,) = room.said()
    assert "Kilbride Pharma" in told
    assert "18,000" not in told
    assert "18,000" in room.direct()[-1]
    assert "Kilbride Pharma" in [r["customer"] for r in await room.at.house.registrations(room.seat.partner.id)]


async def test_a_refused_direct_message_becomes_a_mail_to_the_address_on_file(room: Room) -> None:
    room.slack.channels[room.channel].teams.add(THIRD)
    room.slack.refuse["conversations.open"] = "user_disabled"
    try:
        await room.asks(STATUS)
    finally:
        del room.slack.refuse["conversations.open"]
    assert [DIRECTLY in text for text in room.said()] == [True, False]
    assert "e-mail address we have on file" in room.said()[-1]
    (mail,) = room.at.scene.to(room.seat.contacts[room.seat.main].email)
    assert mail["Subject"] == "Your message in our shared channel"
    assert holds_figures([words(mail)])


async def test_who_can_be_reached_neither_way_hears_of_a_colleague_who_gets_a_task(room: Room) -> None:
    room.slack.channels[room.channel].teams.add(THIRD)
    room.slack.add_user("U0NOMAIL", room.seat.channel.partner_team_id, "Colm Nolan")
    room.slack.refuse["conversations.open"] = "restricted_action"
    try:
        await room.asks(STATUS, "U0NOMAIL")
    finally:
        del room.slack.refuse["conversations.open"]
    assert "Our partner team will send you the details" in room.said()[-1]
    assert not holds_figures(room.said())
    (task,) = [t for t in await room.tasks() if "neither a direct message nor a mail" in t]
    assert holds_figures([task])


async def test_a_second_partner_in_the_channel_ends_all_answers_until_a_manager_looked(room: Room) -> None:
    other = await take_seat(room.at.house, "waterkant")
    room.slack.channels[room.channel].teams.add(other.channel.partner_team_id)
    before = await room.at.house.registrations(room.seat.partner.id)
    keys = [await room.asks(STATUS) for _ in range(2)]
    assert await room.paused() == "second_partner"
    (told,) = room.said()
    assert "Our partner team is looking after this channel" in told
    assert [(await room.at.house.one(key)).state for key in keys] == ["held", "held"]
    assert await room.at.house.registrations(room.seat.partner.id) == before
    assert any("people of another partner read it" in task for task in await room.tasks())

    room.slack.channels[room.channel].teams.discard(other.channel.partner_team_id)
    card = room.card(room.channel)
    await room.hands.presses(U_NOOR, MANAGERS, card["ts"], "map:resume")
    await room.settles()
    assert await room.paused() == ""
    assert holds_figures(room.said())
    assert [(await room.at.house.one(key)).state for key in keys] == ["handled", "handled"]


async def test_a_second_partner_that_stays_lets_nobody_resume(room: Room) -> None:
    other = await take_seat(room.at.house, "waterkant")
    await room.hands.shares(room.channel, other.channel.partner_team_id)
    await room.settles()
    assert await room.paused() == "second_partner"
    await room.hands.presses(U_NOOR, MANAGERS, room.card(room.channel)["ts"], "map:resume")
    await room.settles()
    assert await room.paused() == "second_partner"
    assert "people of another partner" in room.said(MANAGERS)[-1]


async def test_only_managers_resume(room: Room) -> None:
    await room.hands.unshares(room.channel, room.seat.channel.partner_team_id)
    await room.settles()
    assert await room.paused() == "unshared"
    room.slack.channels[room.channel].teams.add(room.seat.channel.partner_team_id)
    await room.hands.presses(U_COLLEAGUE, MANAGERS, room.card(room.channel)["ts"], "map:resume")
    await room.settles()
    assert await room.paused() == "unshared"


async def test_an_archived_channel_is_paused(room: Room) -> None:
    await room.hands.archives(U_NOOR, room.channel, "connection_severed")
    await room.settles()
    assert await room.paused() == "archived"


async def test_another_company_that_joins_is_told_to_the_manager_and_pauses_nothing(room: Room) -> None:
    await room.hands.shares(room.channel, THIRD)
    await room.settles()
    assert await room.paused() == ""
    assert any(THIRD in task and "figures go to who asks" in task for task in await room.tasks())


async def test_a_new_id_keeps_mapping_and_threads_and_goes_on_once_sharing_is_confirmed(room: Room) -> None:
    key = await room.asks("Please register a new deal: Corrib Foundry, Lumora Core.")
    thread = await room.at.house.thread_of(key)
    new = await room.hands.changes_id(room.channel)
    await room.settles()
    assert await room.mapped() is None
    mapped = await room.mapped(new)
    assert mapped is not None
    assert (mapped.partner_id, mapped.paused) == (room.seat.partner.id, "")
    asked = next(p["ts"] for p in room.slack.channels[new].posts if not p.get("bot_id"))
    post = await room.hands.says(room.user, new, "The value is 9,000 EUR a year.", thread_ts=asked)
    await room.settles()
    assert (await room.at.house.one(f"{new}:{post['ts']}")).thread_id == thread["id"]

    late = room.hands.write(room.user, new, "It closes on 31 March 2027.", thread_ts=asked)
    sent = json.dumps(room.hands.events_of(new, late))
    await room.hands.tell(*json.loads(sent.replace(new, room.channel)))  # was under way when the id changed
    await room.settles()
    came = await room.at.house.one(f"{new}:{late['ts']}")
    assert (came.thread_id, came.state) == (thread["id"], "handled")


async def test_a_new_id_whose_sharing_is_not_confirmed_stays_paused(room: Room) -> None:
    room.slack.channels[room.channel].teams = {HOME}
    new = await room.hands.changes_id(room.channel)
    await room.settles()
    assert await room.paused(new) == "id_changed"


async def test_a_manager_who_asks_in_a_partners_channel_hears_what_the_partner_may(room: Room) -> None:
    await room.asks(STATUS, U_NOOR)
    assert holds_figures(room.said())
    foreign = room.seat.foreign.number
    await room.asks(f"Where does {foreign} stand?", U_NOOR)
    assert room.seat.foreign.customer not in room.said()[-1]


async def test_a_manager_orders_nothing_in_a_partners_channel(room: Room) -> None:
    before = await room.at.house.registrations(room.seat.partner.id)
    for order in ("approve D-123456", "Please register Acme Steel, Lumora Core, 5,000 EUR a year.", "map C0X to Y"):
        await room.asks(order, U_NOOR)
        assert "Decisions are not made here." in room.said()[-1]
    assert await room.at.house.registrations(room.seat.partner.id) == before


async def test_a_colleague_of_the_vendors_who_is_no_manager_is_told_nothing_there(room: Room) -> None:
    await room.asks(STATUS, U_COLLEAGUE)
    assert not holds_figures(room.said())


async def invited(room: Room, name: str = "ext-quaywise-new") -> str:
    """A channel with the partner's people, to which the agent is invited."""
    team = room.slack.new_id("T")
    room.slack.add_team(team, "Quaywise Advisory")
    channel = room.slack.add_channel(room.slack.new_id("C"), {HOME, team}, name=name)
    channel.has_bot = False
    await room.hands.invites_bot(U_NOOR, channel.id)
    await room.settles()
    return channel.id


async def test_an_invitation_asks_managers_whose_channel_it_is_and_never_in_it(room: Room) -> None:
    channel = await invited(room)
    card = room.card(channel)
    assert "Quaywise Advisory (T" in str(card["blocks"])
    assert room.said(channel) == []
    await room.asks(STATUS, U_NOOR, channel)
    assert not holds_figures(room.said(channel))


async def test_the_card_maps_the_channel(room: Room) -> None:
    channel = await invited(room)
    ts = room.card(channel)["ts"]
    await room.hands.presses(U_NOOR, MANAGERS, ts, "map:partner", room.seat.partner.name)
    await room.hands.presses(U_NOOR, MANAGERS, ts, "map:mode", "Answer mentions only")
    await room.hands.presses(U_NOOR, MANAGERS, ts, "map:map")
    await room.settles()
    mapped = await room.mapped(channel)
    assert mapped is not None
    assert (mapped.mode, mapped.name) == (Mode.MENTION, "ext-quaywise-new")
    assert mapped.partner_team_id in room.slack.channels[channel].teams - {HOME}
    card = next(post for post in room.slack.channels[MANAGERS].posts if post["ts"] == ts)
    assert "actions" not in {block["type"] for block in card["blocks"]}
    assert "Noor Haddad" in str(card["blocks"])


async def test_words_map_the_channel_as_well(room: Room) -> None:
    channel = await invited(room)
    await room.asks(f"map {channel} to {room.seat.partner.id}, mention", U_NOOR, MANAGERS)
    mapped = await room.mapped(channel)
    assert mapped is not None
    assert (mapped.partner_id, mapped.mode) == (room.seat.partner.id, Mode.MENTION)
    await room.asks(f"mode {channel} agent", U_NOOR, MANAGERS)
    await room.asks(f"forget {channel}", U_NOOR, MANAGERS)
    assert await room.mapped(channel) is None


async def test_who_is_no_manager_maps_nothing(room: Room) -> None:
    channel = await invited(room)
    await room.hands.presses(U_COLLEAGUE, MANAGERS, room.card(channel)["ts"], "map:map")
    await room.asks(f"map {channel} to {room.seat.partner.id}", U_COLLEAGUE, MANAGERS)
    await room.asks(f"map {channel} to {room.seat.partner.id}", room.user)
    assert await room.mapped(channel) is None


async def test_the_managers_own_channel_and_an_internal_one_ask_nothing(room: Room) -> None:
    before = len(room.said(MANAGERS))
    await room.hands.invites_bot(U_NOOR, MANAGERS)
    room.slack.add_channel("C0LUNCH", {HOME}, name="lunch")
    await room.hands.invites_bot(U_NOOR, "C0LUNCH")
    await room.settles()
    assert len(room.said(MANAGERS)) == before


async def test_a_question_that_went_to_the_asker_alone_is_answered_there(room: Room) -> None:
    room.slack.channels[room.channel].teams.add(THIRD)
    key = await room.asks(STATUS)
    asked = next(p for p in room.slack.direct(room.user).posts[::-1] if p.get("bot_id"))
    direct = room.slack.direct(room.user).id
    before = len(room.said())
    post = await room.hands.says(room.user, direct, "Which tier are we in?", thread_ts=asked["ts"])
    await room.settles()
    came = await room.at.house.one(f"{direct}:{post['ts']}")
    assert (came.partner_id, came.trust) == (room.seat.partner.id, "proven")
    assert came.thread_id == (await room.at.house.one(key)).thread_id
    assert "Your tier is" in room.direct()[-1]
    assert len(room.said()) == before
