"""`partnerline held`: messages whose sender is not proven; see them, and vouch for one or discard it."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.bootstrap import Office, office
from bot.cli.deciding import acting, refused, say_who_delivers
from bot.cli.faults import Fault
from bot.cli.given import settings_of
from bot.cli.noted import noted_office
from bot.cli.running import run
from bot.cli.screen import moment, printable, say, screen, table
from bot.storage import held
from bot.storage.held import Held
from bot.vocabulary.results import NotDone
from config import Settings

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="See messages whose sender is not proven; release or discard them.",
)

_Id = Annotated[
    str, typer.Argument(metavar="MESSAGE", help="Its reference, such as M-7K2QX9BD, or the first characters of its id.")
]
_By = Annotated[
    str | None,
    typer.Option(
        metavar="EMAIL", help="The manager who vouches or discards; otherwise the only one, or without limit."
    ),
]


@app.command("list")
def list_(context: typer.Context) -> None:
    """List the messages that are held, the newest first.

    [bold]Example[/bold]

    [cyan]partnerline held list[/cyan]
    """
    run(_list(settings_of(context)))


@app.command()
def show(context: typer.Context, message: _Id) -> None:
    """Show one of them. Whoever wrote it may not be who it says.

    [bold]Example[/bold]

    [cyan]partnerline held show M-7K2QX9BD[/cyan]
    """
    run(_show(settings_of(context), message))


@app.command()
def release(context: typer.Context, message: _Id, by: _By = None) -> None:
    """Vouch for one: it is handled as its sender's own, and answered at the address on file. Ask the sender first.

    [bold]Example[/bold]

    [cyan]partnerline held release M-7K2QX9BD --by noor@lumora.example[/cyan]
    """
    run(_settle(settings_of(context), message, by, released=True))


@app.command()
def discard(context: typer.Context, message: _Id, by: _By = None) -> None:
    """Discard one: nothing is done with it, and nobody is told.

    [bold]Example[/bold]

    [cyan]partnerline held discard M-7K2QX9BD[/cyan]
    """
    run(_settle(settings_of(context), message, by, released=False))


_WHY = {
    "not_verified_unknown": "nobody known has this address",
    "not_verified_claimed": "nothing proves that it is from this address",
}


def _why(outcome: str) -> str:
    return _WHY.get(outcome, outcome.replace("_", " "))


async def _list(settings: Settings) -> None:
    async with office(settings) as at, at.database.begin() as connection:
        messages = await held.newest(connection)
    if not messages:
        say("no message is held")
        return
    shown = table("Held messages", "Message", "Received", "Channel", "Says it is from", "Subject", "Why")
    for m in messages:
        shown.add_row(
            m.reference,
            moment(m.at, at.program.vendor),
            m.channel.value,
            printable(m.sender),
            printable(m.subject),
            _why(m.outcome),
        )
    screen().print(shown)


async def _show(settings: Settings, message: str) -> None:
    async with office(settings) as at:
        found = await _one(at, message)
    facts = {
        "Message": found.reference,
        "Id": found.id,
        "Received": moment(found.at, at.program.vendor),
        "Channel": found.channel.value,
        "Claims to be": found.sender,
        "Subject": found.subject,
        "Why": _why(found.outcome),
    }
    for name, said in facts.items():
        say((f"{name:<12} ", "bold"), printable(said))
    say("")
    say(printable(found.text) or "(no text was read)")


async def _settle(settings: Settings, message: str, by: str | None, *, released: bool) -> None:
    async with noted_office(settings) as at:
        who = acting(at.program, by, lambda _: True, "may release and discard")
        found = await _one(at, message)
        desk = at.held_desk
        done = await (desk.release(found.id, who) if released else desk.discard(found.id, who))
        if isinstance(done, NotDone):
            raise refused(done)
        say(done.text)
        if released:
            await say_who_delivers(at)


async def _one(at: Office, beginning: str) -> Held:
    wanted = beginning.strip()
    async with at.database.begin() as connection:
        found = await held.newest(connection, wanted.lower()) if wanted else ()
    if len(found) == 1:
        return found[0]
    said = f"{len(found)} held messages begin with {wanted}" if found else f"no held message is {wanted}"
    raise Fault(said, "`partnerline held list` shows their references")
