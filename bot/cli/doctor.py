"""`partnerline doctor`: every check in a row, each with what it found and what would mend it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import typer

from bot.cli import checks_crm, checks_data, checks_here, checks_out, checks_slack
from bot.cli.faults import FAILED
from bot.cli.findings_shown import show
from bot.cli.given import settings_of
from bot.cli.running import run
from bot.cli.screen import errors
from config import Settings
from crm.findings import Finding, Health

app = typer.Typer(add_completion=False, rich_markup_mode="rich")


@app.command()
def doctor(context: typer.Context) -> None:
    """Check settings, program, database, ledger, queue, CRM and connections, and say what to mend.

    It changes nothing, and works while the agent runs and while it does not. Exit code 1 where there is a fault.

    [bold]Example[/bold]

    [cyan]partnerline --profile production doctor[/cyan]
    """
    findings = run(_examined(settings_of(context)))
    show("Doctor", findings)
    faults = sum(finding.health is Health.FAULT for finding in findings)
    if faults:
        raise typer.Exit(FAILED)


async def _examined(settings: Settings) -> list[Finding]:
    with errors().status("Checking"):
        return [finding async for finding in _checks(settings)]


async def _checks(settings: Settings) -> AsyncIterator[Finding]:
    for finding in checks_here.settings(settings):
        yield finding
    yield checks_here.program(settings)
    yield checks_here.data_folder(settings)
    yield checks_here.certificate(settings)
    async for finding in checks_data.data(settings):
        yield finding
    async for finding in checks_crm.crm(settings):
        yield finding
    for check in (checks_out.relay, checks_out.senders):
        yield await check(settings)
    async for finding in checks_slack.slack_in_short(settings):
        yield finding
    yield await checks_out.model(settings)
