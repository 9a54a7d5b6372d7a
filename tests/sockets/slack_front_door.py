"""The public application on a real port, a dict for its database, and a Slack that delivers to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.channels.http.public import public_app
from bot.channels.http.server import HttpServer
from bot.channels.slack.api.installation import Installation
from bot.channels.slack.edge.endpoints import event_endpoint, form_endpoint
from bot.channels.slack.edge.events import SlackEvent, Stop
from bot.channels.slack.edge.front import Front
from bot.channels.slack.edge.presses import Press
from tests.fakes.slack.events import SECRET, FakeSlackEvents
from tests.fakes.slack.web_api import BOT_USER, HOME, FakeSlack

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


@dataclass
class Inbox:
    """Keeps each key once, as the inbox table does.

    `failures` are raised one by one before anything is kept, `delays` (seconds) are waited for first.
    """

    failures: list[BaseException] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    rows: dict[tuple[str, ...], SlackEvent] = field(default_factory=dict)
    seen: list[SlackEvent] = field(default_factory=list)
    notices: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    presses: list[Press] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)

    async def slack(self, event: SlackEvent) -> None:
        self.seen.append(event)
        if self.delays:
            await asyncio.sleep(self.delays.pop(0))
        if self.failures:
            raise self.failures.pop(0)
        self.rows.setdefault(event.key, event)

    async def press(self, team: str, press: Press, received_at: datetime) -> None:
        assert (team, received_at) == (HOME, NOW)
        if self.failures:
            raise self.failures.pop(0)
        self.presses.append(press)

    async def notice(self, kind: str, payload: Mapping[str, Any]) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.notices.append((kind, payload))

    def stopped(self, stop: Stop, _payload: Mapping[str, Any]) -> None:
        self.stops.append(stop)

    @property
    def texts(self) -> list[str]:
        return [row.payload["event"]["text"] for row in self.rows.values()]


@dataclass
class FrontDoor:
    slack: FakeSlack
    inbox: Inbox
    events: FakeSlackEvents
    url: str

    @property
    def interactive(self) -> str:
        return f"{self.url}/slack/interactive"


async def nobody(_token: str) -> bool:
    return False


async def healthy() -> Mapping[str, Any]:
    return {"ok": True}


@asynccontextmanager
async def front_door() -> AsyncIterator[FrontDoor]:
    slack, inbox = FakeSlack(), Inbox()
    front = Front(Installation(HOME, BOT_USER), inbox, lambda: NOW, stopped=inbox.stopped)
    slack_in, forms = event_endpoint(front, SECRET), form_endpoint(front, SECRET)
    app = public_app(health=healthy, unsubscribe=nobody, slack=slack_in, slack_forms=forms)
    server = HttpServer(app, "127.0.0.1", 0)
    await server.start()
    try:
        url = f"http://127.0.0.1:{server.port}"
        yield FrontDoor(slack, inbox, FakeSlackEvents(slack, f"{url}/slack/events"), url)
    finally:
        await server.stop()
