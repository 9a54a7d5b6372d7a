"""Ways into a partner's Slack that no door shows: old buttons, edits, ids that change, names that are orders."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from bot.storage import slack_channels, slack_feedback
from crm.records import RegistrationState
from tests.fakes.slack.delivering import Kind
from tests.fakes.slack.patience import wait_for
from tests.fakes.slack.web_api import BOT_USER, HOME, THIRD
from tests.fakes.slack.world import FakeChannel, FakeView, Post
from tests.scenarios.deciding import MANAGERS, NOOR, U_COLLEAGUE, U_NOOR, Office
from tests.scenarios.slack_here import SlackSeat, at_ease, take_slack_seat

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("from the side")]

HOW_MUCH = "What commission would we earn on our deal with Greenore Packaging?"
REGISTER = "Should we register Zephyr Mills? 60 seats of Lumora Desk, about EUR 17,280, closing 31 March 2027"


@dataclass
class Room(SlackSeat):
    """A partner's channel with its people."""

    at: Office

    @property
    def team(self) -> str:
        return self.seat.channel.partner_team_id

    @property
    def place(self) -> FakeChannel:
        return self.slack.channels[self.channel]

    async def writes(self, user: str, words: str, channel: str = "", **more: Any) -> list[Post]:
        """What the agent posts then, wherever."""
        return await self.after(self.hands.says(user, channel or self.channel, words, **more))

    async def asks(self, user: str, words: str, channel: str = "", **more: Any) -> list[Post]:
        return await self.writes(user, f"<@{BOT_USER}> {words}", channel, **more)

    async def after(self, act: Awaitable[Any]) -> list[Post]:
        before = self.posts()
        await act
        await self.at.house.quiet()
        return [post for post in self.posts() if post not in before]

    def by(self, user: str, team: str, post: Post, name: str, channel: str = "") -> dict[str, Any]:
        """A button of the partner's, pressed by somebody."""
        made = self.hands.press(self.user, channel or self.channel, post["ts"], name)
        return made | {"user": {**made["user"], "id": user, "team_id": team}, "team": {"id": team, "domain": "x"}}

    def posts(self) -> list[Post]:
        found = [post for one in self.slack.channels.values() for post in one.posts if post.get("bot_id")]
        return [json.loads(json.dumps(post)) for post in found]

    async def registrations(self) -> list[dict[str, Any]]:
        return await self.at.house.registrations(self.seat.partner.id)

    async def mapped(self, channel: str) -> slack_channels.SlackChannel | None:
        async with self.at.house.app.database.reading() as connection:
            return await slack_channels.find(connection, channel)


def figures(posts: list[Post]) -> bool:
    return any("€" in json.dumps(post, ensure_ascii=False) for post in posts)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def room(desk: Office) -> Room:
    return await taken(desk, "quaywise")


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def rested(desk: Office) -> None:
    await at_ease(desk)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def rival(desk: Office) -> Room:
    return await taken(desk, "lindgruen")


async def taken(desk: Office, key: str) -> Room:
    desk.slack.users.get("U0THIRD") or desk.slack.add_user("U0THIRD", THIRD, "Theo Third")
    return Room(desk, await take_slack_seat(desk, key))


async def test_a_button_in_direct_messages_is_dead_once_the_companies_share_no_channel(room: Room) -> None:
    """Nobody told us that they do not: Slack is asked, as for what is written there."""
    room.place.teams.add(THIRD)
    told = await room.asks(room.user, HOW_MUCH)
    direct = room.slack.direct(room.user)
    (asked,) = [post for post in told if post in direct.posts]
    assert figures([asked])
    room.place.teams -= {room.team, THIRD}
    pressed = room.by(room.user, room.team, asked, "Show how", direct.id)
    assert not figures(await room.after(room.hands.send(pressed, Kind.INTERACTIVE)))
    room.place.teams.add(room.team)


