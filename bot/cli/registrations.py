"""`partnerline registrations`: what partners registered, and deciding it."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.bootstrap import office, today
from bot.channels.console.views import RegistrationView
from bot.cli.deciding import acting, refused, say_who_delivers, without_limit
from bot.cli.given import settings_of
from bot.cli.running import run
from bot.cli.screen import say, screen, table
from bot.operations.names import read_names
from bot.operations.waiting import registration_view
from bot.storage import registrations
from bot.vocabulary.results import NotDone
from config import Settings
from crm.records import RegistrationState

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode="rich", help="List deal registrations; approve or refuse them."
)

_Number = Annotated[str, typer.Argument(metavar="NUMBER", help="Such as D-10482.")]
_By = Annotated[
    str | None,
    typer.Option(metavar="EMAIL", help="The manager who decides; otherwise the only one who may without limit."),
]


@app.command("list")
def list_(
    context: typer.Context, every: Annotated[bool, typer.Option("--all", help="Those decided already, too.")] = False
) -> None:
    """List the registrations that wait for a decision, the most urgent first.

    [bold]Example[/bold]

    [cyan]partnerline registrations list --all[/cyan]
    """
    run(_list(settings_of(context), every=every))


@app.command()
def approve(context: typer.Context, number: _Number, by: _By = None) -> None:
    """Accept a registration. The partner is told in its thread, with the day its protection ends.

    [bold]Example[/bold]

    [cyan]partnerline registrations approve D-10482 --by noor@lumora.example[/cyan]
    """
    run(_decide(settings_of(context), number, by, None))


@app.command()
def refuse(
    context: typer.Context,
    number: _Number,
    reason: Annotated[str, typer.Option(help="Told to the partner in these words.")],
    by: _By = None,
) -> None:
    """Refuse a registration. The partner is told in its thread, with the reason.

    [bold]Example[/bold]

    [cyan]partnerline registrations refuse D-10482 --reason "The customer is ours since May."[/cyan]
    """
    run(_decide(settings_of(context), number, by, reason))


async def _list(settings: Settings, *, every: bool) -> None:
    states = list(RegistrationState) if every else [RegistrationState.SUBMITTED]
    async with office(settings) as at, at.database.begin() as connection:
        names = await read_names(connection)
        found = await registrations.in_states(connection, states)
        rows = [registration_view(r, names, today(at.program)) for r in found]
    if not rows:
        say("no registration waits for a decision")
        return
    columns = ("Number", "State", "Partner", "Customer", "Amount", "Decide by", "Registered by")
    shown = table("Registrations" if every else "Registrations that wait", *columns)
    for row in rows:
        shown.add_row(*_cells(row))
    screen().print(shown)


def _cells(row: RegistrationView) -> tuple[str, ...]:
    record = row.record
    amount = f"{record.currency} {record.amount:,.2f}" if record.amount is not None else "-"
    due = record.decide_by.isoformat() if record.decide_by else "-"
    urgency = f" ({row.urgency.value})" if row.urgency else ""
    by = row.registered_by
    return (record.number, record.state.value, row.partner_name, record.customer, amount, f"{due}{urgency}", by)


async def _decide(settings: Settings, number: str, by: str | None, reason: str | None) -> None:
    async with office(settings) as at:
        who = acting(at.program, by, without_limit, "may decide without limit")
        desk = at.registration_desk
        done = await (desk.approve(number, who) if reason is None else desk.refuse(number, who, reason))
        if isinstance(done, NotDone):
            raise refused(done)
        say(done.text)
        await say_who_delivers(at)
