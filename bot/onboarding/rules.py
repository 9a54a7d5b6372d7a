"""What the operator decides about onboarding: whether new partners are welcomed, and whom of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Welcomed(StrEnum):
    """Who gets the welcome: main contacts (the first contact where none is), everybody, or nobody."""

    OFF = "off"
    MAIN_CONTACTS = "main_contacts"
    ALL_CONTACTS = "all_contacts"


@dataclass(frozen=True, slots=True)
class OnboardingRules:
    """Of more than `at_once` new partners within a day nobody is welcomed any more until a manager says so: then it is
    not new partners, but an import, in however many portions it comes.
    """

    welcomed: Welcomed = Welcomed.MAIN_CONTACTS
    at_once: int = 25

    @property
    def on(self) -> bool:
        return self.welcomed is not Welcomed.OFF
