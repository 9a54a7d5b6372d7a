"""What managers order with `partnerline announcements`: each a step of one announcement."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import typer

from bot.bootstrap import Office
from bot.cli.announcement_named import By, Named, announcement_named, by_of
from bot.cli.deciding import refused, say_who_delivers
from bot.cli.given import settings_of
from bot.cli.noted import noted_office
from bot.cli.running import run
from bot.cli.screen import say
from bot.vocabulary.results import Done, NotDone
from config import Settings

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


def remind(context: typer.Context, announcement: Named, by: By = None) -> None:
    """Write once more to those who have not answered, in the thread of the first copy.

    [bold]Example[/bold]

    [cyan]partnerline announcements remind 7e0f8a40[/cyan]
    """
    run(_ordered(settings_of(context), announcement, by, lambda at, who, name: at.following_up.remind(who, name)))


async def _ordered(settings: Settings, name: str, by: str | None, act: _Act) -> None:
    async with noted_office(settings) as at:
        found = await announcement_named(at, name)
        await told(at, await act(at, by_of(at, by, found), found.id))


async def told(at: Office, result: Done | NotDone) -> None:
    if isinstance(result, NotDone):
        raise refused(result)
    say(("done: ", "green"), result.text)
    await say_who_delivers(at)
