"""An agent whose Slack is one on this machine: partners write and drop files there, and read what it posts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from pydantic import SecretStr
from sqlalchemy import delete

from bot.storage.slack_tables import slack_pace
from tests.fakes.slack.delivering import SECRET, HttpTransport
from tests.fakes.slack.hands import Hands
from tests.fakes.slack.web_api import APP_TOKEN, BOT_USER, HOME, TOKEN, FakeSlack
from tests.fakes.slack.world import Post
from tests.scenarios.house import Came, House, demo_settings, open_house
from tests.scenarios.seats import Seat, take_seat


@dataclass(frozen=True)
class SlackHouse:
    house: House
    slack: FakeSlack
    hands: Hands


class AtSlack(Protocol):
    """An agent, its Slack, and the hands of the people there."""

    @property
    def house(self) -> House: ...
    @property
    def slack(self) -> FakeSlack: ...
    @property
    def hands(self) -> Hands: ...


@dataclass
class SlackSeat:
    """A partner's seat with its channel and people in that Slack."""

    at: AtSlack
    seat: Seat

    @property
    def slack(self) -> FakeSlack:
        return self.at.slack

    @property
    def hands(self) -> Hands:
        return self.at.hands

    @property
    def channel(self) -> str:
        return self.seat.channel.channel_id

    @property
    def user(self) -> str:
        return self.seat.contacts[self.seat.main].slack_user_id

    async def says(self, text: str, *, thread_ts: str = "") -> Post:
        post = await self.at.hands.says(self.user, self.channel, text, thread_ts=thread_ts)
        await self.at.house.quiet()
        return post

    async def drops(
        self, name: str, content: bytes, text: str = "", *, thread_ts: str = "", mention: bool = True, **facts: Any
    ) -> Post:
        said = f"<@{BOT_USER}> {text}" if mention else text
        post, _ = await self.at.hands.uploads(
            self.user, self.channel, name, content, text=said, thread_ts=thread_ts, **facts
        )
        await self.at.house.quiet()
        return post

    def answers(self, post: Post) -> str:
        """What the agent wrote in the thread of a post, as a person reads it."""
        thread = post.get("thread_ts") or post["ts"]
        posts = self.at.slack.channels[self.channel].posts
        own = [one for one in posts if one.get("user") == BOT_USER and one.get("thread_ts") == thread]
        said = "\n".join(str(one["text"]) for one in own)
        return said.replace("\u00a0", " ").replace("\u202f", " ").replace("&amp;", "&")

    async def came(self, post: Post) -> Came:
        return await self.at.house.one(f"{self.channel}:{post['ts']}")


@asynccontextmanager
async def slack_house(database_url: str, data_dir: Path) -> AsyncIterator[SlackHouse]:
    slack = FakeSlack()
    await slack.start()
    settings = demo_settings(database_url, data_dir).model_copy(
        update={
            "slack_bot_token": SecretStr(TOKEN), "slack_signing_secret": SecretStr(SECRET), "slack_team_id": HOME,
            "slack_app_token": SecretStr(APP_TOKEN), "slack_api_url": slack.base_url,
        }
    )  # fmt: skip
    try:
        async with open_house(settings) as house:
            yield SlackHouse(house, slack, Hands(slack, HttpTransport.to(f"http://127.0.0.1:{house.ports.http}")))
    finally:
        await slack.stop()


async def slack_seat(at: AtSlack, key: str) -> SlackSeat:
    return SlackSeat(at, await take_slack_seat(at, key))


async def take_slack_seat(at: AtSlack, key: str) -> Seat:
    """A seat whose people and channel that Slack knows."""
    seat = await take_seat(at.house, key)
    team = seat.channel.partner_team_id
    at.slack.add_team(team, seat.partner.name)
    at.slack.add_channel(seat.channel.channel_id, {HOME, team}, name=seat.channel.name)
    for contact in seat.contacts.values():
        if contact.slack_user_id:
            at.slack.add_user(contact.slack_user_id, team, contact.name)
    return seat


async def at_ease(at: AtSlack) -> None:
    """As many plays in a minute as nobody could write messages: what was asked of Slack before does not count."""
    async with at.house.app.database.begin() as connection:
        await connection.execute(delete(slack_pace))
