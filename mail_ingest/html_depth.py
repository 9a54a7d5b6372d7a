"""How far an HTML text may be given to the parser: its time grows with the square of the nesting."""

from __future__ import annotations

import re
from collections import Counter

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
_VOID = frozenset({"br", "img", "hr", "input", "meta", "link", "area", "base", "col", "embed", "source", "wbr"})
# These close themselves: mail programs leave their end tags out.
_LOOSE = frozenset({"p", "li", "td", "tr", "th", "dt", "dd", "option", "tbody", "thead"})
_FEW = 500


def shallow_length(html: str, deepest: int) -> int:
    """The length up to which no more than `deepest` elements are open at a time."""
    if html.count("<") < min(_FEW, deepest):
        return len(html)
    open_tags: Counter[str] = Counter()
    depth = 0
    for found in _TAG.finditer(html):
        name = found[2].lower()
        if name in _VOID or name in _LOOSE:
            continue
        if not found[1]:
            open_tags[name] += 1
            depth += 1
            if depth > deepest:
                return found.start()
        elif open_tags[name]:
            open_tags[name] -= 1
            depth -= 1
    return len(html)
