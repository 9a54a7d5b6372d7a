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


def in_sentences(result: Done | NotDone) -> str:
    """What it came to, and what would help, each as a sentence of its own."""
    parts = [result.text, result.fix] if isinstance(result, NotDone) else [result.text]
    return " ".join(f"{part[0].upper()}{part[1:].rstrip('.')}." for part in parts if part)
