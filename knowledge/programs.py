"""The versions of a partner program with the days from which they hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from knowledge.program import Program


@dataclass(frozen=True, slots=True)
class Programs:
    """At least one version, by `Program.valid_from`, the earliest first; no two begin on the same day."""

    versions: tuple[Program, ...]

    def on(self, day: date) -> Program:
        """The version that holds on that day; the earliest where none holds yet."""
        holding = [program for program in self.versions if program.valid_from is None or program.valid_from <= day]
        return holding[-1] if holding else self.versions[0]

    def at(self, moment: datetime) -> Program:
        """The version that holds then, by the vendor's date."""
        return self.on(moment.astimezone(ZoneInfo(self.versions[-1].vendor.time_zone)).date())
