"""Buttons below answers in a partner's channel: what they do, who may press them, and what the post then shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select

from bot.storage import mirror, slack_feedback
from bot.storage.tables import inbox
from crm.records import Contact, ContactRight
from tests.fakes.slack.delivering import Kind
from tests.fakes.slack.web_api import BOT_USER
from tests.scenarios.deciding import U_COLLEAGUE, Office
from tests.scenarios.slack_here import SlackSeat, take_slack_seat

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("slack buttons")]

REGISTER = "<@U0BOT> Should we register Zephyr Mills? 60 seats of Lumora Desk, about EUR 17,280, closing 31 March 2027"


@dataclass
class Talk(SlackSeat):
    """One partner's channel, with two of its people and one of the vendor's."""

    at: Office

    @property
    def posts(self) -> list[dict[str, Any]]:
        """Ours, as they stand now."""
        return [post for post in self.at.slack.channels[self.channel].posts if post["user"] == BOT_USER]

    async def says(self, text: str, thread_ts: str = "") -> dict[str, Any]:
        """Our last post after that."""
        await self.hands.says(self.user, self.channel, text, thread_ts=thread_ts)
        await self.at.house.quiet()
        return self.posts[-1]

    async def presses(self, post: dict[str, Any], label: str, user: str = "") -> None:
        await self.hands.presses(user or self.user, self.channel, post["ts"], label)
        await self.at.house.quiet()

    async def presses_again(self, post: dict[str, Any], label: str, user: str = "") -> None:
        """As who still sees the post as it was."""
        shown = self.at.slack.channels[self.channel].post(post["ts"])
        assert shown is not None
        now = dict(shown)
        shown.update(post)
        payload = self.hands.press(user or self.user, self.channel, post["ts"], label)
        shown.update(now)
        await self.hands.send(payload, Kind.INTERACTIVE)
        await self.at.house.quiet()

    async def presses_value(self, post: dict[str, Any], value: str) -> None:
        name, pick = (labels(post)[0], "") if labels(post) else ("#0", options(post)[0])
        payload = self.hands.press(self.user, self.channel, post["ts"], name, pick)
        (done,) = payload["actions"]
        payload["actions"] = [
            done | ({"selected_option": done["selected_option"] | {"value": value}} if pick else {"value": value})
        ]
        await self.hands.send(payload, Kind.INTERACTIVE)
        await self.at.house.quiet()

    def now(self, post: dict[str, Any]) -> dict[str, Any]:
        """A post of ours as it stands now."""
        return next(one for one in self.posts if one["ts"] == post["ts"])

    async def last_outcome(self) -> str:
        """What came of what was done last in the channel."""
        query = select(inbox.c.outcome).where(inbox.c.envelope["slack_channel"].astext == self.channel)
        async with self.at.house.app.database.reading() as connection:
            return str(await connection.scalar(query.order_by(inbox.c.received_at.desc(), inbox.c.id).limit(1)))

    @property
    def other(self) -> str:
        """A colleague of the same partner's."""
        return f"U0TWO{self.channel}"


@pytest_asyncio.fixture(loop_scope="session")
async def talk(desk: Office) -> Talk:
    return await _talk(desk)


async def _talk(desk: Office) -> Talk:
    talk = Talk(desk, await take_slack_seat(desk, "quaywise"))
    desk.slack.add_user(talk.other, talk.seat.channel.partner_team_id, "Theo Two")
    return talk


def labels(post: dict[str, Any]) -> list[str]:
    """What stands on the buttons of a post."""
    rows = [block["elements"] for block in post.get("blocks", ()) if block["type"] == "actions"]
    return [button["text"]["text"] for row in rows for button in row if button["type"] == "button"]


def value_of(post: dict[str, Any]) -> str:
    """What the first button of a post carries."""
    return next(str(block["elements"][0]["value"]) for block in post["blocks"] if block["type"] == "actions")


def value_of_menu(post: dict[str, Any]) -> str:
    """The id that the choices of a menu carry."""
    menu = next(block["elements"][0] for block in post["blocks"] if block["type"] == "actions")
    return str(menu["options"][0]["value"]).partition(".")[0]


def judged(post: dict[str, Any]) -> bool:
    return any(block["type"] == "context_actions" for block in post.get("blocks", ()))


def below(post: dict[str, Any]) -> list[str]:
    """The small lines below a post."""
    rows = [block["elements"] for block in post.get("blocks", ()) if block["type"] == "context"]
    return [line["text"] for row in rows for line in row]


