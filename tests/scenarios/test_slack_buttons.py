"""Buttons below answers in a partner's channel: what they do, who may press them, and what the post then shows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import URL, select

from bot.storage import slack_feedback
from bot.storage.tables import inbox
from tests.fakes.slack.delivering import HttpTransport, Kind
from tests.fakes.slack.hands import Hands
from tests.fakes.slack.moods import Mood
from tests.fakes.slack.web_api import BOT_USER, HOME
from tests.scenarios.deciding import U_COLLEAGUE, Office, office
from tests.scenarios.seats import Seat, take_seat

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack buttons")]

REGISTER = "<@U0BOT> Should we register Zephyr Mills? 60 seats of Lumora Desk, about EUR 17,280, closing 31 March 2027"


@dataclass
class Talk:
    """One partner's channel, with two of its people and one of the vendor's."""

    desk: Office
    seat: Seat
    hands: Hands

    @property
    def channel(self) -> str:
        return self.seat.channel.channel_id

    @property
    def user(self) -> str:
        return self.seat.contacts[self.seat.main].slack_user_id

    @property
    def posts(self) -> list[dict[str, Any]]:
        """Ours, as they stand now."""
        return [post for post in self.desk.slack.channels[self.channel].posts if post["user"] == BOT_USER]

    async def says(self, text: str, thread_ts: str = "") -> dict[str, Any]:
        """Our last post after that."""
        await self.hands.says(self.user, self.channel, text, thread_ts=thread_ts)
        await self.desk.house.quiet()
        return self.posts[-1]

    async def presses(self, post: dict[str, Any], label: str, user: str = "") -> None:
        await self.hands.presses(user or self.user, self.channel, post["ts"], label)
        await self.desk.house.quiet()

    async def presses_again(self, post: dict[str, Any], label: str, user: str = "") -> None:
        """As who still sees the post as it was."""
        shown = self.desk.slack.channels[self.channel].post(post["ts"])
        assert shown is not None
        now = dict(shown)
        shown.update(post)
        payload = self.hands.press(user or self.user, self.channel, post["ts"], label)
        shown.update(now)
        await self.hands.send(payload, Kind.INTERACTIVE)
        await self.desk.house.quiet()

    async def last_outcome(self) -> str:
        """What came of what was done last in the channel."""
        query = select(inbox.c.outcome).where(inbox.c.envelope["slack_channel"].astext == self.channel)
        async with self.desk.house.app.database.reading() as connection:
            return str(await connection.scalar(query.order_by(inbox.c.received_at.desc(), inbox.c.id).limit(1)))

    @property
    def other(self) -> str:
        """A colleague of the same partner's."""
        return f"U0TWO{self.channel}"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(
    postgres_server: URL, partners_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Office]:
    async with office(postgres_server, partners_template, tmp_path_factory.mktemp("buttons")) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def talk(desk: Office) -> Talk:
    return await _talk(desk)


async def _talk(desk: Office) -> Talk:
    seat = await take_seat(desk.house, "quaywise")
    slack, channel = desk.slack, seat.channel
    slack.add_channel(channel.channel_id, {HOME, channel.partner_team_id})
    for contact in seat.contacts.values():
        if contact.slack_user_id:
            slack.add_user(contact.slack_user_id, channel.partner_team_id, contact.name)
    slack.add_user(f"U0TWO{channel.channel_id}", channel.partner_team_id, "Theo Two")
    hands = Hands(slack, HttpTransport.to(f"http://127.0.0.1:{desk.house.ports.http}"))
    return Talk(desk, seat, hands)


def labels(post: dict[str, Any]) -> list[str]:
    """What stands on the buttons of a post."""
    rows = [block["elements"] for block in post.get("blocks", ()) if block["type"] == "actions"]
    return [button["text"]["text"] for row in rows for button in row if button["type"] == "button"]


def judged(post: dict[str, Any]) -> bool:
    return any(block["type"] == "context_actions" for block in post.get("blocks", ()))


def below(post: dict[str, Any]) -> list[str]:
    """The small lines below a post."""
    rows = [block["elements"] for block in post.get("blocks", ()) if block["type"] == "context"]
    return [line["text"] for row in rows for line in row]


async def test_a_yes_is_pressed_and_the_post_shows_by_whom(talk: Talk) -> None:
    asked = await talk.says(REGISTER)
    assert labels(asked) == ["Yes, register it", "No"]
    assert not judged(asked)
    await talk.presses(asked, "Yes, register it")
    answer = talk.posts[-1]
    assert "Zephyr Mills" in answer["text"]
    assert answer["thread_ts"] == asked["thread_ts"]
    now = talk.posts[-2]
    assert now["ts"] == asked["ts"]
    assert labels(now) == []
    assert below(now) == [f"✓ Yes, register it · {talk.seat.contacts[talk.seat.main].name}"]
    assert now["text"] == asked["text"]


async def test_who_presses_twice_is_answered_once(talk: Talk) -> None:
    asked = await talk.says(REGISTER)
    post = dict(asked)
    await talk.presses(post, "Yes, register it")
    count = len(talk.posts)
    await talk.presses_again(post, "Yes, register it")
    assert len(talk.posts) == count
    assert await talk.last_outcome() == "pressed_twice"


async def test_a_colleague_who_comes_later_hears_who_answered(talk: Talk) -> None:
    asked = await talk.says(REGISTER)
    post = dict(asked)
    await talk.presses(post, "No")
    await talk.presses_again(post, "Yes, register it", talk.other)
    assert "This question has already been answered: No (" in talk.posts[-1]["text"]
    assert await talk.last_outcome() == "taken_button"


