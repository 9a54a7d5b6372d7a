"""What a look at an installation or at a CRM found: fine, a hint, or a fault with its fix."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    OK = "ok"
    HINT = "hint"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a table for the operator; `fix` is empty where nothing is to be done."""

    subject: str
    health: Health
    said: str
    fix: str = ""


def ok(subject: str, said: str) -> Finding:
    return Finding(subject, Health.OK, said)


def hint(subject: str, said: str, fix: str = "") -> Finding:
    return Finding(subject, Health.HINT, said, fix)


def fault(subject: str, said: str, fix: str) -> Finding:
    return Finding(subject, Health.FAULT, said, fix)
