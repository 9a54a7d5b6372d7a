"""`partnerline registrations`: what partners registered, and deciding it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated

import typer

from bot.bootstrap import office, today
from bot.channels.console.views import RegistrationView
from bot.cli.deciding import acting, refused, say_who_delivers, without_limit
from bot.cli.given import settings_of
from bot.cli.noted import noted_office
from bot.cli.running import run
from bot.cli.screen import moment, say, screen, table
from bot.desk import showing
from bot.desk.deciding import RegistrationDesk
from bot.desk.registration_brief import facts_of
from bot.desk.showing import Shown
from bot.intents import draft
from bot.operations.names import read_names
from bot.operations.waiting import registration_view
from bot.storage import registrations
from bot.vocabulary.results import Done, NotDone
from config import Settings
from crm.records import RegistrationState

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="List and show deal registrations; decide them.",
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
    """List the registrations that wait, the most urgent first: with the day the decision is promised for.

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
    run(_decide(settings_of(context), by, lambda desk, who: desk.approve(number, who)))


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
    run(_decide(settings_of(context), by, lambda desk, who: desk.refuse(number, who, reason)))


@app.command()
def ask(
    context: typer.Context,
    number: _Number,
    question: Annotated[str, typer.Option(help="Put to the partner in these words.")],
    by: _By = None,
) -> None:
    """Ask the partner back. Its answer submits the registration again; until then the promised time stands still.

    [bold]Example[/bold]

    [cyan]partnerline registrations ask D-10482 --question "Which department buys?"[/cyan]
    """
    run(_decide(settings_of(context), by, lambda desk, who: desk.ask(number, who, question)))


@app.command()
def submit(context: typer.Context, number: _Number, by: _By = None) -> None:
    """Take a draft as it is, where the partner has nothing to add: a customer without a web site, for example.

    [bold]Example[/bold]

    [cyan]partnerline registrations submit D-10482[/cyan]
    """
    run(_decide(settings_of(context), by, lambda desk, who: desk.submit(number, who)))


@app.command()
def protect(
    context: typer.Context,
    number: _Number,
    until: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="The last protected day; one that is over ends it.")
    ],
    by: _By = None,
) -> None:
    """Set another end for the protection of an accepted registration. The partner is told.

    [bold]Example[/bold]

    [cyan]partnerline registrations protect D-10482 --until 2027-03-31[/cyan]
    """
    run(_decide(settings_of(context), by, lambda desk, who: desk.protect(number, who, until.date())))


@app.command()
def show(context: typer.Context, number: _Number) -> None:
    """Show all that a manager decides by: the registration, who else has the customer, what the rules suggest, history.

    [bold]Example[/bold]

    [cyan]partnerline registrations show D-10482[/cyan]
    """
    run(_show(settings_of(context), number))


async def _list(settings: Settings, *, every: bool) -> None:
    states = list(RegistrationState) if every else [RegistrationState.SUBMITTED, RegistrationState.NEEDS_INFO]
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
    if record.state is RegistrationState.NEEDS_INFO:
        due, urgency = "when the partner has answered", ""
    by = row.registered_by
    return (
        record.number,
        _worded(record.state.value),
        row.partner_name,
        record.customer,
        amount,
        f"{due}{urgency}",
        by,
    )


async def _show(settings: Settings, number: str) -> None:
    async with office(settings) as at:
        found = await showing.show(at.cases, number)
    if isinstance(found, NotDone):
        raise refused(found)
    record = found.case.registration
    shown = table(f"{record.number}: {_worded(record.state.value)}", "", "")
    for label, value in (*facts_of(found.case, found.accepted), *_outcome(found)):
        shown.add_row(label, value)
    for step in found.history:
        shown.add_row(moment(step.at, at.program.vendor), f"{_worded(step.state or step.kind)} by {step.actor}")
    screen().print(shown)


def _outcome(found: Shown) -> list[tuple[str, str]]:
    """What it came to, or who is to decide it and what the rules suggest."""
    record, suggested = found.case.registration, found.verdict
    if record.state is RegistrationState.DRAFT:
        return [("Waits for", f"the partner: {', '.join(_lacking(found)) or 'its word to submit it'}")]
    if record.state.waiting:
        act = f"{suggested.act.value}: " if suggested.act else ""
        return [("Asked back", record.question)] * bool(record.question) + [
            ("Decides", f"{found.turn.name} ({found.turn.email})"),
            ("Suggested", f"{act}{suggested.why}"),
        ]
    said = [("Decided by", record.decided_by), ("Code", record.code.value if record.code else "")]
    said += [("Reason", record.reason), ("Protected until", str(record.protected_until or ""))]
    return [(label, value) for label, value in said if value]


def _worded(state: str) -> str:
    return state.replace("_", " ")


def _lacking(found: Shown) -> list[str]:
    names = draft.missing(found.case.registration, found.case.program)
    return [name.replace("_", " ") for name in names]


async def _decide(
    settings: Settings, by: str | None, act: Callable[[RegistrationDesk, str], Awaitable[Done | NotDone]]
) -> None:
    async with noted_office(settings) as at:
        who = acting(at.program, by, without_limit, "may decide without limit")
        done = await act(at.registration_desk, who)
        if isinstance(done, NotDone):
            raise refused(done)
        say(done.text)
        await say_who_delivers(at)
