"""Colours as people see them: contrast by WCAG 2.2, mixes, and the nearest shade that can be read on a ground."""

from __future__ import annotations

from collections.abc import Iterator

READABLE = 4.5
"""Contrast that ordinary text needs (WCAG 2.2, success criterion 1.4.3, level AA)."""

_BLACK, _WHITE = "#000000", "#ffffff"


def contrast(one: str, other: str) -> float:
    """From 1 (no difference) to 21 (black on white); both are #rrggbb."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(one: str, other: str, share: float) -> str:
    """`one` with `share` (0 to 1) of `other` in it."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def readable(colour: str, ground: str, wanted: float = READABLE) -> str:
    """The colour, made darker or lighter just as far as it takes to be read on `ground`."""
    if contrast(colour, ground) >= wanted:
        return colour.lower()
    towards = max((_BLACK, _WHITE), key=lambda end: contrast(end, ground))
    return next(shade for shade in _shades(colour, towards) if shade == towards or contrast(shade, ground) >= wanted)


def _shades(colour: str, towards: str) -> Iterator[str]:
    return (mixed(colour, towards, step / 50) for step in range(1, 51))


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
