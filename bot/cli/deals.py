"""`partnerline deals`: whose a deal is, sourced or influenced, and how that came to be."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.bootstrap import office
from bot.cli.deciding import acting, refused, say_who_delivers
from bot.cli.given import settings_of
from bot.cli.noted import noted_office
from bot.cli.running import run
from bot.cli.screen import moment, printable, say, screen, table
from bot.vocabulary.results import NotDone
from config import Settings
from crm.records import Attribution

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Change the attribution of a deal, or see how it changed.",
)

_Number = Annotated[str, typer.Argument(metavar="NUMBER", help="Such as D-10482.")]


@app.command()
def attribution(
    context: typer.Context,
    number: _Number,
    becomes: Annotated[Attribution, typer.Argument(metavar="sourced|influenced", help="What it is from now on.")],
    reason: Annotated[str, typer.Option(help="Why; kept with the change and shown on the CRM's timeline.")],
    by: Annotated[
        str | None, typer.Option(metavar="EMAIL", help="The manager who decides; otherwise the only one.")
    ] = None,
) -> None:
    """Say that a partner sourced or influenced a deal. The partner is not told; statements show it.

    [bold]Example[/bold]

    [cyan]partnerline deals attribution D-10482 influenced --reason "We met the customer first."[/cyan]
    """
    run(_change(settings_of(context), number, becomes, reason, by))


@app.command()
def history(context: typer.Context, number: _Number) -> None:
    """Show every change of a deal's attribution: when, by whom and why.

    [bold]Example[/bold]

    [cyan]partnerline deals history D-10482[/cyan]
    """
    run(_history(settings_of(context), number))


async def _change(settings: Settings, number: str, becomes: Attribution, reason: str, by: str | None) -> None:
    async with noted_office(settings) as at:
        who = acting(at.program, by, lambda _: True, "may change attributions")
        await at.mirror()
        done = await at.attribution_desk.change(number, who, becomes, reason)
        if isinstance(done, NotDone):
            raise refused(done)
        say(done.text)
        await say_who_delivers(at)


async def _history(settings: Settings, number: str) -> None:
    async with office(settings) as at:
        changes = await at.attribution_desk.history(number)
    if not changes:
        say("its attribution was never changed")
        return
    shown = table(f"Attribution of {number.strip().upper()}", "When", "From", "To", "By", "Why")
    for change in changes:
        shown.add_row(
            moment(change.at, at.program.vendor),
            change.was.value,
            change.becomes.value,
            change.by,
            printable(change.reason),
        )
    screen().print(shown)
