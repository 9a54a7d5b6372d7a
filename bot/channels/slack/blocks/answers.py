"""An answer as it is posted: its words in rich text and tables, and below them what may be pressed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.channels.slack.blocks import pressing, rich, tables
from bot.vocabulary.layout import Block, Listing, Paragraph, Quotation, Table, from_payload

Blocks = list[dict[str, Any]]


def blocks(payload: Mapping[str, Any]) -> Blocks:
    """The blocks of a post by its payload (`bot.storage.answers`); [] where the text is all there is."""
    return [
        *_said(from_payload(payload.get("layout"))),
        *pressing.choices(payload.get("choices")),
        *pressing.chosen(payload.get("chosen")),
        *pressing.judgement(payload.get("judgement")),
    ]


def _said(layout: tuple[Block, ...]) -> Iterator[dict[str, Any]]:
    """Slack takes one table in a post; what further ones say stands in lists."""
    tabled = False
    for block in layout:
        match block:
            case Paragraph(text):
                yield rich.paragraph(text)
            case Quotation(text):
                yield rich.quotation(text)
            case Listing(rows):
                if rows:
                    yield rich.listing(rows)
            case Table():
                whole = not tabled and tables.fits(block)
                tabled = tabled or whole
                yield from tables.as_table(block) if whole else tables.as_list(block)
