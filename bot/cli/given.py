"""What was given on the command line: before the command, where settings come from; and the command that runs."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import typer

from bot.cli.faults import UNUSABLE, Fault
from config import ConfigError, Settings, load_settings


@dataclass(frozen=True, slots=True)
class Given:
    """The global options; `overrides` are by the names of `Settings`, None where not given."""

    config: Path | None = None
    overrides: Mapping[str, str | None] = field(default_factory=dict)

    def command(self, words: str) -> str:
        """A further command for the same installation, ready to be typed."""
        options = {"config": self.config, **self.overrides}
        said = (f"--{name.replace('_', '-')} {shlex.quote(str(value))} " for name, value in options.items() if value)
        return f"{_itself()} {''.join(said)}{words}"


def _itself() -> str:
    """How this command is called from here: by its name where it is on the PATH, as in a checkout it is not."""
    if shutil.which("partnerline"):
        return "partnerline"
    beside = Path(sys.executable).with_name("partnerline")
    if not beside.exists():
        return f"{shlex.quote(sys.executable)} -m bot"
    here = Path.cwd()
    return shlex.quote(str(beside.relative_to(here) if beside.is_relative_to(here) else beside))


def given(context: typer.Context) -> Given:
    """The global options of this call."""
    found = context.find_object(Given)
    return found if isinstance(found, Given) else Given()


_RUNNING: ContextVar[typer.Context | None] = ContextVar("running", default=None)


def running() -> tuple[str, Mapping[str, Any]]:
    """The command that runs, in its words ("contacts close"), and what was given to it; empty outside of one."""
    context = _RUNNING.get()
    if context is None:
        return "", {}
    return context.command_path.removeprefix("partnerline").strip(), dict(context.params)


def settings_of(context: typer.Context) -> Settings:
    """The settings in force. Raises Fault with everything that is wrong with them."""
    _RUNNING.set(context)
    chosen = given(context)
    try:
        return load_settings(chosen.config, overrides=dict(chosen.overrides))
    except ConfigError as fault:
        raise Fault(str(fault), "mend the settings named above; docs/configuration.md lists all", UNUSABLE) from fault
