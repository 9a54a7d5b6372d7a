"""What the commands share that take a file: reading it, telling all that is wrong with it at once, saving the rest."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from itertools import count
from pathlib import Path
from typing import TypeVar

from bot.bootstrap import Office
from bot.cli.faults import Fault
from bot.cli.progress import counting
from bot.cli.screen import say
from bot.storage import ledger
from crm.a_few_at_once import save_each
from crm.records import Milestone, Payment
from crm.same_again import Compared

_R = TypeVar("_R", Payment, Milestone)
_PAGE = 250  # records that are saved at once

_SHOWN = 20  # faults of a file; mending the first ones often mends the rest


def read_file(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as fault:
        raise Fault(f"{file} cannot be read: {fault.strerror}", "name a file that is there") from fault


def refused_file(file: Path, faults: Sequence[str], hint: str) -> Fault:
    """Every fault with its line, up to a number that a person reads."""
    more = len(faults) - _SHOWN
    told = [*faults[:_SHOWN], *([f"and {more} more"] if more > 0 else [])]
    return Fault(
        "\n  ".join((f"{file} was not imported:", *told)), f"mend these and import again; nothing was saved ({hint})"
    )


def tell_effect(compared: Compared[_R], what: str, *, dry: bool) -> None:
    """How many records are new, the same or changed, and each change with both values."""
    would = "would be" if dry else "are"
    counts = f"{len(compared.new)} new, {len(compared.changed)} changed, {compared.same} already there"
    say(f"{what}: {counts}" + ("; nothing was saved" if dry else ""))
    for change in compared.changed[:_SHOWN]:
        say((f"{would} changed: {change.told}", "yellow"))
    if len(compared.changed) > _SHOWN:
        say((f"and {len(compared.changed) - _SHOWN} more", "yellow"))


async def save_all(
    at: Office,
    compared: Compared[_R],
    save: Callable[[Sequence[_R]], Awaitable[None]],
    what: str,
    file: Path,
    data: bytes,
) -> None:
    """Through the CRM's door, many at once. Saving is repeatable: after a fault, import again."""
    records = compared.to_save
    pages = [records[start : start + _PAGE] for start in range(0, len(records), _PAGE)]
    done = count(1)
    with counting("Saving") as tell:
        await save_each(save, pages, lambda: tell(min(next(done) * _PAGE, len(records)), len(records)))
    await at.mirror()
    if records:
        body = {"file": file.name, "sha256": hashlib.sha256(data).hexdigest()}
        counts = {"new": len(compared.new), "changed": len(compared.changed)}
        async with at.database.begin() as connection:
            await ledger.append(connection, f"{what}_imported", "cli", body | counts)