async def test_a_yes_is_pressed_and_counts_once_whoever_presses_later(talk: Talk) -> None:
    asked = dict(await talk.says(REGISTER))
    assert labels(asked) == ["Yes, register it", "No"]
    assert not judged(asked)
    await talk.presses(asked, "Yes, register it")
    answer, name = talk.posts[-1], talk.seat.contacts[talk.seat.main].name
    assert "Zephyr Mills" in answer["text"]
    assert answer["thread_ts"] == asked["thread_ts"]
    now = talk.now(asked)
    assert (labels(now), below(now), now["text"]) == ([], [f"✓ Yes, register it · {name}"], asked["text"])

    count = len(talk.posts)
    await talk.presses_again(asked, "Yes, register it")
    assert (len(talk.posts), await talk.last_outcome()) == (count, "pressed_twice")
    await talk.presses_again(asked, "No", talk.other)
    assert f"This question has already been answered: Yes, register it ({name})" in talk.posts[-1]["text"]
    assert await talk.last_outcome() == "taken_button"


async def test_a_button_is_for_the_people_it_asks_and_as_long_as_its_question_is_open(desk: Office, talk: Talk) -> None:
    asked = dict(await talk.says(REGISTER))
    count, stranger = len(talk.posts), desk.slack.add_user("U0STRANGER", "T0STRANGE", "Sam Stranger").id
    await talk.presses(asked, "Yes, register it", stranger)
    assert await talk.last_outcome() == "foreign_button"
    await talk.presses(asked, "Yes, register it", U_COLLEAGUE)
    assert await talk.last_outcome() == "partners_button"
    told = desk.slack.channels[f"D{U_COLLEAGUE[1:]}"].posts[-1]["text"]
    assert told.startswith(f"That button is for people of {talk.seat.partner.name}.")
    assert len(talk.posts) == count
    assert labels(talk.now(asked)) == ["Yes, register it", "No"]

    await talk.says("No, thank you.", asked["thread_ts"])
    name = talk.seat.contacts[talk.seat.main].name
    assert (labels(talk.now(asked)), below(talk.now(asked))) == ([], [f"✓ No · {name}"])
    before = await desk.house.registrations(talk.seat.partner.id)
    await talk.presses_again(asked, "Yes, register it")
    assert f"This question has already been answered: No ({name})" in talk.posts[-1]["text"]
    assert await desk.house.registrations(talk.seat.partner.id) == before


async def test_who_may_not_answer_leaves_the_buttons_to_a_colleague_who_may(desk: Office, talk: Talk) -> None:
    asked = dict(await talk.says(REGISTER))
    looks_on = Contact(
        f"c-{talk.channel}", talk.seat.partner.id, "Lou Looker", f"lou@{talk.seat.partner.domains[0]}",
        slack_user_id=talk.other, rights=(ContactRight.SEE_DEALS,),
    )  # fmt: skip
    await desk.house.app.crm.save_contact(looks_on)
    async with desk.house.app.database.begin() as connection:
        await mirror.store(connection, [looks_on])
    await talk.presses(asked, "Yes, register it", talk.other)
    assert labels(talk.now(asked)) == ["Yes, register it", "No"]
    await talk.presses(asked, "Yes, register it")
    assert labels(talk.now(asked)) == []


async def test_a_button_of_another_partner_or_of_nobody_does_nothing(desk: Office, talk: Talk) -> None:
    asked, theirs = dict(await talk.says(REGISTER)), await _talk(desk)
    shown = await theirs.says(REGISTER)
    count = len(talk.posts) + len(theirs.posts)
    await theirs.presses_value(shown, value_of(asked))
    assert len(talk.posts) + len(theirs.posts) == count
    assert await theirs.last_outcome() == "foreign_button"
    for value in ("", "00000000-0000-4000-8000-000000000000.0", "x" * 2_000, value_of(shown)[:-1] + "7"):
        await theirs.presses_value(shown, value)
        assert await theirs.last_outcome() in ("stale_button", "no_such_choice")
    assert labels(theirs.now(shown)) == ["Yes, register it", "No"]


async def test_an_answer_is_judged_once_and_a_bad_word_opens_a_task_with_a_link(talk: Talk) -> None:
    answer = dict(await talk.says("<@U0BOT> What is our tier?"))
    assert judged(answer)
    await talk.presses(answer, "Not helpful")
    assert not judged(talk.now(answer))
    assert below(talk.now(answer)) == ["Thank you for telling us. A colleague will look at this answer."]
    (task,) = await talk.at.house.tasks(partner_id=talk.seat.partner.id, kind="feedback")
    assert "an answer was called not helpful" in task["summary"]
    assert f"https://slack.com/archives/{talk.channel}/p" in task["summary"]
    await talk.presses_again(answer, "Helpful", talk.other)
    async with talk.at.house.app.database.reading() as connection:
        found = await slack_feedback.by_partner(connection)
    assert found[talk.seat.partner.id] == slack_feedback.Judged(helpful=0, not_helpful=1)


