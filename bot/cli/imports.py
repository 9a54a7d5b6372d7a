"""What the commands share that take a file: reading it, and telling everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.cli.faults import Fault

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
