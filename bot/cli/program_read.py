"""Which program a command is about: the one that the settings name, another folder, a version of either."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import typer

from bot.bootstrap import now, today
from bot.cli.faults import UNUSABLE, Fault
from bot.cli.given import settings_of
from bot.cli.running import told
from bot.texts.own import text_faults
from knowledge.loading import load_programs
from knowledge.nearest import meant
from knowledge.program import Program
from knowledge.programs import Programs


def read(context: typer.Context, folder: Path | None = None) -> Programs:
    """Every version of the program in that folder, else of the one that the settings name."""
    with told():
        return load_programs(folder or settings_of(context).program_folder, text_faults)


def version(context: typer.Context, said: str, *, latest: bool) -> Program:
    """`said` is a version of the program in use, a folder, or FOLDER@VERSION. Of a folder without a version it is the
    latest one, or the one that holds today.
    """
    folder, at, name = said.rpartition("@")
    if at and Path(folder).is_dir():
        return _named(read(context, Path(folder)), name)
    if Path(said).is_dir():
        programs = read(context, Path(said))
        return programs.versions[-1] if latest else programs.on(today_of(programs))
    return _named(read(context), said)


def known_tier(program: Program, name: str) -> None:
    """Raises Fault for a tier that the program does not have."""
    names = [tier.name for tier in program.tiers]
    if name and name.casefold() not in map(str.casefold, names):
        raise Fault(f"no tier {name!r}", meant(name, names), UNUSABLE)


def today_of(programs: Programs) -> date:
    """The vendor's date."""
    return today(programs.at(now()))


def _named(programs: Programs, name: str) -> Program:
    for program in programs.versions:
        if program.version == name:
            return program
    names = [program.version for program in programs.versions if program.version]
    raise Fault(f"{name!r} is no folder and no version of the program", meant(name, names), UNUSABLE)
