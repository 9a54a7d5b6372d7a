"""An SMTP relay on a real socket that answers as the test wishes: takes, refuses, hangs up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

TAKES = {"MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on", ".": "250 taken", "RSET": "250 ok", "QUIT": "221 bye"}


@dataclass
class ScriptedRelay:
    """`answers` maps a command ("." for the end of DATA) to its answer; "hang up" closes the connection instead.
    `refusals` maps a recipient to the answer to its RCPT; `recipients` are those that were taken.

    `pause` is how many seconds it thinks about a mail before the answer.
    """

    answers: dict[str, str] = field(default_factory=lambda: dict(TAKES))
    greeting: str = "220 relay.example"
    taken: list[bytes] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    connections: int = 0
    pause: float = 0.0
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        writer.write(self.greeting.encode() + b"\r\n")
        while line := await reader.readline():
            command = line.split()[0].decode().upper() if line.split() else ""
            if command == "MAIL":
                self.senders.append(line.decode().strip())
            if command == "RCPT" and not self._recipient(line.decode(), writer):
                continue
            if not self._answer(command, writer):
                break
            if command == "DATA" and self.answers["DATA"].startswith("354"):
                mail = await reader.readuntil(b"\r\n.\r\n")
                await asyncio.sleep(self.pause)
                if self.answers["."].startswith("250"):
                    self.taken.append(mail.removesuffix(b".\r\n"))
                if not self._answer(".", writer):
                    break
        writer.close()

    def _recipient(self, line: str, writer: asyncio.StreamWriter) -> bool:
        to = line.partition("<")[2].partition(">")[0]
        if to in self.refusals:
            writer.write(self.refusals[to].encode() + b"\r\n")
            return False
        self.recipients.append(to)
        return True

    def _answer(self, command: str, writer: asyncio.StreamWriter) -> bool:
        answer = "250 relay.example" if command in ("EHLO", "HELO") else self.answers.get(command, "502 no")
        if answer != "hang up":
            writer.write(answer.encode() + b"\r\n")
        return answer != "hang up" and command != "QUIT"


@asynccontextmanager
async def running_relay() -> AsyncIterator[ScriptedRelay]:
    relay = ScriptedRelay()
    server = await asyncio.start_server(relay.serve, "127.0.0.1", 0)
    relay.port = server.sockets[0].getsockname()[1]
    try:
        yield relay
    finally:
        server.close()
        await server.wait_closed()
