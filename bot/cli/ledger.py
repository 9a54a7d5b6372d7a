"""`partnerline ledger`: whether the record of everything is as it was written, and what it and the CRM say."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Annotated

import typer

from bot.bootstrap import office, storage
from bot.cli.faults import UNUSABLE, Fault
from bot.cli.given import settings_of
from bot.cli.given_times import moment_in
from bot.cli.ledger_crm import COMMANDS as WITH_CRM
from bot.cli.ledger_export import COMMANDS as AS_FILE
from bot.cli.ledger_forget import COMMANDS as FORGETTING
from bot.cli.progress import counting
from bot.cli.running import run
from bot.cli.screen import moment, say, screen, table
from bot.cli.statement_decisions import partner_id_of
from bot.operations.ledger_shown import Asked, Shown, newest
from bot.operations.names import read_names
from bot.storage import ledger
from bot.storage.ledger import Head
from bot.storage.verifying import Verified, anchor, verify
from config import Settings

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="The record of every message, reading, decision, command and CRM write: verify, read, compare, export, erase.",
)

_SHORT = 140  # characters of a row's contents in the table


@app.command("verify")
def verify_(
    context: typer.Context,
    anchors: Annotated[
        list[str] | None,
        typer.Option(
            "--anchor", metavar="POSITION:HASH", help="As `ledger head` printed it earlier; more than one too."
        ),
    ] = None,
) -> None:
    """Check that every row is as it was written: none changed, missing, moved, or emptied without an erasure.

    Whoever may write to the database can also seal everything anew, or cut off the end. Only a head that was kept
    elsewhere shows that: give it as [cyan]--anchor[/cyan]. Exit code 1 where something is wrong.

    [bold]Example[/bold]

    [cyan]partnerline ledger verify --anchor 1200:5f1c0a8e…[/cyan]
    """
    run(_verify(settings_of(context), [_anchor(said) for said in anchors or ()]))


@app.command()
def head(context: typer.Context) -> None:
    """Print the end of the chain, to be kept where nobody who may change the database can change it.

    It proves later, with [cyan]ledger verify --anchor[/cyan], everything up to now. What is not sealed yet is sealed
    first.

    [bold]Example[/bold]

    [cyan]partnerline ledger head >> /safe/place/heads.txt[/cyan]
    """
    run(_head(settings_of(context)))


@app.command()
def show(
    context: typer.Context,
    partner: Annotated[str, typer.Option(metavar="NAME", help="Of this partner alone.")] = "",
    kind: Annotated[str, typer.Option(help="message_in, reading, decision, command, crm_write, delivery …")] = "",
    actor: Annotated[str, typer.Option(help="Who: a manager's address, email, slack, clock, crm …")] = "",
    about: Annotated[str, typer.Option(metavar="TEXT", help="A deal's number, a message's (M-…), an address …")] = "",
    since: Annotated[str, typer.Option(metavar="TIME", help="Such as 2026-11-26 or 2026-11-26T09:30+01:00.")] = "",
    until: Annotated[str, typer.Option(metavar="TIME", help="Before this time.")] = "",
    most: Annotated[int, typer.Option("--limit", min=1, metavar="N", help="At most so many, the newest.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Whole rows, a line each.")] = False,
) -> None:
    """Show rows of the ledger, the newest last.

    [bold]Example[/bold]

    [cyan]partnerline ledger show --about D-104822 --limit 20[/cyan]
    """
    asked = Asked("", kind, actor, about.strip(), moment_in(since), moment_in(until), most)
    run(_show(settings_of(context), asked, partner, as_json=as_json))


for _command in (*WITH_CRM, *AS_FILE, *FORGETTING):
    app.command()(_command)


def _anchor(said: str) -> Head:
    try:
        return anchor(said)
    except ValueError as fault:
        raise Fault(str(fault), "print one with `partnerline ledger head`", UNUSABLE) from fault


async def _verify(settings: Settings, anchors: list[Head]) -> None:
    async with storage(settings) as (database, _):
        with counting("Rows") as told:
            async with database.begin() as connection:
                found = await verify(connection, anchors, told)
    if found.broken is not None:
        broken = found.broken
        where = f"row {broken.row_id}, position {broken.position}" if broken.row_id else "the end"
        raise Fault(f"{where}: {broken.why}", "compare it with a backup; from there on nothing is proven")
    _tell(found, anchors)


def _tell(found: Verified, anchors: list[Head]) -> None:
    say(f"{found.rows:,} row(s) are as they were written, each in its place")
    if anchors:
        say(f"{len(anchors)} anchor(s) fit")
    elif found.rows:
        say(
            ("without an anchor a chain that was sealed anew cannot be told: ", "yellow"),
            "keep what `ledger head` prints",
        )
    if found.erased:
        say(f"{found.erased:,} value(s) were erased, as rows of the kind erased say")
    if found.unsealed:
        say(f"{found.unsealed:,} row(s) are not sealed yet; a worker does that every 30 seconds")
    if found.dated_back:
        rows = ", ".join(str(row) for row in found.dated_back[:20])
        say((f"dated back, to be looked at: row(s) {rows}", "yellow"))
    say(f"head {found.head}")


async def _head(settings: Settings) -> None:
    async with storage(settings) as (database, _), database.begin() as connection:
        while await ledger.seal(connection):
            pass
        say(str(await ledger.head(connection)))


async def _show(settings: Settings, asked: Asked, partner: str, *, as_json: bool) -> None:
    async with office(settings) as at:
        partner_id = await partner_id_of(at, partner) if partner else ""
        async with at.database.reading() as connection:
            found = await newest(connection, replace(asked, partner_id=partner_id))
            names = await read_names(connection)
    if as_json:
        for row in found:
            typer.echo(_as_json(row))
        return
    shown = table("Ledger", "Row", "When", "Kind", "Who", "Partner", "Message", "What")
    for row in found:
        said = json.dumps(row.body, ensure_ascii=False)
        what = said if len(said) <= _SHORT else f"{said[: _SHORT - 1]}…"
        whose = names.partner(row.partner_id) or row.partner_id
        shown.add_row(str(row.id), moment(row.at, at.program.vendor), row.kind, row.actor, whose, row.message, what)
    screen().print(shown)


def _as_json(row: Shown) -> str:
    said = {
        "id": row.id, "position": row.position, "at": row.at.isoformat(), "kind": row.kind, "actor": row.actor,
        "partner_id": row.partner_id, "message": row.message, "body": row.body,
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=True)
