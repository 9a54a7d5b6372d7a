"""`partnerline program diff`: what another version changes, and what it would do to each partner's open deals."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from bot.bootstrap import now, office, today
from bot.cli.given import settings_of
from bot.cli.program_compared import changes_json, changes_table, deals_table, effect_json, effect_table, totals
from bot.cli.program_read import version
from bot.cli.progress import counting
from bot.cli.running import run
from bot.cli.screen import say, screen
from bot.storage import accounts, mirror
from config import Settings
from crm.records import Partner
from knowledge.comparing import changes
from knowledge.effect import PartnerEffect, effect
from knowledge.program import Program

_WHICH = "A version of the program in use, a folder, or FOLDER@VERSION"


def diff(
    context: typer.Context,
    old: Annotated[str, typer.Argument(metavar="OLD", help=f"{_WHICH}; of a folder the version of today.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help=f"{_WHICH}; of a folder the latest version.")],
    with_effect: Annotated[
        bool, typer.Option("--effect", help="Also what it would mean for each partner's open deals and tier.")
    ] = False,
    deals: Annotated[bool, typer.Option("--deals", help="With --effect, every deal in a row of its own.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for another program.")] = False,
) -> None:
    """Say what changes from one version of the program to another: rates, tiers, days, products, texts.

    With --effect the open deals in the CRM are computed twice, as if they closed today as entered: under OLD and under
    NEW. A deal that is registered already keeps the version that held on the day of its registration.

    [bold]Examples[/bold]

    [cyan]partnerline program diff 2026.1 2027.1[/cyan]

    [cyan]partnerline program diff my-program my-draft --effect --deals[/cyan]
    """
    before, after = version(context, old, latest=False), version(context, new, latest=True)
    found = changes(before, after)
    effects = run(_effects(settings_of(context), before, after)) if with_effect or deals else ()
    if as_json:
        told = {"changes": changes_json(found)} | ({"effect": effect_json(effects)} if with_effect or deals else {})
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    if found:
        screen().print(changes_table(found))
    else:
        say("the two say the same")
    if with_effect or deals:
        _tell(effects, after, deals=deals)


def _tell(effects: tuple[PartnerEffect, ...], new: Program, *, deals: bool) -> None:
    concerned = [effect for effect in effects if effect.deals or effect.tier_before != effect.tier_after]
    if deals:
        screen().print(deals_table(concerned))
    screen().print(effect_table(concerned))
    for sentence in totals(effects):
        say(sentence)
    if new.valid_from:
        say(f"deals registered before {new.valid_from.isoformat()} keep the version of their registration")


async def _effects(settings: Settings, old: Program, new: Program) -> tuple[PartnerEffect, ...]:
    async with office(settings) as at:
        await at.mirror()
        day = today(old, now)
        async with at.database.reading() as connection:
            rates = await accounts.rate_table(connection, old.vendor.currency)
            partners = sorted(await mirror.everyone(connection, Partner), key=lambda partner: partner.name.casefold())
            found = []
            with counting("Partners") as progress:
                for place, partner in enumerate(partners, start=1):
                    account = await accounts.account(connection, partner.id)
                    if account is not None:
                        found.append(effect(old, new, account, rates, day))
                    progress(place, len(partners))
    return tuple(found)
