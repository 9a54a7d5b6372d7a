"""A wire to the PostgreSQL server that can be cut at a chosen word, to lose requests and answers for real."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from sqlalchemy import URL, make_url

_PORT = 5432


class Wire:
    """Passes bytes both ways. When the client says `word`, the wire is cut: after the server has carried it out
    (`delivered`), or before it hears of it.
    """

    def __init__(self, host: str, port: int) -> None:
        """`host` is a folder with the server's socket, or a name or address."""
        self.word = b""
        self.delivered = True
        self._host = host
        self._port = port
        self._tasks: set[asyncio.Task[None]] = set()

    def cut_at(self, word: str, *, delivered: bool) -> None:
        self.word, self.delivered = word.encode(), delivered

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        answers, requests = await self._dial()
        back = asyncio.ensure_future(_copy(answers, writer))
        try:
            await self._forward(reader, requests, back)
        finally:
            back.cancel()
            for end in (writer, requests):
                end.close()
                with contextlib.suppress(ConnectionError):
                    await end.wait_closed()
            self._tasks.discard(task)

    async def _dial(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._host.startswith("/"):
            return await asyncio.open_unix_connection(Path(self._host) / f".s.PGSQL.{self._port}")
        return await asyncio.open_connection(self._host, self._port)

    async def settle(self) -> None:
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _forward(
        self, client: asyncio.StreamReader, server: asyncio.StreamWriter, back: asyncio.Future[None]
    ) -> None:
        while data := await client.read(65536):
            cut = bool(self.word) and self.word in data
            if cut:
                self.word = b""
                back.cancel()
            if not cut or self.delivered:
                server.write(data)
                await server.drain()
            if cut:
                # Time for the server to carry it out; a closed socket might abort it.
                await asyncio.sleep(0.2)
                return


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await source.read(65536):
            target.write(data)
            await target.drain()


@contextlib.asynccontextmanager
async def wire_to(database: str) -> AsyncIterator[tuple[Wire, URL]]:
    """A wire and the URL of `database` through it."""
    url = make_url(database)
    host = str(url.query.get("host", url.host))
    with tempfile.TemporaryDirectory(prefix="plw-") as folder:
        wire = Wire(host, url.port or _PORT)
        server = await asyncio.start_unix_server(wire.serve, Path(folder) / f".s.PGSQL.{_PORT}")
        async with server:
            yield wire, url.update_query_dict({"host": folder}).set(port=_PORT)
        await wire.settle()
