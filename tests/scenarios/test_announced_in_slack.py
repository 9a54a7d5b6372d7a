"""An announcement from a manager's form to the partner's channel and back: answers by several, progress, pause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.storage.announcement_tables import announcement_recipients, announcements
from tests.fakes.slack.patience import wait_for
from tests.fakes.slack.web_api import BOT_USER
from tests.fakes.slack.world import FakeView, Post
from tests.scenarios.deciding import U_JONAS, Office
from tests.scenarios.seats import Seat
from tests.scenarios.slack_here import take_slack_seat

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("announced in slack")]

TEXT = """\
Dear {first_name}, on **Thursday** we show what is new. See [the program](https://lumora.example/spring) <!channel>.

- Prices of 2027
- What {partner} gains
"""


@dataclass
class Scene:
    desk: Office
    seat: Seat

    async def announces(self, subject: str, **filled: Any) -> FakeView:
        """Jonas announces to the partner, through form, preview and confirmation."""
        hands, said = self.desk.hands, {"partners": [self.seat.partner.id], "text": TEXT, "quiet": "any", **filled}
        await hands.commands(U_JONAS, "C0MANAGERS", f"announce {subject}")
        view = await hands.opened(U_JONAS)
        await wait_for(lambda: view.body["callback_id"] == "counter_write", 5.0)
        assert await hands.submits(view, said) == {}
        assert await hands.submits(view) == {}
        assert "on its way" in str(view.body), view.body
        await self.goes_on()
        return view

    async def goes_on(self) -> None:
        """What the clock does every few seconds."""
        for _ in range(3):
            await self.desk.house.quiet()
            await self.desk.house.app.jobs.housekeeping("announce")
        await self.desk.house.quiet()

    def posts(self, subject: str) -> list[Post]:
        """Ours in the partner's channel, in that thread."""
        ours = [post for post in self.desk.slack.channels[self.channel].posts if post["user"] == BOT_USER]
        first = next(post for post in ours if str(post["text"]).startswith(subject))
        return [first, *(post for post in ours if post.get("thread_ts") == first["ts"])]

    def progress(self, subject: str) -> Post:
        direct = self.desk.slack.channels[f"D{U_JONAS[1:]}"].posts
        return next(post for post in direct if str(post["text"]).startswith(f"“{subject}”"))

    async def answers(self, subject: str) -> Mapping[str, str]:
        """By contact."""
        a, r = announcements.c, announcement_recipients.c
        query = select(r.contact_id, r.answer).join(announcements, a.id == r.announcement_id)
        async with self.desk.house.app.database.reading() as connection:
            rows = await connection.execute(query.where(a.subject == subject, r.answer != ""))
            return {row.contact_id: row.answer for row in rows}

    @property
    def channel(self) -> str:
        return self.seat.channel.channel_id


@pytest.fixture
async def scene(desk: Office) -> Scene:
    return Scene(desk, await take_slack_seat(desk, "quaywise"))


def labels(post: Post) -> list[str]:
    rows = [block["elements"] for block in post["blocks"] if block["type"] == "actions"]
    return [button["text"]["text"] for row in rows for button in row]


async def test_several_people_of_a_partner_answer_one_post_each_for_himself(scene: Scene) -> None:
    desk, seat = scene.desk, scene.seat
    await scene.announces("Spring webinar", call="answer")
    (post,) = scene.posts("Spring webinar")
    assert labels(post) == ["Yes", "No", "Maybe"]
    for words in ("From Jonas Weber, Lumora", "How to stop these", "Dear everyone, on ", "<!channel>"):
        assert words in str(post["blocks"]), words
    assert "&lt;!channel&gt;" in post["text"]
    assert seat.partner.name in post["text"]

    alice, bob, *_ = (one for one in seat.contacts.values() if one.slack_user_id)
    await desk.hands.presses(alice.slack_user_id, scene.channel, post["ts"], "Yes")
    await desk.house.quiet()
    await desk.hands.says(bob.slack_user_id, scene.channel, "maybe, I have to ask", thread_ts=post["ts"])
    await desk.house.quiet()
    assert await scene.answers("Spring webinar") == {alice.id: "yes", bob.id: "maybe"}
    now, thanked, noted = scene.posts("Spring webinar")
    assert labels(now) == ["Yes", "No", "Maybe"]
    assert "your yes" in thanked["text"]
    assert "not sure yet" in noted["text"]

    await desk.hands.presses(bob.slack_user_id, scene.channel, post["ts"], "No")
    await desk.house.quiet()
    assert await scene.answers("Spring webinar") == {alice.id: "yes", bob.id: "no"}
    await desk.hands.commands(U_JONAS, "C0MANAGERS", "announcements")
    view = await desk.hands.opened(U_JONAS)
    await wait_for(lambda: "1 yes, 1 no" in str(view.body), 5.0)


async def test_progress_is_one_message_and_the_report_comes_with_a_chart_and_a_spreadsheet(scene: Scene) -> None:
    await scene.announces("Summer webinar", call="answer")
    shown = scene.progress("Summer webinar")
    assert "has gone out" in shown["text"]
    assert labels(shown) == ["Report", "Remind"]
    await scene.desk.hands.presses(U_JONAS, f"D{U_JONAS[1:]}", shown["ts"], "Report")
    view = await scene.desk.hands.opened(U_JONAS)
    await wait_for(lambda: "comes to you directly" in str(view.body), 20.0)
    await scene.desk.house.quiet()
    told = scene.desk.slack.channels[f"D{U_JONAS[1:]}"].posts
    assert any("Summer webinar" in str(post["text"]) and post["ts"] != shown["ts"] for post in told)
    files = [str(file["name"]) for post in told for file in post.get("files", ())]
    assert [name.rpartition(".")[2] for name in files if "summer-webinar" in name] == ["png", "csv"]


async def test_one_of_several_days_is_chosen_in_the_channel(scene: Scene) -> None:
    days = [scene.desk.house.app.today() + timedelta(days=number) for number in range(20, 27)]
    await scene.announces("Training days", call="date", dates=", ".join(map(str, days)))
    (post,) = scene.posts("Training days")
    (menu,) = (block["elements"][0] for block in post["blocks"] if block["type"] == "actions")
    assert len(menu["options"]) == 8
    person = scene.seat.contacts[scene.seat.main]
    pick = menu["options"][2]["text"]["text"]
    await scene.desk.hands.presses(person.slack_user_id, scene.channel, post["ts"], menu["action_id"], pick)
    await scene.desk.house.quiet()
    assert await scene.answers("Training days") == {person.id: str(days[2])}
