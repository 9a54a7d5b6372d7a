"""`partnerline version`."""

from __future__ import annotations

import platform
from importlib import metadata

import typer

from bot.cli.screen import say

app = typer.Typer(add_completion=False, rich_markup_mode="rich")


@app.command()
def version() -> None:
    """Print the versions of Partnerline and Python.

    [bold]Example[/bold]

    [cyan]partnerline version[/cyan]
    """
    say(f"partnerline {_installed()} (Python {platform.python_version()})")


def _installed() -> str:
    try:
        return metadata.version("partnerline")
    except metadata.PackageNotFoundError:
        return "from a checkout"
