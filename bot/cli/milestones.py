"""`partnerline milestones`: what happened beside payments that a commission hangs on, from a file or one by one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bot.bootstrap import Office
from bot.cli.faults import Fault
from bot.cli.given import settings_of
from bot.cli.imports import read_file, refused_file, save_all, tell_effect
from bot.cli.noted import noted_office
from bot.cli.running import run
from bot.storage import mirror
from config import Settings
from crm.csv_table import Row, Table, read_table
from crm.import_milestones import Drafted, draft_milestones, named_deals
from crm.records import Milestone, MilestoneKind, Partner
from crm.same_again import Compared

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Import go-lives, CSAT, events and the like, or add one.",
)

_HINT = "docs/connect-billing.md lists the columns"


@app.command("import")
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="What happened, one row each.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would do, and save nothing.")] = False,
) -> None:
    """Import what happened on deals and to partners. Either every row is right and all are saved, or nothing is.

    The same file twice changes nothing; a row that changed is told with both values.

    [bold]Example[/bold] of a file:

    kind,on,deal,partner,subject,value

    csat,2026-10-20,D-10482,,,4.35

    certification,2026-10-21,,Quaywise Advisory,Declan Moyne,

    [cyan]partnerline milestones import october.csv --dry-run[/cyan]
    """
    data = read_file(file)
    run(_import(settings_of(context), file, data, read_table(data), dry_run))


@app.command()
def add(
    context: typer.Context,
    kind: Annotated[MilestoneKind, typer.Argument(metavar="KIND", help=", ".join(MilestoneKind))],
    on: Annotated[str, typer.Option(metavar="2026-10-20", help="The day on which it happened.")],
    deal: Annotated[str | None, typer.Option(metavar="NUMBER", help="The deal on which it happened.")] = None,
    partner: Annotated[str | None, typer.Option(metavar="NAME", help="The partner, apart from deals.")] = None,
    subject: Annotated[
        str | None, typer.Option(help="The stage, metric, person, event, or whom the partner met.")
    ] = None,
    value: Annotated[str | None, typer.Option(help="The CSAT, the usage, or the opportunities of an event.")] = None,
) -> None:
    """Add one thing that happened, or correct it: the same again changes nothing.

    [bold]Example[/bold]

    [cyan]partnerline milestones add csat --deal D-10482 --on 2026-10-20 --value 4.35[/cyan]
    """
    said = {"kind": kind.value, "on": on, "deal": deal, "partner": partner, "subject": subject, "value": value}
    cells = {column: cell.strip() for column, cell in said.items() if cell and cell.strip()}
    run(_add(settings_of(context), Table(tuple(said), (Row(1, cells),))))


async def _import(settings: Settings, file: Path, data: bytes, read: Table, dry: bool) -> None:
    async with noted_office(settings) as at:
        compared = await _compared(at, read)
        if compared.faults:
            raise refused_file(file, compared.faults, _HINT)
        if not dry:
            await save_all(at, compared, partial(_save, at), "milestones", file, data)
    tell_effect(compared, "milestones", dry=dry)


async def _add(settings: Settings, one: Table) -> None:
    async with noted_office(settings) as at:
        compared = await _compared(at, one)
        if compared.faults:
            raise Fault(_without_line(compared.faults), "correct it and add it again; nothing was saved")
        await save_all(at, compared, partial(_save, at), "milestones", Path("milestones add"), repr(one).encode())
    tell_effect(compared, "milestones", dry=False)


async def _save(at: Office, milestones: Sequence[Milestone]) -> None:
    for milestone in milestones:
        await at.crm.save_milestone(milestone)


async def _compared(at: Office, read: Table) -> Compared[Milestone]:
    await at.mirror()
    async with at.database.begin() as connection:
        deals = await mirror.deals_named(connection, named_deals(read))
        drafted: Drafted = draft_milestones(read, deals, await mirror.everyone(connection, Partner))
        return drafted.compared(await mirror.some(connection, Milestone, drafted.names))


def _without_line(faults: Sequence[str]) -> str:
    return "; ".join(fault.removeprefix("line 1: ") for fault in faults)
