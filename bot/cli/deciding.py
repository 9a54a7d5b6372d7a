"""What the commands of managers share: who acts, what came of it, and whether a worker will deliver it."""

from __future__ import annotations

from collections.abc import Callable

from bot.bootstrap import Office
from bot.cli.faults import UNUSABLE, Fault
from bot.cli.screen import say
from bot.storage.queue import live_workers
from bot.vocabulary.results import NotDone
from knowledge.program import Manager, Program


def acting(program: Program, by: str | None, may: Callable[[Manager], bool], right: str) -> str:
    """The address given with --by, else the one manager who may, before others the one without limit."""
    if by:
        return by
    able = [manager for manager in program.managers if may(manager)]
    if len(able) > 1:
        able = [manager for manager in able if without_limit(manager)] or able
    if len(able) == 1:
        return able[0].email
    known = ", ".join(manager.email for manager in able) or "nobody in this program"
    raise Fault(f"say who acts: {known} {right}", "add --by EMAIL", UNUSABLE)


def without_limit(manager: Manager) -> bool:
    """Whether this manager decides any registration."""
    return manager.approves and manager.approves_up_to is None and not manager.regions


def pays_without_limit(manager: Manager) -> bool:
    """Whether this manager decides any statement and dispute."""
    return manager.decides_payouts and manager.approves_up_to is None and not manager.regions


def refused(no: NotDone) -> Fault:
    """A plain no, as the command's message."""
    return Fault(no.text, no.fix)


async def say_who_delivers(at: Office) -> None:
    """Only where it is not at once: no worker is alive."""
    async with at.database.begin() as connection:
        alive = await live_workers(connection)
    if not alive:
        say(("no worker runs now: ", "yellow"), "what this sends leaves when `partnerline serve` or `worker` next runs")
