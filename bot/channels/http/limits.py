"""What a stranger may send: requests are bounded in size and time, and every answer carries safe headers."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class SafeHeaders:
    """Adds `SAFE_HEADERS` to each answer, except those the page has set itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SAFE_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        return await self._app(scope, receive, send_with_headers)


class _BodyError(Exception):
    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class BodyLimits:
    """Answers 413 to a body over `max_bytes`, 408 to one that is not there after `max_seconds`, 400 to half a body.

    A body that states its size is refused before any of it is read.
    """

    def __init__(self, app: ASGIApp, max_bytes: int, max_seconds: float) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._max_seconds = max_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        try:
            self._check_stated_size(Headers(scope=scope))
            # The body is read here, whole, so that no handler ever waits for it.
            body = await self._read(receive)
        except _BodyError as refused:
            answer = PlainTextResponse(refused.reason, refused.status, {"Connection": "close"})
            return await answer(scope, receive, send)
        return await self._app(scope, _replay(body, receive), send)

    def _check_stated_size(self, headers: Headers) -> None:
        stated = headers.get("content-length", "0")
        if not stated.isdecimal() or int(stated[:20]) > self._max_bytes:
            raise _BodyError(413, "too large")

    async def _read(self, receive: Receive) -> list[Message]:
        messages: list[Message] = []
        size = 0
        try:
            async with asyncio.timeout(self._max_seconds):
                while True:
                    messages.append(message := await receive())
                    size += len(message.get("body", b""))
                    if size > self._max_bytes:
                        raise _BodyError(413, "too large")
                    if message["type"] != "http.request":
                        raise _BodyError(400, "cut short")
                    if not message.get("more_body"):
                        return messages
        except TimeoutError as error:
            raise _BodyError(408, "too slow") from error


def _replay(messages: list[Message], receive: Receive) -> Receive:
    waiting = iter(messages)

    async def replayed() -> Message:
        for message in waiting:
            return message
        return await receive()

    return replayed
