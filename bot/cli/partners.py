"""`partnerline partners`: the partners there are, and bringing them in from a CSV file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from bot.bootstrap import Office, office
from bot.cli.faults import Fault
from bot.cli.given import settings_of
from bot.cli.running import run
from bot.cli.screen import errors, moment, say, screen, table
from bot.operations import partners as partner_views
from bot.storage import mirror
from config import Settings
from crm.import_csv import Allowed, Imported, read_partners
from crm.records import Contact, Partner

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich", help="List partners, or import them from a CSV file.")

_SHOWN = 20  # faults of a file; mending the first ones often mends the rest


@app.command("list")
def list_(context: typer.Context) -> None:
    """List the partners with tier, contacts, open deals and what waits.

    [bold]Example[/bold]

    [cyan]partnerline partners list[/cyan]
    """
    run(_list(settings_of(context)))


@app.command("import")
def import_(
    context: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="Partners and contacts.")]
) -> None:
    """Import partners and their contacts. Either every row is right and all are saved, or nothing is.

    The first row names the columns; only `partner` must be there. A partner is known again by its name, a contact by
    its address; what a cell leaves empty stays as it is.

    [bold]Example[/bold] of a file:

    partner;types;tier;language;contact_name;contact_email

    Quaywise;referral;Registered;en;Aoife Brannigan;aoife@quaywise.example

    [cyan]partnerline partners import partners.csv[/cyan]
    """
    run(_import(settings_of(context), file, _read(file)))


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as fault:
        raise Fault(f"{file} cannot be read: {fault.strerror}", "name a CSV file that is there") from fault


async def _list(settings: Settings) -> None:
    async with office(settings) as at, at.database.begin() as connection:
        rows = await partner_views.rows(connection)
    if not rows:
        say("there is no partner yet; bring them in with `partnerline partners import FILE.csv`")
        return
    shown = table("Partners", "Name", "Types", "Tier", "Region", "Contacts", "Open deals", "Waiting", "Last heard")
    for row in rows:
        types = ", ".join(kind.value for kind in row.record.types)
        heard = moment(row.last_interaction) if row.last_interaction else "-"
        counts = (str(row.contacts), str(row.open_deals), str(row.waiting_registrations))
        shown.add_row(row.record.name, types, row.record.tier, row.record.region, *counts, heard)
    screen().print(shown)


async def _import(settings: Settings, file: Path, data: bytes) -> None:
    async with office(settings) as at:
        imported = await _checked(at, file, data)
        await _save(at, imported)
        await at.mirror()
    say(f"{len(imported.partners)} partner(s) and {len(imported.contacts)} contact(s) are in the CRM")


async def _checked(at: Office, file: Path, data: bytes) -> Imported:
    await at.mirror()
    async with at.database.begin() as connection:
        known = await mirror.everyone(connection, Partner), await mirror.everyone(connection, Contact)
    tiers = tuple(tier.name for tier in at.program.tiers)
    plans = tuple(plan.id for plan in at.program.plans)
    imported = read_partners(data, Allowed(tiers, plans, at.program.vendor.currency), *known)
    if imported.faults:
        more = len(imported.faults) - _SHOWN
        told = [*imported.faults[:_SHOWN], *([f"and {more} more"] if more > 0 else [])]
        raise Fault(
            "\n  ".join((f"{file} was not imported:", *told)),
            "mend these lines and import again; nothing was saved (docs/importing-partners.md lists the columns)",
        )
    return imported


async def _save(at: Office, imported: Imported) -> None:
    with Progress(console=errors(), transient=True) as progress:
        bar = progress.add_task("Saving", total=len(imported.partners) + len(imported.contacts))
        for partner in imported.partners:
            await at.crm.save_partner(partner)
            progress.advance(bar)
        for contact in imported.contacts:
            await at.crm.save_contact(contact)
            progress.advance(bar)
