"""The two screens that commands write to; into a pipe lines are not cut at the width of a terminal."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from knowledge.program import Vendor

_PIPE = 200  # columns
# What a terminal takes for orders; strangers write subjects and addresses.
_ORDERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


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
    made = _Plain(title=title, title_justify="left", title_style="bold", header_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


class _Plain(Table):
    """A table whose cells give a terminal no orders."""

    def add_row(self, *cells: RenderableType | None, **look: Any) -> None:
        super().add_row(*(_harmless(cell) if isinstance(cell, str) else cell for cell in cells), **look)


def say(*parts: str | tuple[str, str]) -> None:
    """One line; a part is a text, or a text and its style."""
    plain = (_harmless(part) if isinstance(part, str) else (_harmless(part[0]), part[1]) for part in parts)
    screen().print(Text.assemble(*plain), soft_wrap=True)


def _harmless(text: str) -> str:
    return _ORDERS.sub("\ufffd", text)


def moment(at: datetime, vendor: Vendor) -> str:
    """In the vendor's time zone, with its short name: days on other screens and in mails are counted in it."""
    return at.astimezone(ZoneInfo(vendor.time_zone)).strftime("%Y-%m-%d %H:%M %Z")


def printable(text: str) -> str:
    """The text without signs that a terminal takes for orders."""
    return "".join(sign if sign.isprintable() or sign in "\n\t" else "\ufffd" for sign in text)
