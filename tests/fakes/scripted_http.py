"""An HTTP server on a real socket that answers as the test wishes: any status, torn, late, or not in HTTP at all."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Reply:
    """`body` as JSON, or bytes as they are. `torn` hangs up after so many bytes of the body, before the head for -1."""

    status: int = 200
    body: object = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    torn: int | None = None
    pause: float = 0.0

    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass(frozen=True, slots=True)
class Heard:
    """A request as it came; header names in lower case. `connection` numbers the connections from 1."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    connection: int


@dataclass
class ScriptedHttp:
    """Answers with `replies` one by one, then with `always`; what came stands in `heard`."""

    replies: deque[Reply]
    always: Reply = field(default_factory=Reply)
    heard: list[Heard] = field(default_factory=list)
    port: int = 0
    connections: int = 0
    serving: set[asyncio.Task[Any]] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if task := asyncio.current_task():
            self.serving.add(task)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._talk(reader, writer, self.connections)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: int) -> None:
        while line := await reader.readline():
            self.heard.append(await _heard(line, reader, connection))
            reply = self.replies.popleft() if self.replies else self.always
            await asyncio.sleep(reply.pause)
            if not await _answer(reply, writer):
                return


async def _heard(line: bytes, reader: asyncio.StreamReader, connection: int) -> Heard:
    method, path, _ = line.decode().split(" ", 2)
    headers: dict[str, str] = {}
    while (row := await reader.readline()).strip():
        name, _, value = row.decode().partition(":")
        headers[name.strip().lower()] = value.strip()
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Heard(method, path, headers, body, connection)


async def _answer(reply: Reply, writer: asyncio.StreamWriter) -> bool:
    """False where the connection is to be closed."""
    if reply.torn == -1:
        return False
    content = reply.content()
    headers = {"Content-Length": str(len(content)), "Content-Type": "application/json", **reply.headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    writer.write(f"HTTP/1.1 {reply.status} Said\r\n{head}\r\n".encode())
    writer.write(content if reply.torn is None else content[: reply.torn])
    await writer.drain()
    return reply.torn is None


@asynccontextmanager
async def scripted_http(*replies: Reply, always: Reply | None = None) -> AsyncIterator[ScriptedHttp]:
    server = ScriptedHttp(deque(replies), always or Reply())
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, limit=1 << 24)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        if server.serving:
            await asyncio.wait(server.serving, timeout=5)  # the client has hung up
