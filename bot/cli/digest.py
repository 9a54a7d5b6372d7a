"""`partnerline digest`: what needs a manager now, on the screen or sent to him."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.bootstrap import now, office
from bot.bootstrap.digest_parts import digest_parts
from bot.cli.deciding import acting, say_who_delivers, without_limit
from bot.cli.faults import Fault
from bot.cli.given import settings_of
from bot.cli.noted import noted_office
from bot.cli.running import run
from bot.cli.screen import printable, say
from config import Settings
from knowledge.program import Manager, Program

app = typer.Typer(add_completion=False, rich_markup_mode="rich")


@app.command()
def digest(
    context: typer.Context,
    by: Annotated[str | None, typer.Option(metavar="EMAIL", help="The manager whose digest it is.")] = None,
    send: Annotated[bool, typer.Option("--send", help="Send it to him by mail and in Slack instead.")] = False,
) -> None:
    """Show what needs a manager: what is late, waits or ends soon with his partners, the worst first; nothing else.

    Whoever decides and announces without a limit sees all partners, by manager. It is sent each week by itself.

    [bold]Example[/bold]

    [cyan]partnerline digest --by jonas@lumora.example[/cyan]
    """
    settings = settings_of(context)
    run(_send(settings, by) if send else _show(settings, by))


async def _show(settings: Settings, by: str | None) -> None:
    async with office(settings) as at:
        manager = _manager(at.program, by)
        parts = digest_parts(settings, at.database, at.queue, at.programs, now, at.own.domain)
        said = await parts.told(manager)
    typer.echo(printable(said))


async def _send(settings: Settings, by: str | None) -> None:
    async with noted_office(settings) as at:
        manager = _manager(at.program, by)
        parts = digest_parts(settings, at.database, at.queue, at.programs, now, at.own.domain)
        await parts.weekly.send([manager])
        slack = f" and {manager.slack_user_id} in Slack" if manager.slack_user_id else ""
        say(f"the digest goes to {manager.email}{slack}")
        await say_who_delivers(at)


def _manager(program: Program, by: str | None) -> Manager:
    address = acting(program, by, without_limit, "may see all partners")
    manager = program.manager(address)
    if manager is None:
        known = ", ".join(one.email for one in program.managers)
        raise Fault(f"{address} is no manager of this program", f"name one with --by EMAIL: {known}")
    return manager
