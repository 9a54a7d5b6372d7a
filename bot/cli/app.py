"""The command `partnerline`: its global options, and the one place where a fault becomes a message and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.faults import Fault, tell
from bot.cli.given import Given
from bot.cli.table import CommandTable

_ABOUT = """The partner agent on e-mail and Slack.

Partners register deals, ask about tiers and commissions, and answer announcements where they already are.

[bold]To begin:[/bold] [cyan]partnerline serve[/cyan] starts everything on this machine with a sample program and sample
partners, and prints the console's link. [cyan]partnerline COMMAND --help[/cyan] explains a command with an example.

Settings come from the options below, the environment (PARTNERLINE_…, DATABASE_URL), a TOML file, and defaults.
"""

app = typer.Typer(
    cls=CommandTable,
    help=_ABOUT,
    rich_markup_mode="rich",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def options(
    context: typer.Context,
    config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Settings file; otherwise partnerline.toml where there is one.")
    ] = None,
    profile: Annotated[
        str | None, typer.Option(help="`demo` stays on this machine; `production` meets partners.")
    ] = None,
    data_dir: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where the embedded database keeps its data.")
    ] = None,
    program_dir: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="The partner program; otherwise the packaged sample program.")
    ] = None,
    log_level: Annotated[str | None, typer.Option(help="debug, info, warning or error.")] = None,
) -> None:
    """Options that every command knows."""
    context.obj = Given(
        config,
        {
            "profile": profile,
            "data_dir": str(data_dir) if data_dir else None,
            "program_dir": str(program_dir) if program_dir else None,
            "log_level": log_level,
        },
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit: 0 done, 1 it failed, 2 the command line or the configuration cannot be used."""
    try:
        app(args=None if arguments is None else list(arguments), prog_name="partnerline")
    except Fault as fault:
        tell(fault)
        sys.exit(fault.code)
