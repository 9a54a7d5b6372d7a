"""Runs a command's work: expected faults become messages, and Ctrl-C ends it in order."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar

from bot import event_loop
from bot.announcements.segments.parsing import SegmentFault
from bot.channels.slack.api.errors import SlackError, SlackUnauthorised
from bot.cli.faults import FAILED, UNUSABLE, Fault
from bot.cli.screen import errors
from bot.listening import PortTaken
from bot.storage.database import StorageUnavailable
from bot.storage.postgres import PostgresError
from config import ConfigError
from crm.connect import UnknownCrmError
from crm.errors import CrmError
from knowledge.errors import ProgramError

T = TypeVar("T")

_FORCED = 130  # what a shell shows for a process ended by Ctrl-C

_EXPECTED: dict[type[Exception], tuple[int, str]] = {
    ConfigError: (UNUSABLE, "mend the settings named above; docs/configuration.md lists all"),
    ProgramError: (UNUSABLE, "mend the files named above, or leave program_dir empty for the sample program"),
    UnknownCrmError: (UNUSABLE, ""),
    PortTaken: (UNUSABLE, ""),
    PostgresError: (FAILED, ""),
    StorageUnavailable: (
        FAILED,
        "see that the database runs, then try again; `partnerline doctor` shows what is wrong",
    ),
    CrmError: (FAILED, "nothing was lost; try again in a minute"),
    SlackUnauthorised: (FAILED, "renew PARTNERLINE_SLACK_BOT_TOKEN from the app's page at api.slack.com/apps"),
    SlackError: (FAILED, "try again, or set PARTNERLINE_SLACK_TEAM_ID so that a start does not need Slack's answer"),
    SegmentFault: (UNUSABLE, ""),
}
"""What may go wrong although the code is right: exit code and fix; the first that fits counts."""


def run(work: Coroutine[Any, Any, T]) -> T:
    """The work's result. Raises Fault for what is expected to fail now and then."""
    with told():
        return event_loop.run(work)


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Expected faults come out as `Fault`."""
    try:
        yield
    except tuple(_EXPECTED) as fault:
        code, fix = next(known for kind, known in _EXPECTED.items() if isinstance(fault, kind))
        raise Fault(str(fault), fix, code) from fault


def run_until_stopped(work: Coroutine[Any, Any, None]) -> bool:
    """True when SIGINT or SIGTERM ended the work, in order; a second one ends the process at once."""
    return run(_until_stopped(work))


async def _until_stopped(work: Coroutine[Any, Any, None]) -> bool:
    task = asyncio.create_task(work)
    stopped = False

    def stop() -> None:
        nonlocal stopped
        if stopped:
            os._exit(_FORCED)  # what was accepted is committed; the next start puts interrupted jobs back
        stopped = True
        errors().print("stopping; press Ctrl-C again to end at once")
        task.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    try:
        await task
    except asyncio.CancelledError:
        if not stopped:
            raise
    return stopped
