"""What hostile mails cost to read: processor time and memory, in the reading process and in the agent beside it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.hostile_mails import HEAD, MB, READABLE, REFUSED
from mail_ingest.apart import ReaderApart
from mail_ingest.errors import MailRefused
from mail_ingest.parse import parse

SECONDS, MEGABYTES = 2.0, 300.0
_SHOWN = 12  # of the most costly; every one counts for the worst
_OWN = Path("/proc/self")


@dataclass(frozen=True, slots=True)
class Hostile:
    """`here` is parsing in this process, `apart` in one of its own, both in seconds of processor time.

    `apart_mb` is what that process grew by at its peak, `agent_mb` what this one did meanwhile; `refused` says why.
    """

    name: str
    mb: float
    here: float
    apart: float
    apart_mb: float
    agent_mb: float
    refused: str


def mails() -> Mapping[str, bytes]:
    return {**READABLE, **{f"beyond the limit on {name}": raw for name, raw in REFUSED.items()}}


def measure(step: Callable[[], None]) -> tuple[Hostile, ...]:
    """The most costly first. Peaks of memory are told by Linux only."""
    return tuple(sorted(asyncio.run(_all(step)), key=lambda one: -max(one.here, one.apart)))


async def _all(step: Callable[[], None]) -> list[Hostile]:
    reader = ReaderApart(ordinary=0, processes=1)
    found = []
    try:
        for name, raw in mails().items():
            await reader.parse(HEAD + b"\r\nwarm")  # a process that was killed is started anew outside of what is taken
            found.append(await _measured(reader, name, raw))
            step()
    finally:
        await reader.aclose()
    return found


async def _measured(reader: ReaderApart, name: str, raw: bytes) -> Hostile:
    (process,) = _reading()
    both = (_OWN, Path(f"/proc/{process.pid}"))
    before = [_new_peak(at) for at in both]
    began = _used(process)
    refused = ""
    try:
        await reader.parse(raw)
    except MailRefused as fault:
        refused = fault.reason
    apart = max(_used(process) - began, 0.0)
    agent, child = (_peak(at) - was for at, was in zip(both, before, strict=True))
    return Hostile(name, len(raw) / MB, _here(raw), apart, max(child, 0.0), max(agent, 0.0), refused)


def _used(process: psutil.Process) -> float:
    """Processor time so far; for one that was killed, more than any mail may take."""
    try:
        used = process.cpu_times()
    except psutil.NoSuchProcess:
        return float("inf")
    return float(used.user + used.system)


def _here(raw: bytes) -> float:
    began = time.process_time()
    with contextlib.suppress(MailRefused):
        parse(raw)
    return time.process_time() - began


def _reading() -> Iterator[psutil.Process]:
    return (child for child in psutil.Process().children() if "mail_ingest.apart_process" in child.cmdline())


def _new_peak(at: Path) -> float:
    """Forget the peak so far; the memory in use now, in MB."""
    try:
        (at / "clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return 0.0
    return _peak(at)


def _peak(at: Path) -> float:
    try:
        lines = (at / "status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


def shown(found: tuple[Hostile, ...]) -> tuple[Hostile, ...]:
    return found[:_SHOWN]