async def test_a_question_that_was_answered_in_words_is_no_longer_open(talk: Talk) -> None:
    asked = await talk.says(REGISTER)
    await talk.says("No, thank you.", asked["thread_ts"])
    before = await talk.desk.house.registrations(talk.seat.partner.id)
    await talk.presses(asked, "Yes, register it")
    assert "no longer open" in talk.posts[-1]["text"]
    now = next(post for post in talk.posts if post["ts"] == asked["ts"])
    assert labels(now) == []
    assert below(now) == []
    assert await talk.desk.house.registrations(talk.seat.partner.id) == before


async def test_people_of_other_companies_press_in_vain_and_are_told_nothing(talk: Talk) -> None:
    asked = await talk.says(REGISTER)
    count = len(talk.posts)
    stranger = talk.desk.slack.add_user("U0STRANGER", "T0STRANGE", "Sam Stranger").id
    await talk.presses(asked, "Yes, register it", stranger)
    assert len(talk.posts) == count
    assert labels(talk.posts[-1]) == ["Yes, register it", "No"]
    assert await talk.last_outcome() == "foreign_button"


async def test_a_colleague_at_the_vendor_learns_in_private_whom_the_button_asks(talk: Talk) -> None:
    asked = await talk.says(REGISTER)
    count = len(talk.posts)
    await talk.presses(asked, "Yes, register it", U_COLLEAGUE)
    assert len(talk.posts) == count
    (told,) = [post["text"] for post in talk.desk.slack.channels[f"D{U_COLLEAGUE[1:]}"].posts][-1:]
    assert told.startswith(f"That button is for people of {talk.seat.partner.name}.")
    assert labels(talk.posts[-1]) == ["Yes, register it", "No"]


async def test_a_button_of_another_partner_does_nothing_here(desk: Office, talk: Talk) -> None:
    asked = await talk.says(REGISTER)
    theirs = await _talk(desk)
    payload = theirs.hands.press(theirs.user, theirs.channel, (await theirs.says(REGISTER))["ts"], "Yes, register it")
    payload["actions"][0]["value"] = next(
        button["value"] for block in asked["blocks"] if block["type"] == "actions" for button in block["elements"]
    )
    count = len(talk.posts) + len(theirs.posts)
    await theirs.hands.send(payload, Kind.INTERACTIVE)
    await desk.house.quiet()
    assert len(talk.posts) + len(theirs.posts) == count
    assert await theirs.last_outcome() == "foreign_button"


@pytest.mark.parametrize("value", ["", "00000000-0000-4000-8000-000000000000.0", "no-id.7", "x" * 2_000])
async def test_a_button_that_nobody_knows_is_answered_politely_and_does_nothing(talk: Talk, value: str) -> None:
    asked = await talk.says(REGISTER)
    payload = talk.hands.press(talk.user, talk.channel, asked["ts"], "Yes, register it")
    payload["actions"][0]["value"] = value
    await talk.hands.send(payload, Kind.INTERACTIVE)
    await talk.desk.house.quiet()
    assert "no longer open" in talk.posts[-1]["text"]


async def test_an_answer_is_judged_once_and_a_bad_word_opens_a_task_with_a_link(talk: Talk) -> None:
    answer = dict(await talk.says("<@U0BOT> What is our tier?"))
    assert judged(answer)
    await talk.presses(answer, "Not helpful")
    now = talk.posts[-1]
    assert not judged(now)
    assert below(now) == ["Thank you for telling us. A colleague will look at this answer."]
    (task,) = await talk.desk.house.tasks(partner_id=talk.seat.partner.id, kind="feedback")
    assert "an answer was called not helpful" in task["summary"]
    assert f"https://slack.com/archives/{talk.channel}/p" in task["summary"]
    await talk.presses_again(answer, "Helpful", talk.other)
    assert len(await talk.desk.house.tasks(partner_id=talk.seat.partner.id, kind="feedback")) == 1
    async with talk.desk.house.app.database.reading() as connection:
        found = await slack_feedback.count(connection, partner_id=talk.seat.partner.id)
    assert (found.helpful, found.not_helpful) == (0, 1)


async def test_how_a_figure_comes_about_is_said_in_the_thread_at_a_press(talk: Talk) -> None:
    answer = await talk.says("<@U0BOT> What commission would we earn on our deal with Greenore Packaging?")
    assert labels(answer) == ["Show how"]
    await talk.presses(answer, "Show how")
    derived = talk.posts[-1]
    assert "15%" in derived["text"]
    assert derived["thread_ts"] == answer["thread_ts"]


async def test_a_long_answer_comes_in_order_and_a_lost_reply_of_slack_repeats_none_of_it(talk: Talk) -> None:
    slack = talk.desk.slack
    slack.next_moods("chat.postMessage", Mood.LOST_AFTER_COMMIT, Mood.LOST_AFTER_COMMIT)
    before = len(talk.posts)
    await talk.says("<@U0BOT> Please send us our commission plan.")
    told = [post["text"] for post in talk.posts[before:]]
    assert len(told) >= 2
    assert len(set(told)) == len(told)
    assert told[0].startswith("Hello")
    assert "Questions that partners ask" in "\n".join(told[-2:])
    assert [judged(post) for post in talk.posts[before:]] == [False] * (len(told) - 1) + [True]


async def test_german_questions_have_german_buttons(talk: Talk) -> None:
    asked = await talk.says(
        "<@U0BOT> Wäre Zephyr Mühlen etwas zum Registrieren? 60 Plätze, etwa 17.280 EUR, Abschluss 31.03.2027"
    )
    assert labels(asked) == ["Ja, registrieren", "Nein"]
    await talk.presses(asked, "Nein")
    assert "Hallo" in talk.posts[-1]["text"] or "Guten Tag" in talk.posts[-1]["text"]
