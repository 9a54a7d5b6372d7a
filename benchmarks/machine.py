"""The machine a benchmark ran on, and a PostgreSQL of the benchmark's own."""

from __future__ import annotations

import os
import platform
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.storage.postgres import Postgres, find_postgres, stop_embedded


def described() -> str:
    """Cores, processor, Python and load: what figures have to be read with."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"{cores} cores ({_processor()}), {platform.system()}, Python {platform.python_version()}; "
        f"load before the run: {load}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


@asynccontextmanager
async def embedded_server() -> AsyncIterator[Postgres]:
    """The server the product brings, with its own settings (fsync on), in a folder that goes afterwards."""
    with tempfile.TemporaryDirectory(prefix="plb-") as folder:
        try:
            yield await find_postgres("", Path(folder))
        finally:
            stop_embedded(Path(folder))
