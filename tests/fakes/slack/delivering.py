"""Two ways to bring payloads to the app: signed requests that are tried again, or an open WebSocket."""

from __future__ import annotations

import asyncio
import io
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol
from urllib.parse import urlencode

import aiohttp

from bot.channels.slack.edge.signing import sign

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NO_RETRY = "X-Slack-No-Retry"


class Kind(StrEnum):
    """As Socket Mode names them."""

    EVENT = "events_api"
    INTERACTIVE = "interactive"
    COMMAND = "slash_commands"


@dataclass(frozen=True)
class Attempt:
    """One request: the status (0 when there was no answer in time) and the headers of the answer. Over a WebSocket an
    acknowledgement is 200, and its payload the body.
    """

    status: int
    headers: Mapping[str, str]
    body: str

    @property
    def acknowledged(self) -> bool:
        return 200 <= self.status < 300

    @property
    def answer(self) -> dict[str, Any]:
        """What was said with the acknowledgement; empty for nothing or for mere text."""
        try:
            found = json.loads(self.body or "null")
        except ValueError:
            return {"text": self.body}
        return found if isinstance(found, dict) else {}


class Transport(Protocol):
    async def deliver(self, payload: dict[str, Any], kind: Kind = Kind.EVENT) -> list[Attempt]:
        """Until it is acknowledged or given up. Only events are tried again; a press that fails, fails."""
        ...


@dataclass
class HttpTransport:
    """`urls` are where each kind is posted to. `retry_delays` stand for Slack's "at once, one minute, five minutes"."""

    urls: Mapping[Kind, str]
    secret: str = SECRET
    timeout: float = 3.0
    retry_delays: tuple[float, ...] = (0.0, 0.02, 0.05)
    quiet_retries: bool = False
    """Slack has also sent an event again without the headers that say so."""
    sent: int = field(default=0, init=False)

    @classmethod
    def to(cls, base: str, **more: Any) -> HttpTransport:
        """The agent's own paths below `base`."""
        paths = {Kind.EVENT: "events", Kind.INTERACTIVE: "interactive", Kind.COMMAND: "commands"}
        return cls({kind: f"{base}/slack/{path}" for kind, path in paths.items()}, **more)

    async def deliver(self, payload: dict[str, Any], kind: Kind = Kind.EVENT) -> list[Attempt]:
        body, content_type = encoded(payload, kind)
        attempts = [await self.post(body, kind=kind, content_type=content_type)]
        if kind is not Kind.EVENT:
            return attempts
        for number, delay in enumerate(self.retry_delays, start=1):
            last = attempts[-1]
            if last.acknowledged or last.headers.get(NO_RETRY) == "1":
                break
            await asyncio.sleep(delay)
            reason = "http_error" if last.status else "http_timeout"
            retry = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
            attempts.append(await self.post(body, {} if self.quiet_retries else retry))
        return attempts

    async def post(
        self,
        body: bytes,
        headers: dict[str, str] | None = None,
        *,
        kind: Kind = Kind.EVENT,
        content_type: str = "application/json",
        sign_at: float | None = None,
    ) -> Attempt:
        """One signed request; `headers` may overwrite the signature."""
        signature = sign(body, self.secret, int(time.time() if sign_at is None else sign_at))
        said = {"Content-Type": content_type, **signature, **(headers or {})}
        limit = aiohttp.ClientTimeout(total=self.timeout)
        self.sent += 1
        try:
            async with (
                aiohttp.ClientSession(timeout=limit) as session,
                session.post(self.urls[kind], data=io.BytesIO(body), headers=said) as answer,
            ):
                return Attempt(answer.status, answer.headers, await answer.text())
        except (aiohttp.ClientError, TimeoutError):
            return Attempt(0, {}, "")


class NoTransport:
    """The app is not running: nothing arrives."""

    async def deliver(self, payload: dict[str, Any], kind: Kind = Kind.EVENT) -> list[Attempt]:
        return [Attempt(0, {}, "")]


def encoded(payload: dict[str, Any], kind: Kind) -> tuple[bytes, str]:
    """The body over HTTP: events are JSON, presses JSON in a form, commands a form."""
    if kind is Kind.EVENT:
        return json.dumps(payload).encode(), "application/json"
    form = payload if kind is Kind.COMMAND else {"payload": json.dumps(payload)}
    return urlencode(form).encode(), "application/x-www-form-urlencoded"
