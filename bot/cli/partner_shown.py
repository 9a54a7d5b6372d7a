"""`partnerline partners show`: a partner at a glance, with its engagement and what that is made of."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.bootstrap import now, office
from bot.cli.deciding import refused
from bot.cli.given import settings_of
from bot.cli.report_engagement import part_in_words
from bot.cli.running import run
from bot.cli.screen import screen, table
from bot.desk.partners_named import partner_named
from bot.digests.engaged import standings
from bot.digests.noticing import local
from bot.steps.look_up import manager_of
from bot.storage import mirror, registrations
from bot.vocabulary.results import NotDone
from config import Settings
from crm.records import Contact, Deal


def show(
    context: typer.Context,
    partner: Annotated[str, typer.Argument(metavar="NAME", help="The partner's name or id.")],
) -> None:
    """Show a partner: tier, manager, people, deals, and how engaged it is with what each part of that counts.

    [bold]Example[/bold]

    [cyan]partnerline partners show "Quaywise Advisory"[/cyan]
    """
    run(_show(settings_of(context), partner))


async def _show(settings: Settings, name: str) -> None:
    async with office(settings) as at, at.database.reading() as connection:
        found = await partner_named(connection, name)
        if isinstance(found, NotDone):
            raise refused(found)
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
        *((f"  {part.name}", part_in_words(part)) for part in standing.score.parts),
    ):
        shown.add_row(label, value)
    screen().print(shown)
