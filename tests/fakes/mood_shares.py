"""Moods of a stand-in as its command line names them: each with the share of calls that it befalls."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

M = TypeVar("M", bound=StrEnum)


def shares(text: str, moods: type[M]) -> dict[M, float]:
    """ "503=0.01,lost=0.02"; ValueError names what is not known."""
    found: dict[M, float] = {}
    for part in filter(None, text.split(",")):
        name, _, share = part.partition("=")
        found[moods(name.strip())] = float(share)
    return found
