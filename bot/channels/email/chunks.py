"""A long Markdown text as pieces that say the same apart as together, so that what many copies share is made once."""

from __future__ import annotations

import re

_BREAK = re.compile(r"(?<!\n)\n[ \t]*\n+(?=[^\s>*+\-|:\d~`=<&\\])")
"""A gap before a line that begins with a letter, a hash or the like: no list, quotation or table goes on behind it."""
_WHOLE = re.compile(r"^ {0,3}(?:```|~~~|\[[^\]]{1,999}\]:)|^(?:    |\t)", re.MULTILINE)
"""A fence, an indented block, or a definition that other pieces may refer to."""


def chunks(markdown: str) -> tuple[str, ...]:
    """Pieces with one block or a few in each; the text as a whole where it cannot be said what belongs together."""
    if _WHOLE.search(markdown):
        return (markdown,)
    return tuple(piece for piece in _BREAK.split(markdown) if piece.strip())
