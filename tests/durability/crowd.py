"""Many sessions of a mail server that keep their connections, note every answer, and repeat what was not taken."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Iterable

from tests.durability.mails import AGENT, Sent
from tests.durability.sender import LOST

_PAUSE = 0.2  # seconds before a mail that was put off is tried again


class Crowd:
    """`codes` holds, for each Message-ID, what was answered at each attempt.

    Of each `deaf_to`-th mail the first answer is never heard: the line breaks once everything is said.
    """

    def __init__(self, port: int, mails: Iterable[Sent], *, deaf_to: int) -> None:
        self._deaf_to = deaf_to
        self._first = 0
        self.codes: dict[str, list[int]] = defaultdict(list)
        self._taken = 0
        self._milestones: dict[int, asyncio.Event] = defaultdict(asyncio.Event)
        self._port = port
        self._waiting = deque(mails)
        self._under_way = 0

    async def send(self, sessions: int) -> None:
        """Until every mail is taken."""
        await asyncio.gather(*(self._session() for _ in range(sessions)))

    async def _session(self) -> None:
        while self._waiting or self._under_way:
            if not self._waiting:  # others may still give theirs back
                await asyncio.sleep(_PAUSE)
                continue
            try:
                async with asyncio.timeout(60):
                    await self._connected()
            except (OSError, EOFError, TimeoutError):
                await asyncio.sleep(_PAUSE)

    async def _connected(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            line = _Line(reader, writer)
            await line.say(b"", "220")
            await line.say(b"EHLO crowd.example\r\n", "250")
            while self._waiting:
                await self._attempt(line, self._waiting.popleft())
        finally:
            writer.close()

    async def _attempt(self, line: _Line, mail: Sent) -> None:
        self._under_way += 1
        code = LOST
        try:
            code = await line.mail(mail, deaf=self._deaf(mail))
        finally:
            self._under_way -= 1
            self.codes[mail.message_id].append(code)
            if code == 250:
                self._count()
            else:
                self._waiting.append(mail)
        if code != 250:
            await asyncio.sleep(_PAUSE)

    async def has_taken(self, count: int) -> None:
        """Return once so many got 250."""
        await self._milestones[count].wait()

    def _count(self) -> None:
        self._taken += 1
        self._milestones[self._taken].set()

    def _deaf(self, mail: Sent) -> bool:
        if mail.message_id in self.codes:
            return False
        self._first += 1
        return self._first % self._deaf_to == 0


class _Line:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def mail(self, mail: Sent, *, deaf: bool) -> int:
        """The answer to its content. EOFError or OSError where the connection is lost before."""
        await self.say(f"MAIL FROM:<{mail.sender}>\r\n".encode(), "250")
        await self.say(f"RCPT TO:<{AGENT}>\r\n".encode(), "250")
        await self.say(b"DATA\r\n", "354")
        content = b"\r\n".join(mail.raw.splitlines()) + b"\r\n.\r\n"
        if deaf:
            self._writer.write(content)
            await self._writer.drain()
            await asyncio.sleep(_PAUSE)  # the answer arrives, and nobody reads it
            raise EOFError
        return await self._answer(content)

    async def say(self, words: bytes, code: str) -> None:
        if str(await self._answer(words)) != code:
            raise EOFError

    async def _answer(self, words: bytes) -> int:
        self._writer.write(words)
        while True:
            line = await self._reader.readline()
            if not line:
                raise EOFError
            if line[3:4] == b" ":
                return int(line[:3])
