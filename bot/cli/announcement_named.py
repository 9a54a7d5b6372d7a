"""Which announcement a command means, and in whose name it acts."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.bootstrap import Office
from bot.cli.faults import FAILED, UNUSABLE, Fault
from bot.vocabulary.announcing import Announcement

_LOOKED_AT = 1_000
_FIX = "`partnerline announcements list` shows all"
Named = Annotated[str, typer.Argument(metavar="ID", help="The first characters of its id, or its subject.")]
By = Annotated[str | None, typer.Option(metavar="EMAIL", help="The manager who orders it; otherwise who wrote it.")]


async def announcement_named(at: Office, words: str) -> Announcement:
    """Raises Fault where none is meant, or several may be."""
    name = words.strip()
    if not name:
        raise Fault("no announcement is named", _FIX, UNUSABLE)
    everyone = await at.announcement_desk.listed(_LOOKED_AT)
    found = [one for one in everyone if one.id.startswith(name.lower())]
    found = found or [one for one in everyone if one.subject.casefold() == name.casefold()]
    if not found:
        raise Fault(f"there is no announcement {words!r}", _FIX, FAILED)
    if len(found) > 1:
        raise Fault(f"{len(found)} announcements are called {words!r}", f"name one by its id; {_FIX}", UNUSABLE)
    return found[0]


def by_of(at: Office, by: str | None, found: Announcement) -> str:
    """The manager given with --by, else who confirmed or wrote it and may still announce."""
    able = {manager.email for manager in at.program.managers if manager.announces}
    known = [name for name in (found.confirmed_by, found.created_by) if name in able]
    return by or (known or [found.created_by])[0]
