"""What managers order with `partnerline announcements`: each a step of one announcement."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Protocol

import typer

from bot.announcements.following_up.reminding import Awaited, in_words
from bot.bootstrap import Office
from bot.cli.agreeing import agreed
from bot.cli.announcement_named import By, Named, announcement_named, by_of
from bot.cli.deciding import refused, say_who_delivers
from bot.cli.given import settings_of
from bot.cli.noted import noted_office
from bot.cli.running import run
from bot.cli.screen import say
from bot.vocabulary.announcing import Announcement
from bot.vocabulary.results import Done, NotDone
from config import Settings

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Remind without asking.")]
_Act = Callable[[Office, str, str], Awaitable[Done | NotDone]]
"""With the manager's address and the announcement's id."""


def pause(context: typer.Context, announcement: Named, by: By = None) -> None:
    """Let nothing more of it go out, until it is resumed.

    [bold]Example[/bold]

    [cyan]partnerline announcements pause 7e0f8a40[/cyan]
    """
    run(_ordered(settings_of(context), announcement, by, lambda at, who, name: at.announcement_desk.pause(who, name)))


def resume(context: typer.Context, announcement: Named, by: By = None) -> None:
    """Let one go on that is paused.

    [bold]Example[/bold]

    [cyan]partnerline announcements resume 7e0f8a40[/cyan]
    """
    run(_ordered(settings_of(context), announcement, by, lambda at, who, name: at.announcement_desk.resume(who, name)))


def cancel(context: typer.Context, announcement: Named, by: By = None) -> None:
    """Cancel it for good: a draft, one that waits, or what has not gone yet of one that goes out.

    [bold]Example[/bold]

    [cyan]partnerline announcements cancel 7e0f8a40[/cyan]
    """
    run(_ordered(settings_of(context), announcement, by, lambda at, who, name: at.announcement_desk.cancel(who, name)))


def remind(context: typer.Context, announcement: Named, by: By = None, yes: Yes = False) -> None:
    """Write once more to those who have not answered, in the thread of the first copy, once the count is said.

    [bold]Example[/bold]

    [cyan]partnerline announcements remind 7e0f8a40[/cyan]
    """
    run(_reminded(settings_of(context), announcement, by, yes=yes))


async def _reminded(settings: Settings, name: str, by: str | None, *, yes: bool) -> None:
    async with noted_office(settings) as at:
        found = await announcement_named(at, name)
        done = await reminded(at.following_up.reminding, by_of(at, by, found), found, yes=yes)
        if done is not None:
            await told(at, done)


class Reminds(Protocol):
    async def awaited(self, announcement_id: str) -> Awaited | None: ...
    async def remind(self, by: str, announcement_id: str, count: int | None = None) -> Done | NotDone: ...


async def reminded(reminding: Reminds, by: str, found: Announcement, *, yes: bool) -> Done | NotDone | None:
    """As many as were said, and none where there are others by then; None where the manager says no."""
    awaited = await reminding.awaited(found.id)
    count = awaited.people + awaited.channels if awaited else 0
    if not awaited or not count:
        return await reminding.remind(by, found.id)
    if not agreed(f"Remind {in_words(awaited)} of “{found.subject}”?", yes=yes, otherwise="nobody was reminded"):
        return None
    return await reminding.remind(by, found.id, count)


async def _ordered(settings: Settings, name: str, by: str | None, act: _Act) -> None:
    async with noted_office(settings) as at:
        found = await announcement_named(at, name)
        await told(at, await act(at, by_of(at, by, found), found.id))


async def told(at: Office, result: Done | NotDone) -> None:
    if isinstance(result, NotDone):
        raise refused(result)
    say(("done: ", "green"), result.text)
    await say_who_delivers(at)
