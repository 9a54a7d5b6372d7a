"""Starts processes of the agent, waits until they are ready, and kills them without a warning."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

Role = Literal["accept", "work"]
_ROOT = Path(__file__).parents[2]
_START = """\
import gc, sys
gc.disable()  # what is imported stays: searching it for garbage would take a quarter of the start
from tests.durability.process import started
started(sys.argv[1])
"""


class Mortal:
    """A process that is started again after each kill; `kills` counts them."""

    def __init__(self, role: Role, environment: Mapping[str, str], log: Path) -> None:
        self.role = role
        self.kills = 0
        self._environment = {**_clean(), **environment}
        self._log = log
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, within: float = 180.0) -> None:
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", _START, self.role,
                cwd=_ROOT, env=self._environment, stdout=asyncio.subprocess.PIPE, stderr=log,
            )  # fmt: skip
        if self._process.stdout is None:
            raise RuntimeError("the process has no output")
        line = await asyncio.wait_for(self._process.stdout.readline(), within)
        if line != b"ready\n":
            raise RuntimeError(f"{self.role} did not start: {self._log.read_text()[-4_000:]}")

    async def kill(self) -> None:
        self.kills += 1
        await self.end()

    async def end(self) -> None:
        """SIGKILL: nothing is finished, closed or said goodbye to."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
            await self._process.wait()


@asynccontextmanager
async def mortals(environment: Mapping[str, str], folder: Path) -> AsyncIterator[tuple[Mortal, Mortal]]:
    """The accepting process and the working one, both ready; ended with the block."""
    pair = Mortal("accept", environment, folder / "accept.log"), Mortal("work", environment, folder / "work.log")
    try:
        await asyncio.gather(*(mortal.start() for mortal in pair))
        yield pair
    finally:
        for mortal in pair:
            await mortal.end()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PARTNERLINE_")}
