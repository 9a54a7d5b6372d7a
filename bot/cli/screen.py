"""The two screens that commands write to; into a pipe lines are not cut at the width of a terminal."""

from __future__ import annotations

from datetime import datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

_PIPE = 200  # columns


def screen() -> Console:
    """Standard output. Text from outside is never taken for markup."""
    return _console(stderr=False)


def errors() -> Console:
    """Standard error."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    console = Console(stderr=stderr, markup=False, highlight=False, emoji=False)
    return (
        console
        if console.is_terminal
        else Console(stderr=stderr, markup=False, highlight=False, emoji=False, width=_PIPE)
    )


def table(title: str, *columns: str) -> Table:
    """An empty table; add rows of plain text."""
    made = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def say(*parts: str | tuple[str, str]) -> None:
    """One line; a part is a text, or a text and its style."""
    screen().print(Text.assemble(*parts), soft_wrap=True)


def moment(at: datetime) -> str:
    """In this machine's time zone."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M")


def printable(text: str) -> str:
    """The text without signs that a terminal takes for orders."""
    return "".join(sign if sign.isprintable() or sign in "\n\t" else "\ufffd" for sign in text)