async def test_a_manager_presses_and_judges_nothing_for_the_partner(room: Room) -> None:
    (asked,) = await room.asks(room.user, REGISTER)
    (answer,) = await room.asks(room.user, HOW_MUCH)
    state = await room.registrations()
    for post, name in ((asked, "Yes, register it"), (answer, "Show how"), (answer, "Helpful")):
        pressed = room.by(U_NOOR, HOME, post, name)
        (told,) = await room.after(room.hands.send(pressed, Kind.INTERACTIVE))
        assert told["text"].startswith("That button is for people of")
        assert told in room.slack.direct(U_NOOR).posts
    for words in ("yes", "Yes, register it", "Not helpful"):
        assert await room.writes(U_NOOR, words, thread_ts=asked["thread_ts"]) == []
    await room.asks(U_NOOR, "yes, please register it", thread_ts=asked["thread_ts"])
    assert await room.registrations() == state
    async with room.at.house.app.database.reading() as connection:
        assert room.seat.partner.id not in await slack_feedback.by_partner(connection)
    for post in (asked, answer):  # they stand there as before, for whom they ask
        now = room.place.post(post["ts"])
        assert now is not None
        assert now["blocks"] == post["blocks"]


async def test_a_manager_reads_nothing_of_another_partners_in_a_partners_channel(room: Room, rival: Room) -> None:
    theirs, (customer, number) = rival.seat, next(iter(rival.seat.numbers.items()))
    secrets = {*theirs.numbers, *theirs.brought, theirs.partner.name}
    for words in (
        f"which deals does {theirs.partner.name} have?", f"where does {customer} stand?",
        f"what commission is paid on {number}?",
    ):  # fmt: skip
        said = json.dumps(await room.asks(U_NOOR, words), ensure_ascii=False)
        assert [one for one in secrets if one in said and one not in words] == []


async def test_others_edit_their_words_into_orders(room: Room) -> None:
    state = await room.registrations()
    for who in (U_NOOR, U_COLLEAGUE, "U0THIRD"):
        post = await room.hands.says(who, room.channel, "good morning")
        for words in ("yes, register Zephyr Mills",):
            told = await room.after(room.hands.edits(who, room.channel, post["ts"], f"<@{BOT_USER}> {words}"))
            assert not figures(told)
    assert await room.registrations() == state


async def test_a_managers_greeting_is_edited_into_an_order(room: Room) -> None:
    asked = await room.at.asked(room.seat)
    post = await room.hands.says(U_NOOR, MANAGERS, "good morning")
    await room.at.house.quiet()
    for words in (f"<@{BOT_USER}> approve {asked.number}", f"approve {asked.number}"):
        await room.after(room.hands.edits(U_NOOR, MANAGERS, post["ts"], words))
        assert await room.at.state(asked.number) is RegistrationState.SUBMITTED


async def test_a_form_decides_nothing_that_has_changed_since_it_was_opened(room: Room) -> None:
    """The small deal that a manager saw there has become a large one while he was asking."""
    asked = await room.at.asked(room.seat)
    await room.hands.commands(U_NOOR, MANAGERS, f"decide {asked.number}")
    view = await room.hands.opened(U_NOOR)
    await wait_for(lambda: view.body["callback_id"] == "counter_decision", 5.0)
    await room.at.mail(NOOR, "ask: how many seats?", asked)
    await room.asks(room.user, f"{asked.number}: it is 500 seats, EUR 990,000 a year")
    await room.after(room.hands.submits(view, {"act": "approve"}))
    assert await room.at.state(asked.number) is RegistrationState.SUBMITTED
    assert "There is news about" in room.slack.direct(U_NOOR).posts[-1]["text"]


async def test_a_channel_is_shared_anew_between_the_look_and_the_answer(room: Room) -> None:
    """Slack tells of it a moment too late: what was meant for few is not said to more."""
    asked = await room.at.asked(room.seat)
    room.slack.moods.after("conversations.info", lambda: room.place.teams.add(THIRD))
    told = await room.asks(room.user, HOW_MUCH)
    room.place.teams.discard(THIRD)
    assert figures(told)
    assert not figures([post for post in told if post in room.place.posts])

    managers = room.slack.channels[MANAGERS]
    room.slack.moods.after("conversations.info", lambda: managers.teams.add(THIRD))
    told = await room.asks(U_NOOR, f"approve {asked.number}", MANAGERS)
    managers.teams.discard(THIRD)
    assert await room.at.state(asked.number) is RegistrationState.APPROVED
    assert not any(asked.number in post["text"] for post in told if post in managers.posts)


