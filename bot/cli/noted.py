"""The office for commands that change something: which was given, by whom, with what, and how it ended is noted."""

from __future__ import annotations

import getpass
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from bot.bootstrap import Office, office
from bot.cli.faults import Fault
from bot.cli.given import running
from bot.storage import ledger
from bot.storage.database import StorageError
from config import Settings

COMMAND = "command"
ENDED = "ended"


@asynccontextmanager
async def noted_office(settings: Settings) -> AsyncIterator[Office]:
    """As `office`; a dry run leaves no note. A command that the database left alone with its end is noted nowhere."""
    async with office(settings) as at:
        try:
            yield at
        except Fault as fault:
            await _note(at, f"refused: {fault.message}")
            raise
        except StorageError:
            raise
        except Exception as fault:
            await _note(at, f"failed: {type(fault).__name__}")
            raise
        await _note(at, ENDED)


async def _note(at: Office, outcome: str) -> None:
    command, given = running()
    if any(said is True for name, said in given.items() if name.startswith("dry")):
        return
    body = {
        "command": command,
        "given": _plain(given),
        "account": _account(),
        "outcome": outcome,
    }
    async with at.database.begin() as connection:
        await ledger.append(connection, COMMAND, str(given.get("by") or "cli"), body)


def _plain(given: Mapping[str, Any]) -> dict[str, Any]:
    """What was given, as text; what was not given is left out."""
    return {
        name: [str(one) for one in said] if isinstance(said, list | tuple) else said if said is True else str(said)
        for name, said in given.items()
        if said not in (None, "", False, [], ())
    }


def _account() -> str:
    """Of the machine; "" where it has none, as in some containers."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
