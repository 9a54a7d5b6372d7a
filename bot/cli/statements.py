"""`partnerline statements`: what partners earned in a month, and taking it through approval to payment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.bootstrap import Office, office, today
from bot.cli import statement_screen
from bot.cli.deciding import refused, say_who_delivers
from bot.cli.faults import UNUSABLE, Fault
from bot.cli.given import given, settings_of
from bot.cli.noted import noted_office
from bot.cli.progress import counting
from bot.cli.running import run
from bot.cli.screen import say
from bot.cli.statement_decisions import COMMANDS, Number, OfPartner, meant, partner_id_of
from bot.operations import statement_export
from bot.operations.names import read_names
from bot.payouts.sending import sent_to_vendor
from bot.storage import lines, outbox, statements
from bot.storage.outbox import Destination
from bot.storage.statement_steps import documents_job
from bot.vocabulary.results import NotDone
from config import Settings
from knowledge.commission.closing import PeriodError, cut_off, month_before
from knowledge.commission.statement import Shown, StatementState

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Run a month's statements; list and show them; approve, pay, stop, send and export them.",
)

_Period = Annotated[str, typer.Option(metavar="MONTH", help="Such as 2026-10; otherwise the month before this one.")]


@app.command("run")
def run_(
    context: typer.Context,
    period: _Period = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what it would do, and write nothing.")] = False,
    partner: Annotated[str, typer.Option(metavar="NAME", help="For this partner alone; its name or id.")] = "",
) -> None:
    """Put everything that was earned by the end of a month and is on no statement yet on one, by partner and currency.

    The clock does this by itself on the program's day of the month. Running it again issues nothing twice.

    [bold]Example[/bold]

    [cyan]partnerline statements run --period 2026-10 --dry-run[/cyan]
    """
    run(_run(context, settings_of(context), period, dry_run, partner))


@app.command("list")
def list_(
    context: typer.Context,
    state: Annotated[
        Shown | None, typer.Option(help="Only those that stand there; otherwise all that are not paid yet.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Those that are paid or cancelled, too.")] = False,
) -> None:
    """List statements, the oldest month first, with their sums, what they wait for and when they are to be paid.

    [bold]Example[/bold]

    [cyan]partnerline statements list --state pending_approval[/cyan]
    """
    run(_list(settings_of(context), state, every))


@app.command()
def show(
    context: typer.Context,
    number: Number,
    partner: OfPartner = "",
    with_lines: Annotated[bool, typer.Option("--lines", help="Each line with how it comes about.")] = False,
) -> None:
    """Show a statement: its sum, where it stands, its invoice and payment, and with --lines what it consists of.

    [bold]Example[/bold]

    [cyan]partnerline statements show S-2026-10 --partner "Quaywise Advisory" --lines[/cyan]
    """
    run(_show(settings_of(context), number, partner, with_lines=with_lines))


for _command in COMMANDS:
    app.command()(_command)


@app.command()
def export(
    context: typer.Context,
    period: _Period = "",
    file_format: Annotated[str, typer.Option("--format", help="csv or json.")] = "csv",
    with_lines: Annotated[
        bool, typer.Option("--lines", help="In CSV a row for each line, not each statement.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where to write it; otherwise to the screen.")
    ] = None,
) -> None:
    """Export the statements of a month for accounting, with their state, invoice, payment and the PDF's hash.

    [bold]Example[/bold]

    [cyan]partnerline statements export --period 2026-10 --lines --out october.csv[/cyan]
    """
    if file_format not in ("csv", "json"):
        raise Fault(f"there is no format {file_format!r}", "use --format csv or --format json", UNUSABLE)
    text, count = run(_exported(settings_of(context), period, file_format, with_lines=with_lines))
    if out is None:
        typer.echo(text, nl=file_format == "json")
        return
    _write(out, text, "utf-8-sig" if file_format == "csv" else "utf-8")
    say(f"{count} statement(s) are in {out}")


@app.command()
def send(context: typer.Context, number: Number, partner: OfPartner = "") -> None:
    """Send a statement that could not be sent, once what hindered it is mended. One that went out is not sent again.

    [bold]Example[/bold]

    [cyan]partnerline statements send S-2026-10 --partner "Quaywise Advisory"[/cyan]
    """
    run(_sent(settings_of(context), number, partner))


async def _run(context: typer.Context, settings: Settings, period: str, dry: bool, partner: str) -> None:
    async with noted_office(settings) as at:
        month = _month(at, period)
        await at.mirror()
        partner_id = await partner_id_of(at, partner) if partner else ""
        with counting(f"Statements of {month}") as progress:
            report = await at.statement_run(month, dry=dry, partner_id=partner_id, progress=progress)
        if isinstance(report, NotDone):
            raise refused(report)
        statement_screen.tell_run(report)
        if not dry:
            await at.queue.deliver(*Destination)
            await say_who_delivers(at)
    if report.faults:
        fix = "mend what it names in the CRM, then run it again; what was issued stays"
        raise Fault(f"{len(report.faults)} partner(s) were left out: see the table above", fix)
    if dry and report.issued:
        command = given(context).command(f"statements run --period {month}")
        say("nothing was written; to issue them: ", (command, "cyan"))


async def _list(settings: Settings, state: Shown | None, every: bool) -> None:
    wanted = [s for s in StatementState if _is_listed(s, state, every)]
    async with office(settings) as at, at.database.begin() as connection:
        names = await read_names(connection)
        found = await statements.in_states(connection, wanted)
    if not found:
        say("there are no such statements" if state or every else "no statement waits for anything")
        return
    statement_screen.show_list(found, names)


def _is_listed(state: StatementState, wanted: Shown | None, every: bool) -> bool:
    if wanted is not None:
        return state.live and statement_screen.SHOWN[state] is wanted
    return every or (state.live and state is not StatementState.PAID)


async def _show(settings: Settings, number: str, partner: str, *, with_lines: bool) -> None:
    async with office(settings) as at:
        statement = await meant(at, number, partner)
        async with at.database.begin() as connection:
            names = await read_names(connection)
            stated = await lines.of_statement(connection, statement.id)
        statement_screen.show_one(statement, stated, names, at.program)
        if with_lines:
            statement_screen.show_lines(statement, stated)


async def _sent(settings: Settings, number: str, partner: str) -> None:
    async with noted_office(settings) as at:
        statement = await meant(at, number, partner)
        async with at.database.begin() as connection:
            went = await outbox.is_written(connection, sent_to_vendor(statement))
            if not went and statement.state.live:
                await at.queue.defer(connection, [documents_job(statement)])
        if not statement.state.live:
            raise Fault(f"{statement.number} is cancelled", "its lines are on the next statement")
        if went:
            fix = "partners get its files again by asking for them; the console shows them under Statements"
            raise Fault(f"{statement.number} went out already", fix)
        say(f"{statement.number} is being sent")
        await say_who_delivers(at)


async def _exported(settings: Settings, period: str, file_format: str, *, with_lines: bool) -> tuple[str, int]:
    """The file's text, and how many statements are in it."""
    async with office(settings) as at:
        month = _month(at, period)
        async with at.database.begin() as connection:
            found = await statement_export.of_period(connection, month)
        vendor = at.program.vendor
    if file_format == "json":
        return statement_export.as_json(found, vendor), len(found)
    return (statement_export.lines_csv(found) if with_lines else statement_export.statements_csv(found, vendor)), len(
        found
    )


def _write(out: Path, text: str, encoding: str) -> None:
    try:
        out.write_bytes(text.encode(encoding))
    except OSError as fault:
        raise Fault(f"{out} cannot be written: {fault.strerror}", "give another --out") from fault


def _month(at: Office, period: str) -> str:
    month = period.strip() or month_before(today(at.program))
    try:
        cut_off(month)
    except PeriodError as fault:
        raise Fault(str(fault), "write it as in --period 2026-10", UNUSABLE) from fault
    return month