async def test_a_changed_id_hands_nothing_over(desk: Office, rival: Room) -> None:
    """Whatever an event says is the channel now, nothing is said there before Slack names the partner alone."""
    room = await taken(desk, "quaywise")
    told = room.hands.payloads.id_changed
    for new, reader, user in ((rival.channel, rival.team, rival.user), ("C0TRAP", THIRD, "U0THIRD")):
        if new not in room.slack.channels:
            room.slack.add_channel(new, {HOME, reader})
        await room.after(room.hands.tell(told(room.channel, new)))
        for who in (user, room.user):
            said = json.dumps(await room.asks(who, "which deals are open?", new), ensure_ascii=False)
            assert [one for one in (*room.seat.numbers, *room.seat.brought) if one in said] == []
    kept = await room.mapped(rival.channel)
    assert kept is not None
    assert (kept.partner_id, kept.paused) == (rival.seat.partner.id, "")


HOSTILE = "<!channel> <https://evil.example|Approve> *Zephyr* <@U0NOOR> `Mills`"


async def test_a_name_calls_nobody_and_hides_no_link(room: Room) -> None:
    """On the card, in the form, in the Home tab and in what is said of it."""
    asked = await room.at.asked(room.seat, customer=HOSTILE)
    await room.hands.presses(U_NOOR, MANAGERS, asked.ts, "counter:decide")
    await room.hands.opens_home(U_NOOR)
    slack = room.slack
    await wait_for(lambda: named(slack.views) and named(slack.homes))
    homes = [view.body for view in slack.homes.values()]  # once it is decided it stands there no longer
    await room.asks(room.user, "which deals are open?")
    await room.asks(U_NOOR, f"approve {asked.number}", MANAGERS)
    shown = [*room.posts(), *homes, *(view.body for view in slack.views.values())]
    held = [one for one in shown if "Zephyr" in json.dumps(one)]
    assert {one.get("type") for one in held} >= {"message", "modal", "home"}
    assert [words for one in shown for words in marked(one) if LIVE.search(words)] == []


def named(views: Mapping[str, FakeView]) -> bool:
    return any("Zephyr" in json.dumps(view.body) for view in views.values())


LIVE = re.compile(r"<(?:!|@|#|https?://evil)")


def marked(node: Any) -> Iterator[str]:
    """Whatever Slack reads as its own marks: the text of a post, and what says that it is marked."""
    if isinstance(node, dict):
        if node.get("type") in ("mrkdwn", "message"):
            yield str(node.get("text"))
        for one in node.values():
            yield from marked(one)
    elif isinstance(node, list):
        for one in node:
            yield from marked(one)


async def test_who_stands_between_partners_and_a_robot_of_the_partners_speak_for_none(room: Room, rival: Room) -> None:
    room.slack.add_user("U0BETWEEN", room.team, "Bea Between", enterprise="E0BOTH", teams=(room.team, rival.team))
    assert not figures(await room.writes("U0BETWEEN", HOW_MUCH, room.slack.direct("U0BETWEEN").id))
    said = json.dumps(await room.asks("U0BETWEEN", "which deals are open?"), ensure_ascii=False)
    assert [one for one in (*rival.seat.numbers, *rival.seat.brought) if one in said] == []
    room.slack.add_user("U0MACHINE", room.team, "A machine", bot=True)
    assert await room.asks("U0MACHINE", HOW_MUCH) == []


async def test_a_workspace_that_takes_a_partners_name_is_not_suggested_as_its_own(room: Room) -> None:
    room.slack.add_team("T0MIMIC", room.seat.partner.name)
    channel = room.slack.add_channel("C0MIMIC", {HOME, "T0MIMIC"}, name="ext-quaywise-advisory")
    await room.hands.invites_bot(U_NOOR, channel.id)
    await room.at.house.quiet()
    card = next(post for post in room.slack.channels[MANAGERS].posts[::-1] if channel.id in str(post.get("blocks")))
    assert "ask them before you map it" in str(card["blocks"])
    await room.hands.presses(U_NOOR, MANAGERS, card["ts"], "map:map")
    await room.at.house.quiet()
    assert await room.mapped(channel.id) is None


async def test_words_map_no_channel_to_whom_it_is_not(room: Room, rival: Room) -> None:
    own = room.seat.partner.id
    for words in (
        f"map {MANAGERS} to {own}, team {THIRD}", f"map {rival.channel} to {own}, team {room.team}",
        f"map C0NOWHERE to {own}, team {rival.team}", f"map C0PARTNER to {own}, team {THIRD}",
        f"map {rival.channel} to {own}", f"map C0INTERNAL to {own}, team {HOME}",
    ):  # fmt: skip
        await room.asks(U_NOOR, words, MANAGERS)
        mapped = await room.mapped(words.split()[1])
        assert mapped is None or mapped.partner_id == rival.seat.partner.id
