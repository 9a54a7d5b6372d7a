"""`partnerline crm setup`, `check` and `import`: an outside CRM made ready, looked over, and its partners taken."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.faults import FAILED, UNUSABLE, Fault
from bot.cli.findings_shown import show
from bot.cli.given import settings_of
from bot.cli.running import run
from config import Settings
from crm.findings import Health
from crm.records import PartnerType


def setup(
    context: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Make what is missing without asking.")] = False,
) -> None:
    """Show what your HubSpot account lacks, ask, and make it: properties, labels, the custom object, a pipeline.

    What is there stays as it is; to run it again changes nothing, and completes what was interrupted. What your plan or
    the token does not allow is told, and which way of attribution remains.

    [bold]Example[/bold]

    [cyan]partnerline crm setup[/cyan]
    """
    settings = _hubspot(context)
    from bot.cli import crm_hubspot  # noqa: PLC0415 - its client takes a second to load

    run(crm_hubspot.set_up(settings, yes=yes))


def check(
    context: typer.Context,
    try_note: Annotated[
        bool, typer.Option("--try-note", help="Also write a note and remove it; in test accounts alone.")
    ] = False,
) -> None:
    """Look over your HubSpot account: token, scopes, properties, pipelines, attribution. Nothing is changed there.

    Each line says what is right, or what would be. Exit code 1 where there is a fault.

    [bold]Example[/bold]

    [cyan]partnerline crm check[/cyan]
    """
    settings = _hubspot(context)
    from bot.cli import crm_hubspot  # noqa: PLC0415 - its client takes a second to load

    findings = run(crm_hubspot.check(settings, try_note=try_note))
    show("HubSpot", findings)
    if any(finding.health is Health.FAULT for finding in findings):
        raise typer.Exit(FAILED)


def import_(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be taken, and stop.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Take them without asking.")] = False,
    types: Annotated[
        list[PartnerType] | None,
        typer.Option("--type", help="For companies of which HubSpot does not say what kind of partner; repeatable."),
    ] = None,
    tier: Annotated[str, typer.Option(metavar="NAME", help="For those without a tier.")] = "",
) -> None:
    """Take the partners that are in HubSpot already, and the people at them.

    A company is a partner where “Partner type” is filled in, or HubSpot's own “Type” is Partner or Reseller; with the
    custom object every record is one. Of its contacts those are taken whose address has a mail domain of the partner.
    You see the list first, with what is wrong with whom; nothing of HubSpot's own is overwritten.

    [bold]Examples[/bold]

    [cyan]partnerline crm import --dry-run
    partnerline crm import --type referral --tier Registered[/cyan]
    """
    settings = _hubspot(context)
    from bot.cli import crm_hubspot  # noqa: PLC0415 - its client takes a second to load

    run(crm_hubspot.take(settings, tuple(types or ()), tier, dry_run=dry_run, yes=yes))


def _hubspot(context: typer.Context) -> Settings:
    settings = settings_of(context)
    if settings.crm != "hubspot":
        raise Fault(
            "the CRM is the embedded one, which needs nothing of this",
            "set PARTNERLINE_CRM=hubspot and PARTNERLINE_HUBSPOT_TOKEN (docs/connect-hubspot.md)",
            UNUSABLE,
        )
    return settings
