"""`python -m benchmarks`: mail in and out, reading, hostile mail, documents, money, HubSpot, Slack, announcements."""

from __future__ import annotations

import argparse
import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks import (
    accepting,
    announcing,
    announcing_people,
    calling,
    commission,
    documents,
    handling,
    hostile,
    reading,
    report,
    slack,
    statements,
    timelines,
    visible_text,
)
from benchmarks.machine import described, embedded_server
from bot.storage.postgres import Postgres

_ROOT = Path(__file__).parents[1]
_PAGE = _ROOT / "docs" / "benchmarks.md"
_CASES = _ROOT / "tests" / "labelled"
_PARTS = (
    "accepting", "handling", "reading", "visible", "hostile", "documents", "commission", "statements", "calling",
    "timelines", "slack", "announcing",
)  # fmt: skip


def main() -> None:
    said = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    said.add_argument("parts", nargs="*", metavar="PART", help=f"some of {', '.join(_PARTS)}; nothing: all of them")
    said.add_argument("--cases", type=Path, default=_CASES, help="folder of labelled messages for the reader")
    said.add_argument("--replies", type=Path, help="folder of public reply texts for the visible text")
    said.add_argument("--write", action="store_true", help="write the tables to docs/benchmarks.md")
    given = said.parse_args()
    if unknown := set(given.parts) - set(_PARTS):
        said.error(f"there is no part {', '.join(sorted(unknown))}; choose of {', '.join(_PARTS)}")
    logging.basicConfig(level=logging.ERROR)
    console = Console()
    machine = described()
    console.print(f"[bold]Machine[/bold] {machine}\n")
    every = asyncio.run(_measured(given.parts or list(_PARTS), given.cases, given.replies, console))
    for figures in every:
        report.show(console, figures)
    if given.write:
        _PAGE.write_text(report.page(machine, every), encoding="utf-8")
        console.print(f"Written to {_PAGE.relative_to(_ROOT)}")


@dataclass(frozen=True)
class _Part:
    """One that needs a database of its own: its name for people, its number of rounds, and what it does."""

    name: str
    rounds: int
    measure: Callable[[Postgres, Callable[[], None]], Awaitable[report.Figures]]


async def _accepting(server: Postgres, step: Callable[[], None]) -> report.Figures:
    return report.of_accepting(await accepting.measure(server.dsn, step))


async def _handling(server: Postgres, step: Callable[[], None]) -> report.Figures:
    return report.of_handling(await handling.measure(server.dsn, step))


async def _statements(server: Postgres, step: Callable[[], None]) -> report.Figures:
    return report.of_statements(await statements.measure(server.dsn, step))


async def _calling(server: Postgres, step: Callable[[], None]) -> report.Figures:
    return report.of_calling(await calling.measure(server.url, step))


async def _timelines(server: Postgres, step: Callable[[], None]) -> report.Figures:
    return report.of_timelines(await timelines.measure(server, step))


async def _slack(server: Postgres, step: Callable[[], None]) -> report.Figures:
    return report.of_slack(*await slack.measure(server.dsn, step))


async def _announcing(server: Postgres, step: Callable[[], None]) -> report.Figures:
    delivered = await announcing.measure(server, step)
    async with embedded_server() as another:
        return report.of_announcing(await announcing_people.measure(another.dsn, step), delivered)


_ON_A_SERVER = {
    "accepting": _Part("Accepting", len(accepting.SESSIONS) * accepting.ROUNDS, _accepting),
    "handling": _Part("Handling", len(handling.WORKERS) * handling.ROUNDS, _handling),
    "statements": _Part("Statement runs", len(statements.DEALS), _statements),
    "calling": _Part("Calls to HubSpot", len(calling.INPUTS) * len(calling.AT_ONCE), _calling),
    "timelines": _Part("Timelines in HubSpot", timelines.STEPS, _timelines),
    "slack": _Part("Events of Slack", slack.STEPS, _slack),
    "announcing": _Part("Announcing", announcing.STEPS + announcing_people.STEPS, _announcing),
}


async def _on_a_server(part: _Part, bar: Progress) -> report.Figures:
    step = _steps(bar, part.name, part.rounds)
    async with embedded_server() as server:
        return await part.measure(server, step)


async def _measured(parts: list[str], cases: Path, replies: Path | None, console: Console) -> list[report.Figures]:
    every: list[report.Figures] = []
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    )
    with bar:
        every += [await _on_a_server(_ON_A_SERVER[part], bar) for part in _ON_A_SERVER if part in parts]
        if "reading" in parts:
            step = _steps(bar, "Reading", 2 * reading.ROUNDS)
            every.append(report.of_reading(reading.measure(cases, step)))
        if "visible" in parts:
            sets = visible_text.sets(replies, cases)
            step = _steps(bar, "Visible text", len(sets) * len(visible_text.parsers()))
            every.append(report.of_visible_text(visible_text.measure(sets, step)))
        if "hostile" in parts:
            step = _steps(bar, "Hostile mail", len(hostile.mails()))
            every.append(report.of_hostile(await asyncio.to_thread(hostile.measure, step)))
        if "documents" in parts:
            step = _steps(bar, "Documents", len(documents.LINES) * documents.ROUNDS)
            every.append(report.of_documents(documents.measure(step)))
        if "commission" in parts:
            step = _steps(bar, "Commission", 2 * len(commission.LINES) * commission.ROUNDS)
            every.append(report.of_commission(await asyncio.to_thread(commission.measure, step)))
    return every


def _steps(bar: Progress, name: str, total: int) -> Callable[[], None]:
    """To be called after each round."""
    task = bar.add_task(name, total=total)
    return lambda: bar.advance(task)


if __name__ == "__main__":
    main()
