"""What every page of the console works with, put together once by `app.console_app`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, cast

from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.channels.console.announcing.frames import Frames
from bot.channels.console.notices import Notices
from bot.channels.console.ports import ConsoleBackend
from bot.channels.console.rendering import Pages

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Console:
    """`demo` says whether writing as somebody exists at all."""

    backend: ConsoleBackend
    pages: Pages
    notices: Notices
    frames: Frames
    demo: bool
    clock: Callable[[], datetime]


def console_of(request: Request) -> Console:
    return cast("Console", request.app.state.console)


def found(thing: Thing | None, what: str) -> Thing:
    """The thing, or the page that says it is not here."""
    if thing is None:
        raise HTTPException(404, f"There is no such {what} here")
    return thing
