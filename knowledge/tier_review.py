"""What a review on the first day of a quarter decides for a partner, from its figures and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Notice:
    """The review of that day lowers `tier` to `becomes` unless the figures recover until then."""

    review: date
    tier: str
    becomes: str
