"""`partnerline partners`: the partners there are, bringing them in from a CSV file, and addresses that work again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from bot.bootstrap import Office, office
from bot.cli.deciding import acting
from bot.cli.faults import Fault
from bot.cli.given import settings_of
from bot.cli.noted import noted_office
from bot.cli.partner_shown import show
from bot.cli.running import run
from bot.cli.screen import errors, moment, say, screen, table
from bot.operations import partners as partner_views
from bot.storage import forgotten, mirror, undeliverable
from bot.storage.codec import storable
from config import Settings
from crm.import_csv import Allowed, Imported, read_partners
from crm.records import Contact, Partner
from mail_ingest.address import normalised

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="List and show partners, import them from a CSV file, or say that an address takes mail again.",
)
app.command()(show)

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


@app.command()
def deliverable(
    context: typer.Context,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="A contact's mail address that takes mail again.")],
    by: Annotated[str | None, typer.Option(metavar="EMAIL", help="The manager who says so.")] = None,
) -> None:
    """Say that an address takes mail again after mail to it came back; announcements then go there as before.

    A mail that the contact writes from it says the same.

    [bold]Example[/bold]

    [cyan]partnerline partners deliverable sara@brightpath.example --by noor@lumora.example[/cyan]
    """
    run(_deliverable(settings_of(context), address, by))


async def _deliverable(settings: Settings, address: str, by: str | None) -> None:
    async with noted_office(settings) as at:
        who = acting(at.program, by, lambda manager: manager.announces, "may announce")
        if at.program.manager(who) is None:
            raise Fault(f"{who} is no manager of this program", "name one with --by EMAIL")
        async with at.database.begin() as connection:
            cleared = await undeliverable.clear(connection, storable(normalised(address)), who)
    if not cleared:
        raise Fault(f"no mail to {address} is known to have come back", "compare the address with the partner's page")
    say(f"announcements go to {address} again")


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
        heard = moment(row.last_interaction, at.program.vendor) if row.last_interaction else "-"
        counts = (str(row.contacts), str(row.open_deals), str(row.waiting_registrations))
        shown.add_row(row.record.name, types, row.record.tier, row.record.region, *counts, heard)
    screen().print(shown)


async def _import(settings: Settings, file: Path, data: bytes) -> None:
    async with noted_office(settings) as at:
        imported = await _checked(at, file, data)
        async with at.database.begin() as connection:
            await forgotten.known_again(connection, [contact.id for contact in imported.contacts])
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
