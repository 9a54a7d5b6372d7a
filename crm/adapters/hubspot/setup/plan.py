"""What setting up would do in HubSpot: steps as calls that can be shown and made, and what only a person can mend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crm.adapters.hubspot.options import AttributionWay
from crm.adapters.hubspot.transport.calls import Call


@dataclass(frozen=True, slots=True)
class Step:
    """One call; `said` is what it makes, in words of HubSpot's own pages. A step whose `at` cannot be known before
    another was made is not `ready`. `way` is the way of attribution that needs it, None where all do. `without` says
    how things go on where HubSpot does not take it; "" where they do not.
    """

    where: str
    said: str
    call: Call
    at: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    ready: bool = True
    way: AttributionWay | None = None
    without: str = ""

    @property
    def optional(self) -> bool:
        return bool(self.without)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and what a person does about it."""

    where: str
    said: str
    fix: str


@dataclass(frozen=True, slots=True)
class Barred:
    """A way of attribution that this account or token does not allow, and why, as a sentence."""

    way: AttributionWay
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """`way` is the one that is set up: the configured one, or what remains where that is `barred`. `notes` are worth
    knowing and need nothing to be done.
    """

    way: AttributionWay
    steps: tuple[Step, ...]
    problems: tuple[Problem, ...]
    barred: tuple[Barred, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Draft:
    """A plan while it is being made."""

    steps: list[Step] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
