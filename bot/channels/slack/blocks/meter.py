"""How much of a goal is reached, as a bar of characters: it needs no picture and is read on every screen."""

from __future__ import annotations

import math

WIDTH = 10
_FULL, _EMPTY = "▰", "▱"


def meter(share: float) -> str:
    """`share` from 0 to 1. The bar is full only where all of it is reached, and empty only where nothing is."""
    if math.isnan(share):
        return _EMPTY * WIDTH
    full = int(min(max(share, 0.0), 1.0) * WIDTH)
    if share > 0 and full == 0:
        full = 1
    return _FULL * full + _EMPTY * (WIDTH - full)
