"""`partnerline report adoption`: which partners were invited, wrote, registered, won, and who is silent."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.bootstrap import now, office
from bot.cli.given import settings_of
from bot.cli.running import run
from bot.cli.saving import saved
from bot.cli.screen import say, screen, table
from bot.onboarding.adoption import Adoption, adoption, as_csv, in_words
from bot.onboarding.adoption_chart import chart_png
from bot.storage.adoption import Adopted, adopted
from config import Settings
from knowledge.business_days import vendors_day


def adoption_(
    context: typer.Context,
    tier: Annotated[str, typer.Option(metavar="TIER", help="Only partners of that tier.")] = "",
    type_: Annotated[str, typer.Option("--type", metavar="TYPE", help="Only partners of that type.")] = "",
    region: Annotated[str, typer.Option(metavar="REGION", help="Only partners in that region.")] = "",
    to_csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE.csv", help="Write every partner into this file.")
    ] = None,
    png: Annotated[Path | None, typer.Option(metavar="FILE.png", help="Draw it as a chart into this file.")] = None,
) -> None:
    """Show how far each partner has come since it was invited, with counts and medians over all of them.

    Partners that were there before the agent are marked as known; their first message, registration and win are of all
    times. docs/onboarding.md says what counts.

    [bold]Example[/bold]

    [cyan]partnerline report adoption --region DACH --csv adoption.csv --png adoption.png[/cyan]
    """
    run(_adoption(settings_of(context), _Only(tier, type_, region), to_csv, png))


class _Only:
    """Which partners are meant, in any case; "" does not narrow."""

    def __init__(self, tier: str, type_: str, region: str) -> None:
        self._tier, self._type, self._region = (said.strip().casefold() for said in (tier, type_, region))

    def __call__(self, one: Adopted) -> bool:
        types = {kind.casefold() for kind in one.types}
        return (
            self._tier in ("", one.tier.casefold())
            and self._region in ("", one.region.casefold())
            and (not self._type or self._type in types)
        )


async def _adoption(settings: Settings, only: _Only, to_csv: Path | None, png: Path | None) -> None:
    async with office(settings) as at:
        vendor = at.program.vendor
        async with at.database.reading() as connection:
            partners = await adopted(connection, now(), vendor.time_zone)
        found = adoption([one for one in partners if only(one)], vendors_day(now(), vendor), settings.silent_days)
    if to_csv is not None:
        saved(to_csv, as_csv(found))
        say(f"{len(found.partners)} partner(s) are written to {to_csv}")
    if png is not None:
        saved(png, await asyncio.to_thread(chart_png, found, at.program.brand.light))
        say(f"drawn in {png}")
    if to_csv is None and png is None:
        _show(found)


def _show(found: Adoption) -> None:
    shown = table(
        "Adoption", "Partner", "Invited", "Days", "Wrote", "Registered", "Won", "Last word", "Silent", "Slack"
    )
    for one in found.partners:
        since = str((found.day - one.invited_on).days) if one.invited_on else ""
        days = (str(day or "-") for day in (one.wrote_on, one.registered_on, one.won_on, one.heard_on))
        shown.add_row(
            one.name, str(one.invited_on or "known"), since, *days, "yes" if found.is_silent(one) else "",
            "yes" if one.in_slack else "",
        )  # fmt: skip
    screen().print(shown)
    for line in in_words(found):
        say(line)
