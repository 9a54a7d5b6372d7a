"""What an act of a manager or operator came to: done, or a plain no with what would help."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Done:
    """It happened; `text` says so in one sentence. `reference` is the id of what came of it."""

    text: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class NotDone:
    """It did not happen and nothing changed. `text` says why, `fix` what to do about it; both in plain words."""

    text: str
    fix: str = ""
