"""`partnerline serve`: everything in one process, and a panel that says what runs where."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import typer

from bot.bootstrap import Application, application
from bot.bootstrap.crm import prepare_crm
from bot.cli.given import Given, given, settings_of
from bot.cli.logs import set_up_logging
from bot.cli.running import run_until_stopped
from bot.cli.screen import errors, say, screen
from bot.cli.welcome import welcome
from bot.demo.first_start import seed_once
from bot.listening import check_ports
from bot.serve import running
from config import Settings

app = typer.Typer(add_completion=False, rich_markup_mode="rich")


@app.command()
def serve(context: typer.Context) -> None:
    """Start everything in this process: SMTP, public HTTP, the operator's console, one worker and the clock.

    In the demo profile the first start writes sample partners; a later start finds them. Ctrl-C stops in order, a
    second Ctrl-C at once.

    [bold]Example[/bold], on other ports and with data of its own:

    [cyan]PARTNERLINE_SMTP_PORT=2526 PARTNERLINE_HTTP_PORT=8090 PARTNERLINE_CONSOLE_PORT=8091
    partnerline --data-dir ./data serve[/cyan]
    """
    settings = settings_of(context)
    set_up_logging(settings)
    if run_until_stopped(_serve(settings, given(context))):
        say("stopped")


async def _serve(settings: Settings, chosen: Given) -> None:
    check_ports(settings)
    status = errors().status("Starting the database and the agent")
    with status:
        async with application(settings) as made:
            written = "Writing the sample partners"
            status.update(written)
            fresh = await _seeded(made, lambda saved, of: status.update(f"{written}: {saved} of {of}"))
            status.update("Opening the listeners")
            async with running(made) as agent:
                status.stop()
                printed = screen()
                printed.print(await welcome(agent, chosen, printed.width, fresh=fresh))
                await asyncio.Event().wait()


async def _seeded(made: Application, told: Callable[[int, int], object]) -> bool:
    """Whether the demo's partners were written just now."""
    if made.settings.profile != "demo" or made.slack is None:
        return False
    mirror = made.jobs.housekeeping.mirror
    return await seed_once(
        made.database, made.crm, mirror, made.programs, made.slack.own, made.today(),
        prepare=lambda: prepare_crm(made.settings, made.database), told=told,
    )  # fmt: skip
