"""What a text must hold for a form to be worth looking for: parts of words, looked up once for all forms."""

from __future__ import annotations

Cues = tuple[str, ...]
"""Parts of words in lower case; every match of a form holds one of them at least."""

DIGIT: Cues = tuple("0123456789")
QUARTER: Cues = ("quart", "trimestre", "kwartaal")
YEAR: Cues = ("year", "yr", "jahr", "année", "annee", "jaar", "año")
MONTH_WORD: Cues = ("month", "monat", "mois", "maand", "mes")


def shortest(words: str) -> Cues:
    """Of words parted by bars those that hold none of the others."""
    listed = dict.fromkeys(words.split("|"))
    return tuple(word for word in listed if not any(other != word and other in word for other in listed))


class Look:
    """A text in lower case, and what it holds."""

    def __init__(self, text: str) -> None:
        self._low = text.lower()
        self._held: dict[Cues, bool] = {}

    def holds(self, *needs: Cues) -> bool:
        """Whether one of each of the needs is in the text."""
        return all(self._one(cues) for cues in needs)

    def _one(self, cues: Cues) -> bool:
        held = self._held.get(cues)
        if held is None:
            held = self._held[cues] = any(cue in self._low for cue in cues)
        return held
