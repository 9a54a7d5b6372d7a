"""A peer of the SMTP edge over real sockets, and an edge that keeps what it accepts."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from mail_ingest.edge import SmtpEdge
from mail_ingest.envelope import Envelope
from mail_ingest.limits import DEFAULT, Limits
from mail_ingest.smtp_session import Waiting

Accept = Callable[[Envelope], Awaitable[None]]


class Kept:
    """Keeps what it accepts; `fault` is raised instead where one is set."""

    def __init__(self) -> None:
        self.mails: list[Envelope] = []
        self.fault: Exception | None = None
        self.gate = asyncio.Event()
        self.gate.set()

    async def accept(self, envelope: Envelope) -> None:
        await self.gate.wait()
        if self.fault:
            raise self.fault
        self.mails.append(envelope)


class Peer:
    """A mail server that sends to the edge, one raw line at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def answer(self) -> str:
        lines = []
        while True:
            line = (await asyncio.wait_for(self.reader.readline(), 10)).decode()
            lines.append(line.rstrip())
            if line[3:4] != "-":
                return "\n".join(lines)

    async def say(self, line: str) -> str:
        self.writer.write(line.encode() + b"\r\n")
        return await self.answer()

    async def data(self, content: bytes) -> str:
        assert (await self.say("DATA")).startswith("354")
        self.writer.write(content + b"\r\n.\r\n")
        return await self.answer()

    async def upgrade(self, context: ssl.SSLContext) -> None:
        """The handshake after STARTTLS; nothing is said before or after."""
        # Not by the writer: its start_tls does not take uvloop's transports over.
        loop = asyncio.get_running_loop()
        transport = self.writer.transport
        protocol = transport.get_protocol()
        encrypted = await loop.start_tls(
            transport, protocol, context, server_hostname="mx.vendor.example", ssl_handshake_timeout=10
        )
        assert encrypted is not None
        self.writer = asyncio.StreamWriter(encrypted, protocol, self.reader, loop)

    async def closed(self) -> bool:
        """Whether the edge has hung up; what it said before is passed over."""
        await asyncio.wait_for(self.reader.read(), 10)
        return self.reader.at_eof()

    async def send(self, content: bytes, sender: str = "ann@acme.example") -> str:
        await self.say(f"MAIL FROM:<{sender}>")
        await self.say("RCPT TO:<partners@vendor.example>")
        return await self.data(content)


def ours(address: str) -> bool:
    return address.endswith("@vendor.example")


@asynccontextmanager
async def edge_for(
    accept: Accept,
    limits: Limits = DEFAULT,
    *,
    accept_timeout: float = 10.0,
    before_mail: float = 60.0,
    **settings: Any,
) -> AsyncIterator[SmtpEdge]:
    """Listening on a free port; `settings` are the edge's own."""
    settings.setdefault("waiting", Waiting(accept=accept_timeout, before_mail=before_mail))
    edge = SmtpEdge("127.0.0.1", 0, accept, ours, limits, "mx.vendor.example", **settings)
    await edge.start()
    try:
        yield edge
    finally:
        await edge.stop(grace=1.0)


@asynccontextmanager
async def peer_of(edge: SmtpEdge) -> AsyncIterator[Peer]:
    reader, writer = await asyncio.open_connection("127.0.0.1", edge.port)
    peer = Peer(reader, writer)
    try:
        assert (await peer.answer()).startswith("220 mx.vendor.example")
        await peer.say("EHLO mail.acme.example")
        yield peer
    finally:
        writer.close()
