"""A manager's Markdown as Slack's blocks, and these in posts: each within Slack's limits, and nothing can call anybody.

All words stand in rich text, where a mention is only what it is typed as.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from bot.channels.slack.blocks import inline
from bot.channels.slack.blocks.inline import Element
from bot.channels.slack.blocks.texts import HEADER

Block = dict[str, Any]
BLOCK = 2_800
"""Characters in one block, with those that escaping adds."""
POST, BLOCKS = 9_000, 40
"""Characters and blocks of the text in one post; room is left for what stands around it."""
_DEEPEST = 5
_WIDEST = 72  # characters of a table that is set in columns


@dataclass(frozen=True, slots=True)
class Piece:
    """A block, and what it says in plain text."""

    block: Block
    said: str


@dataclass(frozen=True, slots=True)
class _Row:
    """An item of a list at its depth; `number` 0 for a bullet."""

    depth: int
    number: int
    elements: list[Element]


def posts(markdown: str) -> list[list[Piece]]:
    """The text in as many posts as it needs, at least one; a post without a piece for a text that says nothing."""
    filled: list[list[Piece]] = [[]]
    used = 0
    for piece in pieces(markdown):
        weighs = inline.weighs([{"text": piece.said}]) + _addresses(piece.block)
        if filled[-1] and (used + weighs > POST or len(filled[-1]) == BLOCKS):
            filled.append([])
            used = 0
        filled[-1].append(piece)
        used += weighs
    return filled


def pieces(markdown: str) -> list[Piece]:
    """Block for block in its order."""
    return [piece for node in SyntaxTreeNode(_parser().parse(markdown)).children for piece in _block(node)]


@cache
def _parser() -> MarkdownIt:
    """What is escaped stays apart from what stands around it: it is no part of an address either."""
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable(["text_join"])


def _block(node: SyntaxTreeNode) -> Iterator[Piece]:
    match node.type:
        case "heading":
            yield from _heading(node)
        case "bullet_list" | "ordered_list":
            yield from _list(list(_rows(node, 0)))
        case "blockquote":
            yield from _rich("rich_text_quote", _flat(node.children))
        case "fence" | "code_block":
            yield from _rich("rich_text_preformatted", inline.text(node.content.rstrip("\n")))
        case "table":
            yield from _table(node)
        case "hr":
            yield Piece({"type": "divider"}, "")
        case _:
            yield from _rich("rich_text_section", _flat([node]))


def _heading(node: SyntaxTreeNode) -> Iterator[Piece]:
    found = inline.words(_line(node), "bold")
    words = " ".join(inline.said(found).split())
    linked = any(one["type"] == "link" for one in found)
    if words and len(words) <= HEADER and node.tag in ("h1", "h2") and not linked:
        yield Piece({"type": "header", "text": {"type": "plain_text", "text": words, "emoji": False}}, words)
    else:
        yield from _rich("rich_text_section", found)


def _rich(kind: str, elements: Sequence[Element]) -> Iterator[Piece]:
    for part in inline.split(elements, BLOCK):
        yield Piece({"type": "rich_text", "elements": [{"type": kind, "elements": part}]}, inline.said(part))


def _list(rows: Sequence[_Row]) -> Iterator[Piece]:
    """Items side by side as long as a block holds them; one that is too long for a block goes on below itself."""
    together: list[_Row] = []
    used = 0
    for row in rows:
        first, *more = inline.split(row.elements, BLOCK) or [inline.text(" ")]
        weighs = inline.weighs(first)
        if together and used + weighs > BLOCK:
            yield _listed(together)
            together, used = [], 0
        together.append(_Row(row.depth, row.number, first))
        used += weighs
        if more:
            yield _listed(together)
            together, used = [], 0
            yield from (piece for part in more for piece in _rich("rich_text_section", part))
    if together:
        yield _listed(together)


def _listed(rows: Sequence[_Row]) -> Piece:
    """Slack has no lists in lists: one ends where another depth begins."""
    made: list[Block] = []
    before: _Row | None = None
    for row in rows:
        if before is None or before.depth != row.depth or before.number != (row.number and row.number - 1):
            made.append(_opened(row))
        _add(made[-1], row)
        before = row
    said = "\n".join(f"{'  ' * row.depth}{_mark(row)} {inline.said(row.elements)}" for row in rows)
    return Piece({"type": "rich_text", "elements": made}, said)


def _opened(row: _Row) -> Block:
    """A list; where it goes on with a number, which Slack's own lists never do, lines of text with their numbers."""
    if row.number > 1:
        return {"type": "rich_text_section", "elements": []}
    made: Block = {"type": "rich_text_list", "style": "ordered" if row.number else "bullet", "elements": []}
    return made | ({"indent": row.depth} if row.depth else {})


