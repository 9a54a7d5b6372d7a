"""`partnerline announcements`: what was announced and what came back, and what waits for its time."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.bootstrap import office
from bot.cli.deciding import refused
from bot.cli.faults import UNUSABLE, Fault
from bot.cli.given import settings_of
from bot.cli.running import run
from bot.cli.screen import moment, say, screen, table
from bot.operations import announcements as announcement_views
from bot.storage import scheduled_announcements
from bot.storage.scheduled_announcements import State
from bot.vocabulary.results import NotDone
from config import Settings

_ID = 8  # characters that are shown of an id

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="List announcements and what was answered, or cancel one that waits for its time.",
)


@app.callback()
def announcements() -> None:
    """List announcements and what was answered, or cancel one; `partnerline announce` sends one."""


@app.command("list")
def list_(context: typer.Context) -> None:
    """List announcements, the newest first, with how many answered yes, no or maybe.

    [bold]Example[/bold]

    [cyan]partnerline announcements list[/cyan]
    """
    run(_list(settings_of(context)))


async def _list(settings: Settings) -> None:
    async with office(settings) as at, at.database.begin() as connection:
        views = await announcement_views.views(connection)
    if not views:
        say("nothing was announced yet; `partnerline announce FILE.md --segment all --dry-run` shows whom one reaches")
        return
    columns = ("Subject", "Sent on", "By", "Segment", "Delivered", "Pending", "Yes", "No", "Maybe", "Opted out")
    shown = table("Announcements", *columns)
    for view in (view for view in views if view.state == State.SENT):
        counts = (view.sent, view.pending, view.yes, view.no, view.maybe, view.opted_out)
        shown.add_row(view.subject, moment(view.at, at.program.vendor), view.by, view.segment, *map(str, counts))
    waiting = table("Not sent", "Id", "Subject", "Goes out", "By", "Segment")
    for view in (view for view in views if view.state != State.SENT):
        goes_out = "cancelled" if view.state == State.CANCELLED else moment(view.at, at.program.vendor)
        waiting.add_row(view.id[:_ID], view.subject, goes_out, view.by, view.segment)
    for one in (shown, waiting):
        if one.row_count:
            screen().print(one)


@app.command()
def cancel(
    context: typer.Context,
    announcement: Annotated[str, typer.Argument(metavar="ID", help="The first characters of its id, or its subject.")],
    by: Annotated[
        str | None, typer.Option(metavar="EMAIL", help="The manager who cancels; otherwise who wrote it.")
    ] = None,
) -> None:
    """Cancel an announcement that waits for its time. One that has gone out stays as it is.

    [bold]Example[/bold]

    [cyan]partnerline announcements cancel 7e0f8a40[/cyan]
    """
    run(_cancel(settings_of(context), announcement, by))


async def _cancel(settings: Settings, name: str, by: str | None) -> None:
    async with office(settings) as at:
        async with at.database.reading() as connection:
            waiting = await scheduled_announcements.waiting(connection)
        found = [kept for kept in waiting if kept.id.startswith(name.strip().lower()) or kept.subject == name.strip()]
        if len(found) != 1 or not name.strip():
            what = f"{len(found)} announcements wait under {name!r}" if found else f"no announcement {name!r} waits"
            raise Fault(what, "`partnerline announcements list` shows those that do", UNUSABLE if found else 1)
        done = await at.scheduling.cancel(found[0].id, by or found[0].created_by)
        if isinstance(done, NotDone):
            raise refused(done)
        say(("done: ", "green"), done.text)
