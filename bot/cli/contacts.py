"""`partnerline contacts`: the people of partners, those who wait to be let in, and what each may do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.bootstrap import Office, office
from bot.cli.deciding import acting, refused, say_who_delivers
from bot.cli.faults import UNUSABLE, Fault
from bot.cli.given import settings_of
from bot.cli.noted import noted_office
from bot.cli.running import run
from bot.cli.screen import printable, say, screen, table
from bot.operations.names import read_names
from bot.operations.preferences_told import read_told
from bot.storage import contact_offers, inbox, mirror
from bot.storage.contact_offers import ContactOffer
from bot.vocabulary.results import Done, NotDone
from config import Settings
from crm.records import Contact, ContactRight

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="List the people of partners; let in who waits, open, change and close contacts.",
)

_By = Annotated[str | None, typer.Option(metavar="EMAIL", help="The manager who says so; otherwise the only one.")]
_Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="The contact's mail address.")]
_Waiting = Annotated[str, typer.Argument(metavar="ADDRESS", help="As `contacts list` shows it.")]


@app.command("list")
def list_(
    context: typer.Context,
    partner: Annotated[str, typer.Option(help="Of this partner alone, by its name.")] = "",
    every: Annotated[bool, typer.Option("--all", help="Those that are closed, too.")] = False,
) -> None:
    """List contacts with what they may do, and before them the people who wait to be let in.

    [bold]Example[/bold]

    [cyan]partnerline contacts list --partner Quaywise[/cyan]
    """
    run(_list(settings_of(context), partner, every=every))


@app.command()
def add(
    context: typer.Context,
    partner: Annotated[str, typer.Argument(metavar="PARTNER", help="Its name.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="The person's name.")],
    address: _Address,
    by: _By = None,
) -> None:
    """Open a contact, or open one again that was closed.

    [bold]Example[/bold]

    [cyan]partnerline contacts add Quaywise "Aoife Brannigan" aoife@quaywise.example[/cyan]
    """
    run(_do(settings_of(context), by, lambda at, who: at.people_desk.add(partner, name, address, who)))


@app.command()
def close(context: typer.Context, address: _Address, by: _By = None) -> None:
    """Close a contact who left: messages from the address are nobody's from then on.

    [bold]Example[/bold]

    [cyan]partnerline contacts close declan@quaywise.example[/cyan]
    """
    run(_do(settings_of(context), by, lambda at, who: at.people_desk.close(address, who)))


@app.command()
def rights(
    context: typer.Context,
    address: _Address,
    may: Annotated[
        list[str],
        typer.Argument(metavar="RIGHT…", help=f"Of {', '.join(right.value for right in ContactRight)}, or none."),
    ],
    by: _By = None,
) -> None:
    """Say what a contact may do; what is not named is no longer allowed. The main contact may everything.

    [bold]Example[/bold]

    [cyan]partnerline contacts rights aoife@quaywise.example see_deals register[/cyan]
    """
    run(_do(settings_of(context), by, lambda at, who: at.people_desk.change_rights(address, _rights(may), who)))


@app.command()
def accept(context: typer.Context, address: _Waiting, by: _By = None) -> None:
    """Let in somebody who waits: he becomes a contact, and what he wrote is handled.

    [bold]Example[/bold]

    [cyan]partnerline contacts accept mia@quaywise.example[/cyan]
    """
    run(_decide(settings_of(context), address, by, accepted=True))


@app.command()
def refuse(context: typer.Context, address: _Waiting, by: _By = None) -> None:
    """Refuse somebody who waits: the message is discarded, and nobody is told.

    [bold]Example[/bold]

    [cyan]partnerline contacts refuse mia@quaywise.example[/cyan]
    """
    run(_decide(settings_of(context), address, by, accepted=False))


async def _list(settings: Settings, partner: str, *, every: bool) -> None:
    async with office(settings) as at, at.database.begin() as connection:
        names = await read_names(connection)
        offers = await contact_offers.open_offers(connection)
        references = {offer.inbox_id: await _reference(connection, offer) for offer in offers}
        people = [c for c in await mirror.everyone(connection, Contact) if every or c.active]
        said = await read_told(connection, people)
    wanted = partner.strip().casefold()
    if waiting := [o for o in offers if not wanted or names.partner(o.partner_id).casefold() == wanted]:
        shown = table("People who wait to be let in", "Address", "Says to be", "Partner", "Message")
        for offer in waiting:
            where = names.partner(offer.partner_id)
            shown.add_row(printable(offer.address), printable(offer.name), where, references[offer.inbox_id])
        screen().print(shown)
    shown = table("Contacts", "Partner", "Name", "Address", "May", "State", "Announcements")
    for contact in sorted(people, key=lambda c: (names.partner(c.partner_id).casefold(), c.name.casefold())):
        where = names.partner(contact.partner_id)
        if not wanted or where.casefold() == wanted:
            shown.add_row(
                where, printable(contact.name), contact.email, _may(contact), _state(contact), said[contact.id]
            )
    screen().print(shown)


def _may(contact: Contact) -> str:
    if contact.main:
        return "everything"
    return ", ".join(right.value for right in contact.rights) or "nothing"


def _state(contact: Contact) -> str:
    return "closed" if not contact.active else "main" if contact.main else ""


async def _reference(connection: AsyncConnection, offer: ContactOffer) -> str:
    row = await inbox.fetch(connection, offer.inbox_id)
    return row.reference if row else "-"


def _rights(said: list[str]) -> tuple[ContactRight, ...]:
    known = {right.value: right for right in ContactRight}
    if [word.casefold() for word in said] == ["none"]:
        return ()
    if strange := [word for word in said if word.casefold() not in known]:
        raise Fault(f"{strange[0]} is no right", f"rights are {', '.join(known)}, or none for no right", UNUSABLE)
    return tuple(known[word.casefold()] for word in said)


async def _do(settings: Settings, by: str | None, act: Callable[[Office, str], Awaitable[Done | NotDone]]) -> None:
    async with noted_office(settings) as at:
        who = acting(at.program, by, lambda _: True, "may change contacts")
        await at.mirror()
        done = await act(at, who)
        if isinstance(done, NotDone):
            raise refused(done)
        say(done.text)
        await say_who_delivers(at)


async def _decide(settings: Settings, address: str, by: str | None, *, accepted: bool) -> None:
    wanted = address.strip().lower()

    async def decided(at: Office, who: str) -> Done | NotDone:
        async with at.database.begin() as connection:
            offers = [o for o in await contact_offers.open_offers(connection) if o.address == wanted]
        if not offers:
            return NotDone(f"nobody waits under {address}", "`partnerline contacts list` shows who does")
        desk = at.people_desk
        return await (desk.accept if accepted else desk.refuse)(offers[0].inbox_id, who)

    await _do(settings, by, decided)