def _add(opened: Block, row: _Row) -> None:
    if opened["type"] == "rich_text_list":
        opened["elements"].append({"type": "rich_text_section", "elements": row.elements})
        return
    line = inline.text(f"{'    ' * row.depth}{_mark(row)} ")
    opened["elements"] += [*(inline.text("\n") if opened["elements"] else ()), *line, *row.elements]


def _mark(row: _Row) -> str:
    return f"{row.number}." if row.number else "•"


def _rows(node: SyntaxTreeNode, depth: int) -> Iterator[_Row]:
    start = int(str(node.attrs.get("start", 1))) if node.type == "ordered_list" else 0
    # Slack numbers from one on; numbers of nine digits are nobody's list.
    start = min(max(start, 1), 10_000) if node.type == "ordered_list" else 0
    for place, item in enumerate(node.children):
        own = [child for child in item.children if child.type not in ("bullet_list", "ordered_list")]
        yield _Row(min(depth, _DEEPEST), start + place if start else 0, _flat(own) or inline.text(" "))
        for child in item.children:
            if child not in own:
                yield from _rows(child, depth + 1)


def _flat(nodes: Sequence[SyntaxTreeNode]) -> list[Element]:
    """Whatever stands there one below the other, in words alone: in a quotation or an item nothing else has room."""
    found: list[Element] = []
    for node in nodes:
        inside = _words(node)
        if inside:
            found += [*(inline.text("\n") if found else ()), *inside]
    return found


def _words(node: SyntaxTreeNode) -> list[Element]:
    match node.type:
        case "paragraph" | "inline":
            return inline.words(_line(node))
        case "heading":
            return inline.words(_line(node), "bold")
        case "fence" | "code_block":
            return inline.text(node.content.rstrip("\n"), "code")
        case "bullet_list" | "ordered_list":
            rows = [[*inline.text(f"{'  ' * row.depth}{_mark(row)} "), *row.elements] for row in _rows(node, 0)]
            return [one for place, row in enumerate(rows) for one in (*inline.text("\n" if place else ""), *row)]
        case "table":
            return inline.text("\n".join(" · ".join(filter(None, row)) for row in _cells(node)))
        case _:
            return _flat(node.children)


def _line(node: SyntaxTreeNode) -> Sequence[SyntaxTreeNode]:
    if node.type == "inline":
        return node.children
    return [one for child in node.children if child.type == "inline" for one in child.children]


def _table(node: SyntaxTreeNode) -> Iterator[Piece]:
    """In columns where a screen is wide enough for them, else a line for each row."""
    rows = list(_cells(node))
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    if sum(widths) + 2 * len(widths) <= _WIDEST:
        lines = ["  ".join(f"{cell:<{w}}" for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows]
        yield from _rich("rich_text_preformatted", inline.text("\n".join(lines)))
        return
    heads, *body = rows
    named = [
        [f"{head}: {cell}" if head else cell for head, cell in zip(heads, row, strict=True) if cell] for row in body
    ]
    yield from _list([_Row(0, 0, inline.text(" · ".join(cells) or "–")) for cells in named or [heads]])


def _cells(node: SyntaxTreeNode) -> Iterator[list[str]]:
    for row in (row for part in node.children for row in part.children):
        yield [" ".join(inline.plain(_line(cell)).split()) for cell in row.children]


def _addresses(block: Block) -> int:
    """Characters of the links in it."""
    inside = [block]
    found = 0
    while inside:
        one = inside.pop()
        found += len(str(one.get("url") or "")) if one.get("text") else 0
        inside += one.get("elements") or []
    return found
