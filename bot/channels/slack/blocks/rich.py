"""Words as Slack's rich text: what they say is shown as it is, whatever marks, mentions or links stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from bot.channels.slack.blocks.meter import meter
from bot.vocabulary.layout import Row

_LINK = re.compile(r"https?://[^\s<>\"”»“„]+[^\s<>\"”»“„.,;:!?)\]’'…]")

Element = dict[str, Any]


def paragraph(text: str) -> Element:
    return _block({"type": "rich_text_section", "elements": said(text)})


def quotation(text: str) -> Element:
    return _block({"type": "rich_text_quote", "elements": said(text)})


def listing(rows: Sequence[Row]) -> Element:
    """A line for each row: its label in bold, and where it is about a goal a bar that shows how much is reached."""
    items = [{"type": "rich_text_section", "elements": list(_row(row))} for row in rows]
    return _block({"type": "rich_text_list", "style": "bullet", "elements": items})


def cell(text: str, *, bold: bool = False) -> Element:
    """A cell of a table; Slack takes none that is empty."""
    return _block({"type": "rich_text_section", "elements": said(text.strip() or "–", bold=bold)})


def said(text: str, *, bold: bool = False) -> list[Element]:
    """The words with the links that stand in them; never nothing, which Slack does not take."""
    found: list[Element] = []
    place = 0
    for match in _LINK.finditer(text):
        found += _text(text[place : match.start()], bold=bold)
        found.append({"type": "link", "url": match.group()})
        place = match.end()
    found += _text(text[place:], bold=bold)
    return found or [{"type": "text", "text": " "}]


def _row(row: Row) -> Iterator[Element]:
    values = "\n".join(filter(None, row.values))
    if row.label:
        yield from said(row.label if not values else f"{row.label}: ", bold=True)
    if values or not row.label:
        yield from said(values)
    if row.share is not None:
        yield from _text(f"\n{meter(row.share)}")


def _text(text: str, *, bold: bool = False) -> list[Element]:
    if not text:
        return []
    return [{"type": "text", "text": text} | ({"style": {"bold": True}} if bold else {})]


def _block(element: Element) -> Element:
    return {"type": "rich_text", "elements": [element]}
