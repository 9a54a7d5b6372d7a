"""What the operator decides about digests: when they go out, to whom, and from when on a partner is silent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from enum import StrEnum


class Readers(StrEnum):
    """Which contacts get the monthly digest: nobody, who asked for it, or main contacts as well until they say no."""

    OFF = "off"
    ASKED = "asked"
    MAIN_CONTACTS = "main_contacts"


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


@dataclass(frozen=True, slots=True)
class DigestRules:
    """`weekday` is that of the managers' digest (0 is Monday, None for none at all) and `at` its time by the vendor's
    clock; a partner that did business is silent after `silent_days`. The partners' digest goes out on `partners_day`.
    """

    weekday: int | None = 0
    at: time = time(8)
    silent_days: int = 60
    partners: Readers = Readers.ASKED
    partners_day: int = 5


def rules_of(weekday: str, at: str, silent_days: int, partners: str, partners_day: int) -> DigestRules:
    """From the settings' words; `weekday` "off" for no managers' digest, `at` such as "08:00"."""
    on = WEEKDAYS.index(weekday) if weekday in WEEKDAYS else None
    return DigestRules(on, time.fromisoformat(at), silent_days, Readers(partners), partners_day)
