"""How far an HTML text may be given to the parser: its time grows with the square of what stands in one element.

That is the nesting, the attributes of a tag, the options of a list, the attributes that repeated `<html>` and `<body>`
tags add to the one element there is of each, and formatting left open: a browser repeats it in every paragraph.
"""

from __future__ import annotations

import re
from collections import Counter

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
_VOID = frozenset({"br", "img", "hr", "input", "meta", "link", "area", "base", "col", "embed", "source", "wbr"})
# These close themselves: mail programs leave their end tags out.
_LOOSE = frozenset({"p", "li", "td", "tr", "th", "dt", "dd", "option", "tbody", "thead"})
_FEW = 500
_MOST_OF = {"option": 1_000, "optgroup": 1_000, "html": 100, "body": 100}
_FORMATTING = frozenset(
    {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
)
_MOST_ELEMENTS = 500_000
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{4000,}")


def cheap_length(html: str, deepest: int, attributes: int) -> int:
    """The length up to which it costs little to parse; `deepest` is how many elements may be open at a time.

    A tag of more than `attributes` words ends it. Who hides them from this count only meets the limit on time.
    """
    long = next((tag.start() for tag in _LONG_TAG.finditer(html) if len(tag[0].split()) > attributes), len(html))
    return min(long, _shallow_length(html, deepest))


def _shallow_length(html: str, deepest: int) -> int:
    if html.count("<") < min(_FEW, deepest):
        return len(html)
    count = _Count(deepest)
    return next((tag.start() for tag in _TAG.finditer(html) if count.too_much(tag[2].lower(), bool(tag[1]))), len(html))


class _Count:
    """What the tags up to a place amount to."""

    def __init__(self, deepest: int) -> None:
        self._deepest = deepest
        self._open: Counter[str] = Counter()
        self._seen: Counter[str] = Counter()
        self._depth = self._formatting = self._elements = 0

    def too_much(self, name: str, closes: bool) -> bool:
        """Whether this tag is one too many."""
        if name in _MOST_OF:
            self._seen[name] += 1
            if self._seen[name] > 2 * _MOST_OF[name]:  # opened and closed
                return True
        if not closes:
            self._elements += 1 + self._formatting
        if name not in _VOID and name not in _LOOSE:
            self._nest(name, closes)
        return self._depth > self._deepest or self._elements > _MOST_ELEMENTS

    def _nest(self, name: str, closes: bool) -> None:
        if closes and not self._open[name]:
            return
        step = -1 if closes else 1
        self._open[name] += step
        self._depth += step
        self._formatting += step * (name in _FORMATTING)
