"""`partnerline partners show`: a partner at a glance, with its engagement and what that is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from bot.bootstrap import now, office
from bot.cli.faults import Fault
from bot.cli.given import settings_of
from bot.cli.running import run
from bot.cli.screen import screen, table
from bot.desk.partners_named import fitting
from bot.digests.engaged import standings
from bot.digests.noticing import local
from bot.steps.look_up import manager_of
from bot.storage import mirror, registrations
from config import Settings
from crm.records import Contact, Deal, Partner

_NAMED = 10


def show(
    context: typer.Context,
    partner: Annotated[str, typer.Argument(metavar="NAME", help="The partner's name, words of it, or its id.")],
) -> None:
    """Show a partner: tier, manager, people, deals, and how engaged it is with what each part of that counts.

    [bold]Example[/bold]

    [cyan]partnerline partners show quaywise[/cyan]
    """
    run(_show(settings_of(context), partner))


def _meant(name: str, partners: Sequence[Partner]) -> Partner:
    meant = fitting(name, partners)
    if len(meant) == 1:
        return meant[0]
    if not meant:
        raise Fault(f"no partner is called {name!r}", "`partnerline partners list` shows them")
    names = ", ".join(sorted(f"{one.name} ({one.id})" for one in meant)[:_NAMED])
    raise Fault(f"{len(meant)} partners are called so: {names}", "write more of the name, or what is in brackets")


async def _show(settings: Settings, name: str) -> None:
    async with office(settings) as at, at.database.reading() as connection:
        found = _meant(name, await mirror.everyone(connection, Partner))
        people = await mirror.of_partner(connection, Contact, found.id)
        deals = await mirror.of_partner(connection, Deal, found.id)
        waiting = [one for one in await registrations.of_partner(connection, found.id) if one.state.waiting]
        standing = (await standings(connection, at.program, local(now(), at.program)))[found.id]
    manager = manager_of(found, at.program)
    shown = table(found.name, "What", "")
    for label, value in (
        ("Id", found.id),
        ("Types", ", ".join(kind.value for kind in found.types)),
        ("Tier", found.tier),
        ("Region", found.region),
        ("Manager", manager.name if manager else ""),
        ("Contacts", str(sum(one.active for one in people))),
        ("Open deals", str(sum(deal.stage.open for deal in deals))),
        ("Registrations that wait", str(len(waiting))),
        ("Engagement", f"{standing.score.in_words}{f', {standing.moved:+d} in four weeks' if standing.moved else ''}"),
        *((f"  {part.name}", part.in_words) for part in standing.score.parts),
    ):
        shown.add_row(label, value)
    screen().print(shown)
