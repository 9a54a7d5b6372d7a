"""`partnerline ledger diff` and `replay`: what the CRM lacks or says differently, and writing what is missing again."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.bootstrap import Office, now, office
from bot.cli.deciding import say_who_delivers
from bot.cli.faults import FAILED, UNUSABLE, Fault
from bot.cli.given import settings_of
from bot.cli.given_times import moment_in
from bot.cli.noted import noted_office
from bot.cli.progress import counting
from bot.cli.running import run
from bot.cli.screen import moment, say, screen, table
from bot.cli.statement_decisions import partner_id_of
from bot.operations.ledger_compared import Difference, compare
from bot.operations.ledger_compared import replay as write_again
from bot.operations.names import read_names
from bot.storage.written import Scope
from config import Settings

_SHOWN = 200
_Partner = Annotated[str, typer.Option(metavar="NAME", help="Of this partner alone.")]
_Since = Annotated[str, typer.Option(metavar="TIME", help="What was written since, such as 2026-11-26.")]
_Most = Annotated[int, typer.Option("--limit", min=1, metavar="N", help="Of each sort the newest so many.")]
_By = Annotated[str | None, typer.Option(metavar="EMAIL", help="Who says so, for the ledger.")]


def diff(context: typer.Context, partner: _Partner = "", since: _Since = "", most: _Most = 1_000) -> None:
    """Ask the CRM, live, for everything it was told, and show what it lacks or says differently.

    Messages, registrations, leads, deals and contacts. What waits in the outbox is left out: it is still on its way.
    A difference may be a colleague's edit: the CRM's word counts. Exit code 1 where there is a difference.

    [bold]Example[/bold]

    [cyan]partnerline ledger diff --partner "Quaywise Advisory" --since 2026-11-01[/cyan]
    """
    if run(_diff(settings_of(context), partner, Scope("", moment_in(since), most))):
        raise typer.Exit(FAILED)


def replay(
    context: typer.Context,
    partner: _Partner = "",
    since: _Since = "",
    most: _Most = 1_000,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")] = False,
    by: _By = None,
) -> None:
    """Write again what is missing in the CRM; what it says differently is a person's and stays.

    It goes the usual way through the outbox: in order, within the CRM's limits, and once. What somebody deleted in the
    CRM on purpose would come back: look at the list first.

    [bold]Example[/bold]

    [cyan]partnerline ledger replay --since 2026-11-26 --dry-run[/cyan]
    """
    run(_replay(settings_of(context), partner, Scope("", moment_in(since), most), by, dry_run=dry_run, yes=yes))


COMMANDS = (diff, replay)


async def _diff(settings: Settings, partner: str, scope: Scope) -> int:
    async with office(settings) as at:
        compared, found = await _compared(at, partner, scope)
        if found:
            await _print(at, found, "What the CRM lacks or says differently")
    missing = sum(one.missing for one in found)
    if found:
        say(f"{compared:,} compared: {missing} missing, {len(found) - missing} said differently")
    else:
        say(
            f"{compared:,} compared: the CRM holds them all as they were written"
            if compared
            else "nothing was written to the CRM that could be compared"
        )
    return len(found)


async def _replay(settings: Settings, partner: str, scope: Scope, by: str | None, *, dry_run: bool, yes: bool) -> None:
    async with noted_office(settings) as at:
        _, found = await _compared(at, partner, scope)
        missing = [one for one in found if one.missing]
        if not missing:
            say("nothing is missing in the CRM")
            return
        await _print(at, missing, "Missing in the CRM")
        if dry_run:
            say(f"{len(missing)} would be written again; nothing was written")
            return
        if not yes and not _agreed(f"Write these {len(missing)} again?"):
            say("nothing was written")
            return
        again = await write_again(at.database, at.queue, missing, by or "cli", now())
        say(
            f"{len(again)} will be written again; `partnerline ledger diff` shows when they are there, "
            "`partnerline crm status` what was refused"
        )
        await say_who_delivers(at)


async def _compared(at: Office, partner: str, scope: Scope) -> tuple[int, list[Difference]]:
    whose = await partner_id_of(at, partner) if partner else ""
    with counting("Asking the CRM") as told:
        return await compare(at.database, at.crm, Scope(whose, scope.since, scope.most), told)


async def _print(at: Office, found: list[Difference], title: str) -> None:
    async with at.database.reading() as connection:
        names = await read_names(connection)
    shown = table(title, "What", "Which", "Partner", "Of", "Difference")
    for one in found[:_SHOWN]:
        when = moment(one.at, at.program.vendor)
        shown.add_row(one.what, one.subject, names.partner(one.partner_id) or one.partner_id, when, one.words)
    screen().print(shown)
    if len(found) > _SHOWN:
        say((f"and {len(found) - _SHOWN} more", "yellow"))


def _agreed(question: str) -> bool:
    try:
        return typer.confirm(question, err=True)
    except typer.Abort as fault:
        raise Fault("nobody answered; nothing was written", "add --yes to write without asking", UNUSABLE) from fault
