"""Delivers events as Slack does: signed, for three seconds, three times again, a mention as two events."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.fakes.slack.delivering import SECRET, Attempt, HttpTransport, Kind
from tests.fakes.slack.hands import Hands
from tests.fakes.slack.web_api import FakeSlack

__all__ = ["SECRET", "Attempt", "FakeSlackEvents"]


class FakeSlackEvents(Hands):
    """Posts to `url`. `retry_delays` stand for Slack's "at once, one minute, five minutes"."""

    def __init__(
        self,
        slack: FakeSlack,
        url: str,
        *,
        secret: str = SECRET,
        timeout: float = 3.0,
        retry_delays: tuple[float, ...] = (0.0, 0.02, 0.05),
    ) -> None:
        base = url.removesuffix("/slack/events")
        self.http = HttpTransport.to(base, secret=secret, timeout=timeout, retry_delays=retry_delays)
        super().__init__(slack, self.http)

    def message(self, channel_id: str, post: dict[str, Any]) -> dict[str, Any]:
        """The `message` event: `event.team` and the outer `team_id` are the sender's."""
        return self.payloads.message(channel_id, post)

    def mention(self, channel_id: str, post: dict[str, Any]) -> dict[str, Any]:
        """The `app_mention` event: `event.team` and the outer `team_id` are ours, the sender's is in `user_team`."""
        return self.payloads.mention(channel_id, post)

    def envelope(self, event: dict[str, Any], *, outer_team: str = "", external: bool = False) -> dict[str, Any]:
        return self.payloads.envelope(event, outer_team=outer_team, external=external)

    async def deliver(self, payload: dict[str, Any], kind: Kind = Kind.EVENT) -> list[Attempt]:
        """Deliver until it is acknowledged, refused for good (`X-Slack-No-Retry`) or given up."""
        return await self.http.deliver(payload, kind)

    async def post(
        self, body: bytes, headers: dict[str, str] | None = None, *, sign_at: float | None = None
    ) -> Attempt:
        """One signed request; `headers` may overwrite the signature."""
        return await self.http.post(body, headers, sign_at=sign_at)

    async def say(self, user_id: str, channel_id: str, text: str, **extra: Any) -> list[list[Attempt]]:
        """Somebody writes: the post stands in the channel and is delivered, once for each event that it makes."""
        post = self.write(user_id, channel_id, text, **extra)
        return list(await asyncio.gather(*(self.deliver(payload) for payload in self.events_of(channel_id, post))))
