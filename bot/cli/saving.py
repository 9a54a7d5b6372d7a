"""A file that a command was asked to write."""

from __future__ import annotations

from pathlib import Path

from bot.cli.faults import Fault


def saved(file: Path, content: bytes) -> None:
    """Raises Fault where it cannot be written."""
    try:
        file.write_bytes(content)
    except OSError as fault:
        raise Fault(f"{file} cannot be written: {fault.strerror}", "name a file in a folder that is there") from fault
