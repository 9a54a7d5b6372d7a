"""Folds a word that a pattern found to the form in which tables of words have it."""

from __future__ import annotations


def folded(word: str) -> str:
    """The word in lower case; Turkish i's become ours, since patterns that ignore case take them for it ("Aprıl")."""
    return word.replace("ı", "i").replace("İ", "i").casefold()
