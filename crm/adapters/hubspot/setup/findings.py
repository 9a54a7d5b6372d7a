"""What a look at the HubSpot account found: fine, worth knowing, or a fault with what mends it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    OK = "ok"
    HINT = "hint"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """`fix` is empty where nothing is to be done."""

    subject: str
    grade: Grade
    said: str
    fix: str = ""


def ok(subject: str, said: str) -> Finding:
    return Finding(subject, Grade.OK, said)


def hint(subject: str, said: str, fix: str = "") -> Finding:
    return Finding(subject, Grade.HINT, said, fix)


def fault(subject: str, said: str, fix: str) -> Finding:
    return Finding(subject, Grade.FAULT, said, fix)
