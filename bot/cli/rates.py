"""`partnerline rates`: exchange rates from a file, and those that are stored."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot.bootstrap import Office, now, office
from bot.cli.given import settings_of
from bot.cli.imports import read_file, refused_file
from bot.cli.noted import noted_office
from bot.cli.running import run
from bot.cli.screen import say, screen, table
from bot.operations.rate_files import read_rates
from bot.storage import rates
from bot.storage.rates import Storing
from config import Settings
from knowledge.commission.exchange import ExchangeRate, RateTable

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Import exchange rates from a file, or show the stored ones.",
)

_SHOWN = 20


@app.command("import")
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, or the European Central Bank's history as it is.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Let the file change rates that are stored for the same day.")
    ] = False,
) -> None:
    """Store exchange rates. Either every row is right and all are stored, or nothing is.

    An own file has the columns day, currency and rate, and source if you like; a rate is what one unit is worth in the
    program's currency. The European Central Bank's eurofxref-hist.zip (or the .csv in it) is taken as it is: its rates
    say how many units one euro buys, and are inverted to 12 significant digits. A stored rate stays: a file with
    another one for the same day is refused, and says so.

    [bold]Example[/bold] of a file:

    day,currency,rate

    2026-11-26,USD,0.9217

    [cyan]partnerline rates import eurofxref-hist.zip[/cyan]
    """
    run(_import(settings_of(context), file, read_file(file), replace))


@app.command()
def show(
    context: typer.Context,
    currency: Annotated[str | None, typer.Option(metavar="USD", help="The last days of this currency.")] = None,
) -> None:
    """Show the newest rate of each currency, or the last days of one.

    [bold]Example[/bold]

    [cyan]partnerline rates show --currency USD[/cyan]
    """
    run(_show(settings_of(context), (currency or "").upper()))


async def _import(settings: Settings, file: Path, data: bytes, replace: bool) -> None:
    async with noted_office(settings) as at:
        vendor = at.program.vendor
        read = read_rates(data, vendor.currency, vendor.currencies, file.name)
        if read.faults:
            raise refused_file(file, read.faults, "docs/connect-billing.md tells the columns")
        async with at.database.begin() as connection:
            stored = await rates.store(connection, read.rates, replace=replace)
        if stored.refused:
            raise refused_file(file, _told(stored), "or add --replace, if money was not computed with them")
    said = "read from the Bank's file" if read.bank else "read"
    say(f"{len(read.rates)} rate(s) {said}: {stored.added} new, {stored.same} stored already")
    for line in _told(stored)[:_SHOWN] if replace else ():
        say((f"replaced: {line}", "yellow"))


def _told(stored: Storing) -> list[str]:
    return [
        f"{one.kept.currency} of {one.kept.day} is {one.kept.rate}, not {one.other.rate}" for one in stored.differing
    ]


async def _show(settings: Settings, currency: str) -> None:
    async with office(settings) as at, at.database.begin() as connection:
        found = await (rates.of_currency(connection, currency, _SHOWN) if currency else rates.latest(connection))
        lacking = _lacking(at, found) if not currency else ()
    if not found:
        say("no rate is stored yet; `partnerline rates import FILE` brings them in")
    else:
        _print(found, at.program.vendor.currency)
    for missing in lacking:
        say((f"no rate of the last ten days: {missing}", "yellow"))


def _print(found: Sequence[ExchangeRate], base: str) -> None:
    shown = table("Exchange rates", "Currency", "Day", f"One unit in {base}", "Source")
    for rate in found:
        shown.add_row(rate.currency, rate.day.isoformat(), str(rate.rate), rate.source)
    screen().print(shown)


def _lacking(at: Office, found: Sequence[ExchangeRate]) -> tuple[str, ...]:
    """Currencies of the program that money could not be computed in today."""
    vendor = at.program.vendor
    known = RateTable.of(vendor.currency, found)
    today = now().date()
    return tuple(currency for currency in vendor.currencies if known.on(currency, today) is None)
