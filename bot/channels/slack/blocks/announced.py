"""An announcement as it is posted in a partner's channel: who says it, its text, what may be pressed, how to stop."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.slack.blocks import pressing, rich
from bot.channels.slack.blocks.markdown import Piece, posts
from bot.channels.slack.blocks.texts import HEADER, SECTION, plain
from bot.vocabulary.portions import weight

Blocks = list[dict[str, Any]]
_FALLBACK = 2_800  # characters of what notifications say


@dataclass(frozen=True, slots=True)
class Around:
    """What we add, in the channel's language: `call` is what is asked where words or buttons answer it, `goes_on` says
    that a long text goes on in the thread.
    """

    byline: str
    stop: str
    goes_on: str
    call: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """`text` is what notifications and logs show of it."""

    text: str
    blocks: Blocks


def announced(subject: str, markdown: str, around: Around, choices: object = ()) -> list[Post]:
    """The post, and those that stand below it in its thread where the text is long. `choices` are groups of buttons as
    the payload of an answer has them; they stand in the first one, which the channel sees.
    """
    first, *more = posts(markdown)
    if first and first[0].block["type"] == "header" and first[0].said == subject:
        first = first[1:]
    blocks = [
        {"type": "header", "text": plain(subject, HEADER)},
        _small(around.byline),
        *_blocks(first),
        *([_small(around.goes_on)] if more else []),
        *([rich.paragraph(around.call[:SECTION])] if around.call else []),
        *pressing.choices(choices),
        _small(around.stop),
    ]
    said = "\n\n".join(filter(None, (subject, around.byline, *_said(first), around.call)))
    return [Post(_cut(said), blocks), *(Post(_cut("\n\n".join(_said(post))), _blocks(post)) for post in more)]


def _small(text: str) -> dict[str, Any]:
    return {"type": "context", "elements": [plain(text, SECTION)]}


def _blocks(pieces: Sequence[Piece]) -> Blocks:
    return [piece.block for piece in pieces]


def _said(pieces: Sequence[Piece]) -> Iterator[str]:
    return (piece.said for piece in pieces if piece.said)


def _cut(text: str) -> str:
    if weight(text) <= _FALLBACK:
        return text
    kept = text[: _FALLBACK - 1]
    while weight(kept) >= _FALLBACK:
        kept = kept[: len(kept) * 9 // 10]
    return f"{kept.rstrip()}…"
