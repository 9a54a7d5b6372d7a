"""The layout of a text: what its template lists becomes rows, cut into label and value where the template has a colon.

Only the template's own colons count: whatever stands in a value, a customer's name or a page, changes no form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from string import Formatter
from typing import NamedTuple

from bot.texts.wording import Wording
from bot.vocabulary.decisions import Value
from bot.vocabulary.layout import Block, Listing, Paragraph, Quotation, Row

_COLON = re.compile(r"\s?:\s")  # French puts a space before it,
_BEFORE_COLON = "\u00a0"  # which stays with the label


class _Piece(NamedTuple):
    """What a template says, then the value it puts behind that; `name` "" at the end."""

    said: str
    name: str
    how: str


def layout(wording: Wording, key: str, values: Mapping[str, Value]) -> tuple[Block, ...]:
    """The blocks of `wording.text(key, values)`, with the same words in the same order."""
    return tuple(_blocks(wording, _pieces(wording, key), values))


def _blocks(wording: Wording, pieces: list[_Piece], values: Mapping[str, Value]) -> Iterator[Block]:
    said = ""
    for place, (literal, name, how) in enumerate(pieces):
        said += literal
        if not name:
            continue
        block: Block | None = None
        if how == "bullets":
            block = Listing(tuple(_row(wording, value) for value in wording.each(values[name])))
        elif how == "table":
            block = wording.table(values[name])
        elif how == "passage":
            block = Quotation(wording.value(values[name], how))
        elif _stands_alone(pieces, place) and _is_line(wording, values[name]):
            block = Listing((_row(wording, values[name]),))
        if block is None:
            said += wording.value(values[name], how)
            continue
        yield from _paragraph(said)
        yield block
        said = ""
    yield from _paragraph(said)


def _row(wording: Wording, value: Value) -> Row:
    """A line of its own template, cut at that template's last colon; a list behind the colon is one value a line."""
    chosen = wording.chosen(value)
    if not isinstance(chosen, Mapping):
        return Row("", (wording.value(value, ""),))
    pieces, share = _pieces(wording, str(chosen["text"])), _share(chosen)
    cuts = [(place, found) for place, piece in enumerate(pieces) for found in _COLON.finditer(piece.said)]
    if not cuts:
        return Row("", (_filled(wording, pieces, chosen),), share)
    place, found = cuts[-1]
    before, after = pieces[place].said[: found.start()], pieces[place].said[found.end() :]
    before += _BEFORE_COLON if found.group()[0].isspace() else ""
    behind = [pieces[place]._replace(said=after), *pieces[place + 1 :]]
    return Row(_filled(wording, pieces[:place], chosen) + before, _values(wording, behind, chosen), share)


def _share(values: Mapping[str, Value]) -> float | None:
    """How much of a goal the line says is reached, where it is about one."""
    share = values.get("share")
    return float(min(max(share, Decimal(0)), Decimal(1))) if isinstance(share, Decimal) else None


def _values(wording: Wording, pieces: list[_Piece], values: Mapping[str, Value]) -> tuple[str, ...]:
    only = [piece for piece in pieces if piece.said or piece.name]
    if len(only) == 1 and only[0].how == "commas" and not only[0].said:
        return tuple(wording.value(item, "") for item in wording.each(values[only[0].name]))
    return (_filled(wording, pieces, values),)


def _filled(wording: Wording, pieces: list[_Piece], values: Mapping[str, Value]) -> str:
    return "".join(p.said + (wording.value(values[p.name], p.how) if p.name else "") for p in pieces)


def _pieces(wording: Wording, key: str) -> list[_Piece]:
    template = wording.catalogue.template(wording.language, key)
    return [_Piece(said, name or "", how or "") for said, name, how, _ in Formatter().parse(template)]


def _stands_alone(pieces: list[_Piece], place: int) -> bool:
    """Whether the value is a whole line of the template."""
    following = pieces[place + 1].said if place + 1 < len(pieces) else "\n"
    return pieces[place].said.endswith("\n") and following.startswith("\n")


def _is_line(wording: Wording, value: Value) -> bool:
    chosen = wording.chosen(value)
    return isinstance(chosen, Mapping) and "text" in chosen


def _paragraph(said: str) -> Iterator[Paragraph]:
    if text := said.strip("\n"):
        yield Paragraph(text)
