"""`partnerline ledger forget`: erases what is kept of a person, after showing what that is."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.bootstrap import Office, office
from bot.cli.deciding import acting
from bot.cli.faults import UNUSABLE, Fault
from bot.cli.given import settings_of
from bot.cli.progress import counting
from bot.cli.running import run
from bot.cli.screen import say, screen, table
from bot.desk.refused_entries import crm_called
from bot.storage import forgetting, forgotten, traces
from bot.storage.forgetting import Forgotten, StillWaits
from config import Settings
from crm.records import Contact


def forget(
    context: typer.Context,
    contact: Annotated[str, typer.Option(metavar="WHO", help="The contact's id or mail address.")],
    reason: Annotated[str, typer.Option(help="Why, for the proof: such as the number of the request.")] = "",
    drop_waiting: Annotated[
        bool, typer.Option("--drop-waiting", help="Give up what still waits for the CRM about this person.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Erase without asking.")] = False,
    by: Annotated[
        str | None, typer.Option(metavar="EMAIL", help="The manager who says so; otherwise the only one.")
    ] = None,
) -> None:
    """Erase a person's data here: messages raw and read, answers, name and addresses in every table and in the ledger.

    First it shows what it would touch, and asks. The ledger keeps that something was there, and that it was erased by
    whom: its chain still verifies. Registrations, statements and invoices stay, with the name replaced. The person is
    unknown from then on. What the CRM holds is the CRM's: erase it there first.

    [bold]Example[/bold]

    [cyan]partnerline ledger forget --contact aoife@quaywise.example --reason "request 2026-17"[/cyan]
    """
    run(_forget(settings_of(context), contact, reason, by, drop_waiting=drop_waiting, yes=yes))


COMMANDS = (forget,)


async def _forget(settings: Settings, said: str, reason: str, by: str | None, *, drop_waiting: bool, yes: bool) -> None:
    async with office(settings) as at:
        who = acting(at.program, by, lambda _: True, "may have a person forgotten")
        person = await _person(at, said)
        if person is None:
            await at.crm.forget_copies(said.strip())
            say("was forgotten before; copies that the CRM's adapter had made since are erased")
            return
        would = await _done(at, person, who, reason, drop_waiting=drop_waiting, only_shown=True)
        _tell(would, person)
        _tell_of_crm(at)
        if not yes and not _agreed(f"Erase this of {person.email}?"):
            say("nothing was erased")
            return
        done = await _done(at, person, who, reason, drop_waiting=drop_waiting, only_shown=False)
        if person.id:
            await at.crm.forget_copies(person.id)
    say(f"erased: {sum(done.rows.values())} row(s), {done.values} value(s) of the ledger; the ledger has the proof")


async def _person(at: Office, said: str) -> Contact | None:
    """None for the id of one that is forgotten already."""
    async with at.database.begin() as connection:
        found = await traces.contact_meant(connection, said)
        gone = not found and await forgotten.is_forgotten(connection, said.strip())
    if len(found) > 1:
        ids = ", ".join(one.id for one in found)
        raise Fault(f"several contacts are {said}", f"name one by its id: {ids}", UNUSABLE)
    if found or gone:
        return found[0] if found else None
    if "@" not in said:
        raise Fault(f"no contact is {said}", "`partnerline contacts list` shows addresses; an address that is no "
                    "contact's is forgotten too", UNUSABLE)  # fmt: skip
    if at.own.takes(said) or at.program.manager(said.strip().lower()) is not None:
        raise Fault(f"{said} is an address of this program", "what managers order and the agent says is the record",
                    UNUSABLE)  # fmt: skip
    return forgetting.stranger(said)


async def _done(
    at: Office, person: Contact, who: str, reason: str, *, drop_waiting: bool, only_shown: bool
) -> Forgotten:
    with counting("Looking" if only_shown else "Erasing") as told:
        async with at.database.connect() as connection:
            transaction = await connection.begin()
            found = await forgetting.forget(connection, person, who, reason, drop_waiting=drop_waiting, told=told)
            kept = only_shown or isinstance(found, StillWaits)
            await (transaction.rollback() if kept else transaction.commit())
    if isinstance(found, Forgotten):
        return found
    raise Fault(
        f"{found.entries} entries about this person still wait for the CRM",
        "wait until they are there (`partnerline crm status`), or give them up with --drop-waiting",
    )


def _tell(would: Forgotten, person: Contact) -> None:
    shown = table(f"What is kept of {person.name or person.email}", "Where", "Rows")
    for name, count in would.rows.items():
        shown.add_row(name, str(count))
    shown.add_row("ledger", f"{would.values} value(s)")
    screen().print(shown)


def _tell_of_crm(at: Office) -> None:
    if at.crm.name == "embedded":
        say("the embedded CRM is the CRM: the contact stays there without name and address")
        return
    say(
        ("the CRM's own records stay: ", "yellow"),
        f"erase the contact in {crm_called(at.crm.name)} first, where that is wished",
    )


def _agreed(question: str) -> bool:
    try:
        return typer.confirm(question, err=True)
    except typer.Abort as fault:
        raise Fault("nobody answered; nothing was erased", "add --yes to erase without asking", UNUSABLE) from fault
