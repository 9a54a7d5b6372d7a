"""`partnerline crm`: an outside CRM made ready, how the agent stands with it, another try for what it refused."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated

import typer

from bot.bootstrap import Office, office
from bot.channels.console.crm_views import CrmView, Outage, RefusedView
from bot.cli import crm_account
from bot.cli.deciding import refused as not_done
from bot.cli.deciding import say_who_delivers
from bot.cli.faults import UNUSABLE, Fault
from bot.cli.given import settings_of
from bot.cli.noted import noted_office
from bot.cli.running import run
from bot.cli.screen import moment, say, screen, table
from bot.operations.crm import view
from bot.storage import refused
from bot.storage.queue import live_workers
from bot.vocabulary.results import NotDone
from config import Settings

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Make an outside CRM ready, see how the agent stands with it, and have what it refused tried again.",
)

app.command("setup")(crm_account.setup)
app.command("check")(crm_account.check)
app.command("import")(crm_account.import_)

_PATIENCE = 20.0  # seconds in which a living worker has written what is tried again
_LOOK = 0.3


@app.command()
def status(context: typer.Context) -> None:
    """Show what waits to be written and since when, what was refused and why, and how old the copy kept here is.

    Nothing is asked of the CRM, so this answers while it is away.

    [bold]Example[/bold]

    [cyan]partnerline crm status[/cyan]
    """
    run(_status(settings_of(context)))


@app.command()
def retry(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="[NUMBER|ID]", help="D-…, L-…, or an id as `crm status` lists it.")
    ] = "",
    every: Annotated[bool, typer.Option("--all", help="Everything that was refused.")] = False,
) -> None:
    """Have what the CRM refused written once more, after you have mended what it names.

    What is written is the record as it is by now, never an older state of it.

    [bold]Examples[/bold]

    [cyan]partnerline crm retry D-199361
    partnerline crm retry --all[/cyan]
    """
    if bool(name) == every:
        raise Fault("say what is to be tried again", "name a number or an id, or give --all", UNUSABLE)
    run(_retry(settings_of(context), name))


async def _status(settings: Settings) -> None:
    async with office(settings) as at:
        standing = await at.crm.standing()
        async with at.database.reading() as connection:
            crm = await view(connection, standing)
        facts = _facts(at, crm)
        width = max(len(name) for name, _, _ in facts)
        for name, said, style in facts:
            say((f"{name:<{width}}  ", "bold"), (said, style))
        _tables(at, crm)


def _facts(at: Office, crm: CrmView) -> list[tuple[str, str, str]]:
    """What is said of it as (name, value, style)."""

    def since(when: datetime | None) -> str:
        return moment(when, at.program.vendor) if when else "never"

    def away(outage: Outage) -> str:
        again = f"; next try {since(outage.until)}" if outage.until else ""
        return f"away since {since(outage.since)}: {outage.reason}{again}"

    behind = f"{crm.waiting}, the oldest since {since(crm.since)}" if crm.waiting else "nothing"
    return [
        ("CRM", f"{crm.name} {crm.where}".strip(), ""),
        *((f"{what[:1].upper()}{what[1:]}", value, "") for what, value in crm.facts),
        ("Writing", away(crm.writing), "yellow") if crm.writing else ("Writing", "as it comes", ""),
        ("Reading", away(crm.reading), "yellow") if crm.reading else ("Reading", "as it changes", ""),
        ("Last compared", since(crm.looked), ""),
        ("Waits to be written", behind, ""),
        ("Refused", str(crm.refused_count or "nothing"), "red" if crm.refused_count else ""),
    ]


def _tables(at: Office, crm: CrmView) -> None:
    vendor = at.program.vendor
    if crm.kinds:
        waiting = table("On its way", "What", "Count", "Oldest")
        for row in crm.kinds:
            waiting.add_row(row.what, str(row.count), moment(row.since, vendor))
        screen().print(waiting)
    if crm.refused:
        shown = table("Refused", "Id", "What", "Partner", "When", f"What {crm.name} says")
        for entry in crm.refused:
            shown.add_row(entry.id, entry.what, entry.partner_name, moment(entry.at, vendor), _words(entry))
        screen().print(shown)
        say("mend what it names, then: ", ("partnerline crm retry NUMBER", "cyan"), " or --all")


def _words(entry: RefusedView) -> str:
    return f"(may or may not have arrived) {entry.words}" if entry.unknown else entry.words


async def _retry(settings: Settings, name: str) -> None:
    """An empty `name` stands for everything."""
    async with noted_office(settings) as at:
        whole = await _whole_id(at, name)
        done = await (at.entry_desk.retry(whole) if whole else at.entry_desk.retry_all())
        if isinstance(done, NotDone):
            raise not_done(done)
        say(done.text)
        await _see_it_through(at, done.reference)


async def _whole_id(at: Office, beginning: str) -> str:
    """An id may be cut, as long as it is one; a number is none."""
    async with at.database.reading() as connection:
        ids = [entry.id for entry in await refused.entries(connection)]
    found = [one for one in ids if beginning and one.startswith(beginning.strip().lower())]
    if len(found) > 1:
        raise Fault(f"{len(found)} entries begin with {beginning}", "`partnerline crm status` shows their ids")
    return found[0] if found else beginning.strip()


async def _see_it_through(at: Office, row_id: str) -> None:
    """Say how a single one went, where a worker is there to write it."""
    async with at.database.reading() as connection:
        alive = await live_workers(connection)
    if not alive or not row_id:
        await say_who_delivers(at)
        return
    for _ in range(int(_PATIENCE / _LOOK)):
        async with at.database.reading() as connection:
            still = await refused.about(connection, row_id)
            waits = await refused.is_waiting(connection, row_id)
        if still:
            raise Fault(f"it was refused again: {still[0].words}", "mend what it names, then try once more")
        if not waits:
            say(("the CRM has it", "green"))
            return
        await asyncio.sleep(_LOOK)
    say("it waits to be written; `partnerline crm status` shows how it goes")