async def test_an_answer_is_judged_in_words_as_well(talk: Talk) -> None:
    answer = dict(await talk.says("<@U0BOT> What is our tier?"))
    count = len(talk.posts)
    await talk.hands.says(talk.user, talk.channel, "Hilfreich!", thread_ts=answer["thread_ts"])
    await talk.at.house.quiet()
    assert len(talk.posts) == count
    assert below(talk.now(answer)) == ["Thank you for your feedback."]


async def test_how_a_figure_comes_about_is_said_in_the_thread_at_a_press(talk: Talk) -> None:
    answer = dict(await talk.says("<@U0BOT> What commission would we earn on our deal with Greenore Packaging?"))
    assert labels(answer) == ["Show how"]
    await talk.presses(answer, "Show how")
    assert "15%" in talk.posts[-1]["text"]
    assert talk.posts[-1]["thread_ts"] == answer["thread_ts"]
    assert labels(talk.now(answer)) == []
    assert judged(talk.now(answer))
    count = len(talk.posts)
    await talk.presses_again(answer, "Show how", talk.other)
    assert (len(talk.posts), await talk.last_outcome()) == (count, "pressed_twice")


async def test_a_long_answer_comes_in_several_posts_in_order(talk: Talk) -> None:
    before = len(talk.posts)
    await talk.says("<@U0BOT> Please send us our commission plan.")
    told = talk.posts[before:]
    assert len(told) >= 2
    assert told[0]["text"].startswith("Hello")
    assert "Questions that partners ask" in "".join(post["text"] for post in told[-2:])
    assert [judged(post) for post in told] == [False] * (len(told) - 1) + [True]
    assert len({post["thread_ts"] for post in told}) == 1


def options(post: dict[str, Any]) -> list[str]:
    """What stands in the menu of a post."""
    rows = [block["elements"] for block in post.get("blocks", ()) if block["type"] == "actions"]
    menus = [one for row in rows for one in row if one["type"] == "static_select"]
    return [option["text"]["text"] for menu in menus for option in menu["options"]]


async def test_a_product_is_chosen_from_a_menu_or_typed_and_the_menu_goes(talk: Talk) -> None:
    lacking = (
        "<@U0BOT> Please register {}, website {}: 60 seats, EUR 17,280 per year, closing 31 March 2027. "
        "Contact: Harriet Dunmore, h.dunmore@{}."
    )
    pressed = dict(await talk.says(lacking.format("Zephyr Mills", *["zephyr.example"] * 2)))
    typed = dict(await talk.says(lacking.format("Quillon Foods", *["quillon.example"] * 2)))
    products = [product.name for product in talk.at.house.app.programs.at(talk.at.house.clock()).products]
    assert options(pressed)[: len(products)] == products
    name = talk.seat.contacts[talk.seat.main].name
    for never in ("9999", "-1", "99"):
        await talk.presses_value(pressed, f"{value_of_menu(pressed)}.{never}")
    assert options(talk.now(pressed)) == options(pressed)

    await talk.hands.presses(talk.user, talk.channel, pressed["ts"], "#0", products[1])
    await talk.at.house.quiet()
    assert (options(talk.now(pressed)), below(talk.now(pressed))) == ([], [f"✓ {products[1]} · {name}"])
    await talk.says(f"It is about {products[1]} and {products[0]}.", typed["thread_ts"])
    assert options(talk.now(typed)) == []
    assert below(talk.now(typed)) == [f"✓ {products[0]} and {products[1]} · {name}"]
    saved = {r["customer"]: r["products"] for r in await talk.at.house.registrations(talk.seat.partner.id)}
    assert (saved["Zephyr Mills"], saved["Quillon Foods"]) == ([products[1]], products[1::-1])


async def test_the_buttons_of_a_question_that_is_over_go_wherever_it_ended(desk: Office, talk: Talk) -> None:
    asked = dict(await talk.says(REGISTER))
    elsewhere = dict(await talk.says("<@U0BOT> Please withdraw our registration for Zephyr Mills."))
    assert elsewhere["thread_ts"] != asked["thread_ts"]
    assert "Zephyr Mills" in elsewhere["text"]
    assert (labels(talk.now(asked)), below(talk.now(asked))) == ([], []), elsewhere["text"]

    again = dict(await talk.says(REGISTER))
    count = len(talk.posts)
    await desk.house.pass_time(timedelta(days=33))
    assert "closed your draft" in " ".join(post["text"] for post in talk.posts[count:])
    assert (labels(talk.now(again)), below(talk.now(again))) == ([], [])
    await talk.presses_again(again, "Yes, register it")
    assert "no longer open" in talk.posts[-1]["text"]
