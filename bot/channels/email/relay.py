"""Hands mails to the SMTP relay over a few kept connections: several are made ready at once, one at a time is ended."""

from __future__ import annotations

import asyncio
import time
from typing import Literal

from aiosmtplib import SMTP

from bot.channels.email.relay_line import (
    Line,
    RelayError,
    RelayOutcomeUnknown,
    RelayRefused,
    RelayUnavailable,
)

__all__ = ["Letter", "Relay", "RelayError", "RelayOutcomeUnknown", "RelayRefused", "RelayUnavailable", "Tls"]

Tls = Literal["starttls", "tls", "none"]
_HUNG_UP = 0.1  # seconds until a relay that takes one connection has noticed that it was ended
_FEWER_FOR = 600.0  # seconds for which a relay that took no further connection is not asked for one


class Relay:
    """One relay, with at most `connections` to it, and with fewer where it takes no more; `close` at the end.

    `timeout` is for each answer in seconds, `data_timeout` for the one after DATA: a relay may check a mail for minutes
    before it says that it has taken it, and who does not wait sends it twice (RFC 5321, section 4.5.3.2.6).
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        user: str = "",
        password: str = "",
        tls: Tls = "starttls",
        timeout: float = 30.0,
        data_timeout: float = 600.0,
        local_hostname: str = "localhost",
        connections: int = 1,
    ) -> None:
        def client() -> SMTP:
            return SMTP(
                hostname=host, port=port, username=user or None, password=password or None, use_tls=tls == "tls",
                start_tls=tls == "starttls", timeout=timeout, local_hostname=local_hostname,
            )  # fmt: skip

        self.connections = connections
        self._client = client
        self._data_timeout = data_timeout
        self._lines: list[Line] = []
        self._idle: list[Line] = []
        self._given: list[Letter] = []  # on a line and not ended, the one that was given last at the end
        self._most = connections
        self._more_at = 0.0
        self._turn = asyncio.Lock()
        self._moved = asyncio.Event()

    async def send(self, raw: bytes, mail_from: str, rcpt: str) -> None:
        """Returns when the relay has taken the mail. `mail_from` "" is the empty sender."""
        await self.letter(raw, mail_from, rcpt).end()

    def letter(self, raw: bytes, mail_from: str, rcpt: str) -> Letter:
        """A mail of which the relay knows nothing yet."""
        return Letter(self, raw, mail_from, rcpt)

    async def _ready(self, letter: Letter) -> None:
        line = self._free()
        if line is None:
            return
        try:
            await self._give(letter, line)
        except RelayUnavailable as fault:
            if fault.only_this or not self._lines:  # where another stands or is being opened, that one is waited for
                raise
            self._most, self._more_at = max(1, len(self._lines)), time.monotonic() + _FEWER_FOR

    async def rest(self) -> None:
        """Nothing more is to come for now: one connection is kept."""
        async with self._turn:
            while len(self._idle) > 1:
                line = self._idle.pop()
                self._lines.remove(line)
                await line.quit()

    async def close(self) -> None:
        async with self._turn:
            for line in self._lines:
                await line.quit()
            self._lines, self._idle, self._given = [], [], []

    async def _end(self, letter: Letter) -> None:
        async with self._turn:
            line = letter.line
            if line is None or not line.is_open:
                self._leave(letter)
                line = await self._at_last()
                await self._give(letter, line)
            try:
                await line.end()
            finally:
                self._leave(letter)

    async def _give(self, letter: Letter, line: Line) -> None:
        try:
            await line.give(letter.raw, letter.mail_from, letter.rcpt)
        except BaseException as fault:
            self._back(line, lost=isinstance(fault, RelayUnavailable) and not fault.only_this)
            raise
        letter.line = line
        self._given.append(letter)
        self._moved.set()

    @property
    def most(self) -> int:
        """How many connections the relay is asked for now."""
        return self.connections if time.monotonic() >= self._more_at else self._most

    def _free(self) -> Line | None:
        if self._idle:
            return self._idle.pop()
        if len(self._lines) >= self.most:
            return None
        line = Line(self._client(), self._data_timeout)
        self._lines.append(line)
        return line

    async def _at_last(self) -> Line:
        """A free connection, or that of a mail that is ready and not yet to be ended: it will be given once more."""
        while True:
            if (line := self._free()) is not None:
                return line
            if self._given:
                later = self._given.pop()
                line, later.line = later.line, None
                if line is not None:
                    line.cut()
                    await asyncio.sleep(_HUNG_UP)
                    return line
            self._moved.clear()
            await self._moved.wait()

    def _leave(self, letter: Letter) -> None:
        if letter.line is not None:
            self._given.remove(letter)
            self._back(letter.line)
            letter.line = None

    def _back(self, line: Line, *, lost: bool = False) -> None:
        if lost:
            line.cut()
            self._lines.remove(line)
        else:
            self._idle.append(line)
        self._moved.set()

    def _drop(self, letter: Letter) -> None:
        if letter.line is not None:
            letter.line.cut()
            self._leave(letter)


class Letter:
    """A mail on its way to the relay. `line` is None while no connection has it."""

    def __init__(self, relay: Relay, raw: bytes, mail_from: str, rcpt: str) -> None:
        self.raw = raw
        self.mail_from = mail_from
        self.rcpt = rcpt
        self.line: Line | None = None
        self._relay = relay

    async def make_ready(self) -> None:
        """Where a connection is free the relay gets all of it but the end; else it waits for its end.

        Raises RelayRefused, and RelayUnavailable where only this mail is put off or no connection stands.
        """
        await self._relay._ready(self)  # noqa: SLF001

    async def end(self) -> None:
        """Returns when the relay has taken the mail; raises as `Relay.send`. One mail is ended at a time."""
        await self._relay._end(self)  # noqa: SLF001 - two halves of one thing

    def drop(self) -> None:
        """It is not to be sent after all; the relay forgets what it has of it."""
        self._relay._drop(self)  # noqa: SLF001
