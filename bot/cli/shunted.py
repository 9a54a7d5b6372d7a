"""`partnerline shunted`: messages that failed by themselves; see them, and try them again."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.bootstrap import office
from bot.channels.console.views import ShuntedMessage
from bot.cli.deciding import say_who_delivers
from bot.cli.faults import Fault
from bot.cli.given import settings_of
from bot.cli.noted import noted_office
from bot.cli.running import run
from bot.cli.screen import moment, say, screen, table
from bot.operations.waiting import shunted as shunted_messages
from bot.storage.database import Database
from bot.worker.housekeeping import replay as replay_message
from config import Settings

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="See messages that could not be handled, and try them again.",
)

_Id = Annotated[str, typer.Argument(metavar="ID", help="As listed; its first characters are enough.")]


@app.command("list")
def list_(context: typer.Context) -> None:
    """List the messages that could not be handled.

    [bold]Example[/bold]

    [cyan]partnerline shunted list[/cyan]
    """
    run(_list(settings_of(context)))


@app.command()
def show(context: typer.Context, message_id: _Id) -> None:
    """Show one of them: who wrote, what failed, and the text.

    [bold]Example[/bold]

    [cyan]partnerline shunted show 3f2a[/cyan]
    """
    run(_show(settings_of(context), message_id))


@app.command()
def replay(context: typer.Context, message_id: _Id) -> None:
    """Try one again, from the step at which it failed.

    [bold]Example[/bold]

    [cyan]partnerline shunted replay 3f2a[/cyan]
    """
    run(_replay(settings_of(context), message_id))


async def _list(settings: Settings) -> None:
    async with office(settings) as at, at.database.begin() as connection:
        messages = await shunted_messages(connection)
    if not messages:
        say("no message is shunted")
        return
    shown = table("Shunted messages", "Id", "Received", "Channel", "From", "Subject", "What failed")
    for message in messages:
        said = (message.channel.value, message.sender, message.subject, message.error)
        shown.add_row(message.id, moment(message.at, at.program.vendor), *said)
    screen().print(shown)


async def _show(settings: Settings, message_id: str) -> None:
    async with office(settings) as at:
        message = await _one(at.database, message_id)
    facts = {
        "Id": message.id,
        "Received": moment(message.at, at.program.vendor),
        "Channel": message.channel.value,
        "From": message.sender,
        "Subject": message.subject,
        "What failed": message.error,
    }
    for name, said in facts.items():
        say((f"{name:<12} ", "bold"), said)
    say("")
    say(message.text or "(no text was read)")


async def _replay(settings: Settings, message_id: str) -> None:
    async with noted_office(settings) as at:
        message = await _one(at.database, message_id)
        if not await replay_message(at.database, at.queue, message.id):
            raise Fault(f"{message.id} is no longer shunted", "`partnerline shunted list` shows those that are")
        say(f"{message.id} is tried again")
        await say_who_delivers(at)


async def _one(database: Database, beginning: str) -> ShuntedMessage:
    async with database.begin() as connection:
        messages = await shunted_messages(connection)
    found = [m for m in messages if beginning and m.id.startswith(beginning.strip().lower())]
    if len(found) == 1:
        return found[0]
    said = f"{len(found)} shunted messages begin with {beginning}" if found else f"no shunted message is {beginning}"
    raise Fault(said, "`partnerline shunted list` shows their ids")
