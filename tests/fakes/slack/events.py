"""Delivers events as Slack does: signed, for three seconds, three times again, a mention as two events."""

from __future__ import annotations

import asyncio
import io
import itertools
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.channels.slack.edge.signing import sign
from tests.fakes.slack.web_api import APP_ID, BOT_USER, HOME, FakeSlack

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


@dataclass(frozen=True)
class Attempt:
    """One request: the status (0 when there was no answer in time) and the headers of the answer."""

    status: int
    headers: Mapping[str, str]
    body: str

    @property
    def acknowledged(self) -> bool:
        return 200 <= self.status < 300


class FakeSlackEvents:
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
        self._slack = slack
        self._url = url
        self._secret = secret
        self._timeout = timeout
        self._retry_delays = retry_delays
        self._ids = itertools.count(1)

    async def say(self, user_id: str, channel_id: str, text: str, **extra: Any) -> list[list[Attempt]]:
        """Somebody writes: the post stands in the channel and is delivered, once for each event that it makes."""
        post = {"type": "message", "user": user_id, "text": text, "ts": self._slack.next_ts(), **extra}
        self._slack.channels[channel_id].posts.append(post)
        payloads = [self.message(channel_id, post)]
        if f"<@{BOT_USER}" in text:
            payloads.append(self.mention(channel_id, post))
        return list(await asyncio.gather(*(self.deliver(payload) for payload in payloads)))

    def message(self, channel_id: str, post: dict[str, Any]) -> dict[str, Any]:
        """The `message` event: `event.team` and the outer `team_id` are the sender's."""
        user = self._slack.users.get(str(post.get("user")))
        team = user.team if user else HOME
        kind = "im" if channel_id.startswith("D") else "channel"
        event = {**post, "type": "message", "channel": channel_id, "channel_type": kind, "team": team}
        event |= {"event_ts": post.get("ts"), "client_msg_id": f"client-{post.get('ts')}"}
        return self.envelope(event, outer_team=team, external=self._is_external(channel_id))

    def mention(self, channel_id: str, post: dict[str, Any]) -> dict[str, Any]:
        """The `app_mention` event: `event.team` and the outer `team_id` are ours, the sender's is in `user_team`."""
        user = self._slack.users[str(post["user"])]
        event = {**post, "type": "app_mention", "channel": channel_id, "team": HOME, "event_ts": post["ts"]}
        if user.team != HOME:
            event |= {"user_team": user.enterprise or user.team, "source_team": user.enterprise or user.team}
        return self.envelope(event, outer_team=HOME, external=self._is_external(channel_id))

    def envelope(self, event: dict[str, Any], *, outer_team: str = HOME, external: bool = False) -> dict[str, Any]:
        number = next(self._ids)
        ours = {"enterprise_id": None, "team_id": HOME, "user_id": BOT_USER, "is_bot": True}
        return {
            "token": "legacy",
            "team_id": outer_team,
            "context_team_id": HOME,
            "context_enterprise_id": None,
            "api_app_id": APP_ID,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{number:08d}",
            "event_time": int(time.time()),
            "authorizations": [{**ours, "is_enterprise_install": False}],
            "is_ext_shared_channel": external,
            "event_context": f"4-{number}",
        }

    async def deliver(self, payload: dict[str, Any]) -> list[Attempt]:
        """Deliver until it is acknowledged, refused for good (`X-Slack-No-Retry`) or given up."""
        body = json.dumps(payload).encode()
        attempts = [await self.post(body)]
        for number, delay in enumerate(self._retry_delays, start=1):
            last = attempts[-1]
            if last.acknowledged or last.headers.get("X-Slack-No-Retry") == "1":
                break
            await asyncio.sleep(delay)
            reason = "http_error" if last.status else "http_timeout"
            retry = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
            attempts.append(await self.post(body, retry))
        return attempts

    async def post(
        self, body: bytes, headers: dict[str, str] | None = None, *, sign_at: float | None = None
    ) -> Attempt:
        """One signed request; `headers` may overwrite the signature."""
        signature = sign(body, self._secret, int(time.time() if sign_at is None else sign_at))
        sent = {"Content-Type": "application/json", **signature, **(headers or {})}
        limit = aiohttp.ClientTimeout(total=self._timeout)
        try:
            async with (
                aiohttp.ClientSession(timeout=limit) as session,
                session.post(self._url, data=io.BytesIO(body), headers=sent) as answer,
            ):
                return Attempt(answer.status, answer.headers, await answer.text())
        except (aiohttp.ClientError, TimeoutError):
            return Attempt(0, {}, "")

    def _is_external(self, channel_id: str) -> bool:
        channel = self._slack.channels.get(channel_id)
        return channel is not None and len(channel.teams) > 1
