"""`partnerline report engagement`: how engaged each partner is, with what its score is made of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot.bootstrap import now, office
from bot.cli.given import settings_of
from bot.cli.running import run
from bot.cli.saving import saved
from bot.cli.screen import say, screen, table
from bot.digests.engaged import Standing, standings
from bot.digests.engagement import WEIGHTS, Part
from bot.digests.noticing import local
from bot.documents.safe_csv import safe_csv
from bot.storage import mirror
from config import Settings
from crm.records import Partner

Row = tuple[Partner, Standing]


def engagement(
    context: typer.Context,
    to_csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE.csv", help="Write it into this file, with every figure.")
    ] = None,
) -> None:
    """Show the engagement of all partners from 0 to 100, the least engaged first, with the points of each part.

    A part of which nothing can be known has no points and does not count; where nothing at all is known there is no
    score. docs/digests.md says what each part counts.

    [bold]Example[/bold]

    [cyan]partnerline report engagement --csv engagement.csv[/cyan]
    """
    run(_engagement(settings_of(context), to_csv))


async def _engagement(settings: Settings, to_csv: Path | None) -> None:
    async with office(settings) as at, at.database.reading() as connection:
        partners = await mirror.everyone(connection, Partner)
        found = await standings(connection, at.program, local(now(), at.program))
    rows = sorted(((partner, found[partner.id]) for partner in partners if partner.id in found), key=_least_first)
    if to_csv is not None:
        saved(to_csv, as_csv(rows))
        say(f"{len(rows)} partner(s) are written to {to_csv}")
        return
    shown = table("Engagement", "Partner", "Score", "In four weeks", *(name.capitalize() for name in WEIGHTS))
    for partner, standing in rows:
        points = (_points(part) for part in standing.score.parts)
        shown.add_row(partner.name, _score(standing), f"{standing.moved:+d}" if standing.moved else "", *points)
    screen().print(shown)


def as_csv(rows: Sequence[Row]) -> bytes:
    """A row for each partner: its score, and points and figure of each part."""
    columns = [column for name in WEIGHTS for column in (f"{name} points", f"{name} figure")]
    return safe_csv(["partner", "id", "manager", "score", "four weeks ago", *columns], map(_cells, rows))


def _cells(row: Row) -> tuple[object, ...]:
    partner, standing = row
    parts = (cell for part in standing.score.parts for cell in (part.points, part.figure))
    return (partner.name, partner.id, partner.manager_email, standing.score.value, standing.before.value, *parts)


def _least_first(row: Row) -> tuple[int, str]:
    value = row[1].score.value
    return (101 if value is None else value), row[0].name.casefold()


def _score(standing: Standing) -> str:
    return "no data" if standing.score.value is None else str(standing.score.value)


def _points(part: Part) -> str:
    return "-" if part.points is None else f"{part.points:g}/{part.weight}"
