"""What came back: `partnerline announcements report` and `signups`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.bootstrap import office
from bot.cli.announcement_named import Named, announcement_named
from bot.cli.faults import Fault
from bot.cli.given import settings_of
from bot.cli.running import run
from bot.cli.saving import saved
from bot.cli.screen import printable, say
from config import Settings

Csv = Annotated[Path | None, typer.Option(metavar="FILE.csv", help="Into this file, for a spreadsheet.")]


def report(
    context: typer.Context,
    announcement: Named,
    csv: Csv = None,
    png: Annotated[Path | None, typer.Option(metavar="FILE.png", help="Draw it as a chart into this file.")] = None,
    days: Annotated[
        int | None, typer.Option(min=1, max=365, help="Count the deals registered within so many days.")
    ] = None,
) -> None:
    """Say what came of it: delivered, bounced, answered by kind, tier and region, and deals registered since.

    [bold]Examples[/bold]

    [cyan]partnerline announcements report 7e0f8a40[/cyan]

    [cyan]partnerline announcements report 7e0f8a40 --csv launch.csv --png launch.png[/cyan]
    """
    run(_report(settings_of(context), announcement, csv, png, days))


async def _report(settings: Settings, name: str, csv: Path | None, png: Path | None, days: int | None) -> None:
    async with office(settings) as at:
        found = await announcement_named(at, name)
        reporting = at.following_up.reporting
        made = await (reporting.report(found.id, days) if days else reporting.report(found.id))
        if made is None:
            raise Fault(f"“{found.subject}” has not gone out", "there is a report once it has")
        say(printable(reporting.text(made)))
        if csv is not None:
            saved(csv, reporting.csv(made))
            say(("written: ", "green"), str(csv))
        if png is not None:
            saved(png, reporting.chart_png(made))
            say(("written: ", "green"), str(png))


def signups(context: typer.Context, announcement: Named, csv: Csv = None) -> None:
    """List who comes on which day, or who said yes, maybe and no.

    [bold]Example[/bold]

    [cyan]partnerline announcements signups 7e0f8a40 --csv guests.csv[/cyan]
    """
    run(_signups(settings_of(context), announcement, csv))


async def _signups(settings: Settings, name: str, csv: Path | None) -> None:
    async with office(settings) as at:
        found = await announcement_named(at, name)
        signing_up = at.following_up.signing_up
        made = await signing_up.listed(found.id)
        if made is None:
            raise Fault(f"“{found.subject}” has not gone out", "there are sign-ups once it has")
        say(printable(signing_up.text(made)))
        if csv is not None:
            saved(csv, signing_up.csv(made))
            say(("written: ", "green"), str(csv))
