"""`partnerline announcements`: what was announced, and what came back."""

from __future__ import annotations

import typer

from bot.bootstrap import office
from bot.cli.given import settings_of
from bot.cli.running import run
from bot.cli.screen import moment, say, screen, table
from bot.operations import announcements as announcement_views
from config import Settings

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="List announcements and what was answered.",
)


@app.callback()
def announcements() -> None:
    """List announcements and what was answered; `partnerline announce` sends one."""


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
    for view in views:
        counts = (view.sent, view.pending, view.yes, view.no, view.maybe, view.opted_out)
        shown.add_row(view.subject, moment(view.at, at.program.vendor), view.by, view.segment, *map(str, counts))
    screen().print(shown)
