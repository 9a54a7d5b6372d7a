"""What was probably meant by a word that is not known, for whoever has to correct it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_NEAR = 0.7
_LISTED = 12


def nearest(said: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant; None where none is near."""
    folded = {name.casefold(): name for name in known}
    near = get_close_matches(said.casefold(), folded, n=1, cutoff=_NEAR)
    return folded[near[0]] if near else None


def meant(said: str, known: Iterable[str]) -> str:
    """The words after a fault: the one that was probably meant, else those that there are."""
    names = list(dict.fromkeys(known))
    if near := nearest(said, names):
        return f"did you mean {near!r}?"
    listed = ", ".join(names[:_LISTED])
    return f"use one of {listed}{' …' if len(names) > _LISTED else ''}" if names else "there is none to choose from"
