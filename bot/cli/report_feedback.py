"""`partnerline report feedback`: how many answers in Slack were called helpful, by partner."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Annotated

import typer

from bot.bootstrap import office
from bot.cli.faults import UNUSABLE, Fault
from bot.cli.given import settings_of
from bot.cli.running import run
from bot.cli.screen import say, screen, table
from bot.operations.names import read_names
from bot.storage import slack_feedback
from bot.storage.slack_feedback import Judged
from config import Settings


def feedback(
    context: typer.Context,
    since: Annotated[str, typer.Option(metavar="DATE", help="Judged on that day or later (UTC).")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Everything as JSON.")] = False,
) -> None:
    """Count the answers in Slack that people of partners called helpful, and those that they did not.

    Each answer has two small buttons for it; "not helpful" opens a task for the partner's manager.

    [bold]Example[/bold]

    [cyan]partnerline report feedback --since 2026-11-01[/cyan]
    """
    run(_feedback(settings_of(context), _moment(since), as_json=as_json))


def _moment(said: str) -> datetime | None:
    try:
        day = datetime.strptime(said, "%Y-%m-%d").date() if said else None  # noqa: DTZ007 - a day has no zone
    except ValueError as fault:
        raise Fault(f"{said} is no day", "write it as 2026-01-31", UNUSABLE) from fault
    return datetime.combine(day, time(), UTC) if day else None


async def _feedback(settings: Settings, since: datetime | None, *, as_json: bool) -> None:
    async with office(settings) as at, at.database.reading() as connection:
        found = await slack_feedback.by_partner(connection, since)
        names = await read_names(connection)
    named = {names.partner(partner_id) or partner_id: judged for partner_id, judged in found.items()}
    if as_json:
        rows = [
            {"partner": name, "helpful": judged.helpful, "not_helpful": judged.not_helpful}
            for name, judged in sorted(named.items())
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    _show(named)


def _show(named: Mapping[str, Judged]) -> None:
    if not named:
        say("no answer was judged yet; the buttons for it stand below answers in Slack")
        return
    shown = table("Answers in Slack", "Partner", "Helpful", "Not helpful")
    for name, judged in sorted(named.items()):
        shown.add_row(name, str(judged.helpful), str(judged.not_helpful))
    screen().print(shown)
