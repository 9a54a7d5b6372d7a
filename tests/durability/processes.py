"""Starts processes of the agent, waits until they are ready, and kills them without a warning."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Literal

from tests.durability.process import started

Role = Literal["accept", "work"]
_FORKED = get_context("forkserver")
_FORKED.set_forkserver_preload([started.__module__])
"""A start costs a fork and not seconds of imports, once the first of a test run has paid for them."""


class Mortal:
    """A process that is started again after each kill; `kills` counts them."""

    def __init__(self, role: Role, environment: Mapping[str, str], log: Path) -> None:
        self.role = role
        self.kills = 0
        self._environment = {**_clean(), **environment}
        self._log = log
        self._process: ForkServerProcess | None = None

    async def start(self, within: float = 180.0) -> None:
        await asyncio.to_thread(self._start, within)

    def _start(self, within: float) -> None:
        ready, told = _FORKED.Pipe(duplex=False)
        given = self.role, self._environment, str(self._log), told
        self._process = _FORKED.Process(target=started, args=given, daemon=True)
        self._process.start()
        told.close()
        try:
            said = ready.recv() if ready.poll(within) else ""
        except EOFError:
            said = ""
        finally:
            ready.close()
        if said != self.role:
            raise RuntimeError(f"{self.role} did not start: {self._log.read_text()[-4_000:]}")

    async def kill(self) -> None:
        self.kills += 1
        await self.end()

    async def end(self) -> None:
        """SIGKILL: nothing is finished, closed or said goodbye to."""
        if self._process is not None and self._process.is_alive():
            self._process.kill()
            await asyncio.to_thread(self._process.join)


@asynccontextmanager
async def mortals(environment: Mapping[str, str], folder: Path, workers: int = 1) -> AsyncIterator[tuple[Mortal, ...]]:
    """The accepting process and the working ones, all ready; ended with the block."""
    every = (
        Mortal("accept", environment, folder / "accept.log"),
        *(Mortal("work", environment, folder / f"work{number or ''}.log") for number in range(workers)),
    )
    try:
        await asyncio.gather(*(mortal.start() for mortal in every))
        yield every
    finally:
        for mortal in every:
            await mortal.end()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PARTNERLINE_")}
