"""A mail relay over a real socket, with moods: it takes mails, puts them off, refuses them, or hangs up."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from enum import StrEnum
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


class Mood(StrEnum):
    """well; putting_off: 451; refusing: 550; full: 421 and the line is closed; lost: taken, and the line is cut before
    the answer.
    """

    WELL = "well"
    PUTTING_OFF = "putting_off"
    REFUSING = "refusing"
    FULL = "full"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail as the relay got it."""

    to: tuple[str, ...]
    mail: Message

    @property
    def message_id(self) -> str:
        return str(self.mail["Message-ID"]).strip()

    @property
    def in_reply_to(self) -> str:
        return str(self.mail["In-Reply-To"] or "").strip()


class FakeRelay:
    """`moods` are those of the next mails, one each; afterwards `mood` holds. `asked` counts every attempt."""

    def __init__(self) -> None:
        self.mood = Mood.WELL
        self.moods: list[Mood] = []
        self.taken: list[Taken] = []
        self.asked = 0
        self.host = "127.0.0.1"
        self.port = 0
        self._server: asyncio.Server | None = None
        self._lines: set[_Line] = set()

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Line(self, self._lines), self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Hang up on everybody; `start` listens on the same port again."""
        if self._server is None:
            return
        self._server.close()
        for line in tuple(self._lines):
            line.cut()
        await self._server.wait_closed()
        self._server = None

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.asked += 1
        mood = self.moods.pop(0) if self.moods else self.mood
        if mood in (Mood.WELL, Mood.LOST):
            self.taken.append(Taken(tuple(envelope.rcpt_tos), message_from_bytes(_bytes(envelope.content))))
        if mood in (Mood.LOST, Mood.FULL) and isinstance(server, _Line):
            return await server.end(mood)
        return {Mood.PUTTING_OFF: "451 4.3.0 later", Mood.REFUSING: "550 5.1.1 nobody here"}.get(mood, "250 OK")


class _Line(SMTP):
    def __init__(self, relay: FakeRelay, lines: set[_Line]) -> None:
        super().__init__(relay, loop=asyncio.get_running_loop(), hostname="relay.example", enable_SMTPUTF8=True)
        self._lines = lines

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._lines.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        self._lines.discard(self)
        super().connection_lost(error)

    async def end(self, mood: Mood) -> str:
        if mood is Mood.FULL:
            await self.push("421 4.3.2 closing")
        self.cut()
        return "250 nobody hears this"

    def cut(self) -> None:
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()


def _bytes(content: object) -> bytes:
    if not isinstance(content, bytes):
        raise TypeError("the relay is asked for bytes")
    return content
