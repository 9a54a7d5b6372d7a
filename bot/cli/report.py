"""`partnerline report`: what the CRM's deals show of the program, as table, chart, CSV or JSON; and other counts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.bootstrap import office
from bot.cli.faults import UNUSABLE, Fault
from bot.cli.given import settings_of
from bot.cli.report_adoption import adoption_
from bot.cli.report_engagement import engagement
from bot.cli.report_feedback import feedback
from bot.cli.running import run
from bot.cli.screen import say, screen, table
from bot.documents import chart, study_chart
from bot.documents.study_chart import NAMES, as_csv, as_json, in_words, sentences
from bot.operations import study as studies
from config import Settings
from crm.records import PartnerType
from knowledge.intervals import Estimate
from knowledge.program import Program
from knowledge.study import FEWEST, Filters, GroupFigures, Study

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Reports from the CRM's deals, how engaged partners are, how they begin, and what they say of answers.",
)
app.command()(feedback)
app.command()(engagement)
app.command("adoption")(adoption_)


@app.callback()
def _reports() -> None:
    """Reports from the CRM's deals, how engaged partners are, how they begin, and what they say of answers."""


@app.command()
def attribution(
    context: typer.Context,
    since: Annotated[str, typer.Option(metavar="DATE", help="Deals closed on that day or later.")] = "",
    until: Annotated[str, typer.Option(metavar="DATE", help="Deals closed on that day or earlier.")] = "",
    region: Annotated[str, typer.Option(help="Of partners in that region; own deals stay as they are.")] = "",
    type_: Annotated[
        PartnerType | None, typer.Option("--type", help="Of partners of that type; own deals stay as they are.")
    ] = None,
    product: Annotated[str, typer.Option(help="Deals with that product; a name or alias of the program.")] = "",
    as_json_: Annotated[bool, typer.Option("--json", help="Everything as JSON.")] = False,
    as_csv_: Annotated[bool, typer.Option("--csv", help="A row for each group and measure.")] = False,
    png: Annotated[Path | None, typer.Option(metavar="FILE.png", help="Draw it as a chart into this file.")] = None,
) -> None:
    """Compare partners' deals with the vendor's own: average size, win rate, days to the win; with 95 % intervals.

    Where an interval holds "no difference", none is shown, and none is claimed to be absent; fewer than 5 deals in a
    group are counted and not compared.

    [bold]Example[/bold]

    [cyan]partnerline report attribution --since 2026-01-01 --png attribution.png[/cyan]
    """
    if as_json_ and as_csv_:
        raise Fault("it is either JSON or CSV", "leave one of them out", UNUSABLE)
    asked = Filters(_day(since), _day(until), region, type_, product)
    if asked.since and asked.until and asked.since > asked.until:
        raise Fault(f"{asked.since} comes after {asked.until}", "give --since the earlier day", UNUSABLE)
    write = as_json if as_json_ else as_csv if as_csv_ else None
    run(_attribution(settings_of(context), asked, png, write))


def _day(said: str) -> date | None:
    try:
        return datetime.strptime(said, "%Y-%m-%d").date() if said else None  # noqa: DTZ007 - a day has no zone
    except ValueError as fault:
        raise Fault(f"{said} is no day", "write it as 2026-01-31", UNUSABLE) from fault


async def _attribution(
    settings: Settings, asked: Filters, png: Path | None, write: Callable[[Study], str] | None
) -> None:
    async with office(settings) as at:
        filters = _named(at.program, asked)
        await at.mirror()
        async with at.database.reading() as connection:
            found = await studies.of_all(connection, at.program.vendor.currency, filters)
    if png is not None:
        drawn = study_chart.chart(found, at.program.vendor.name)
        _save(png, await asyncio.to_thread(chart.png, drawn, at.program.brand.light))
    if write is not None:
        typer.echo(write(found).rstrip("\n"))
        return
    _show(found)
    if png is not None:
        say(f"drawn in {png}")


def _named(program: Program, asked: Filters) -> Filters:
    """The product by the name that deals carry."""
    if not asked.product:
        return asked
    wanted = asked.product.casefold()
    for product in program.products:
        if wanted in (product.name.casefold(), *(alias.casefold() for alias in product.aliases)):
            return Filters(asked.since, asked.until, asked.region, asked.type, product.name)
    known = ", ".join(product.name for product in program.products)
    raise Fault(f"the program has no product {asked.product}", f"its products are {known}", UNUSABLE)


def _save(file: Path, picture: bytes) -> None:
    try:
        file.write_bytes(picture)
    except OSError as fault:
        raise Fault(f"{file} cannot be written: {fault.strerror}", "name a file in a folder that is there") from fault


def _show(found: Study) -> None:
    say(f"Partners' deals against the vendor's own: {in_words(found.filters)}")
    columns = ("Deals", "Closed", "Won", "Open", "Average size", "n", "Win rate", "Days to the win", "n")
    shown = table("", *columns)
    for figures in found.groups:
        shown.add_row(*_row(figures, found.currency))
    screen().print(shown)
    for sentence in sentences(found):
        say(sentence)
    for left_out in _left_out(found):
        say(left_out)
    say("In brackets: 95 % intervals. docs/attribution-report.md tells how each is computed and how to read it.")


def _row(figures: GroupFigures, currency: str) -> tuple[str, ...]:
    counts = (str(figures.closed), str(figures.won), str(figures.open))
    size = _cell(figures.size, lambda value: f"{value:,.0f}")
    return (
        NAMES[figures.group], *counts,
        f"{currency} {size}" if figures.size else size, str(figures.sized),
        _cell(figures.win_rate, lambda value: f"{value:.0%}"),
        _cell(figures.cycle, lambda value: f"{value:,.0f}"), str(figures.dated),
    )  # fmt: skip


def _cell(estimate: Estimate | None, written: Callable[[float], str]) -> str:
    if estimate is None:
        return f"fewer than {FEWEST}"
    low, high = (written(at) if abs(at) != float("inf") else "?" for at in (estimate.low, estimate.high))
    return f"{written(estimate.value)} ({low} to {high})"


def _left_out(found: Study) -> list[str]:
    unsized = sum(figures.unsized for figures in found.groups if figures.group.value != "registered")
    undated = sum(figures.undated for figures in found.groups if figures.group.value != "registered")
    said = []
    if unsized:
        said.append(f"{unsized} won deal(s) count for no size: no amount, or no exchange rate stored for their day.")
    if undated:
        said.append(
            f"{undated} won deal(s) count for no days: the CRM does not say when they were won, or not rightly."
        )
    return said
