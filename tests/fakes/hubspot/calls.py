"""What was asked of the fake: every call, counted by kind of path."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Made:
    """One call: `template` is its path with names instead of ids, `at` its second by the portal's clock.

    `status` 0: no answer was given.
    """

    method: str
    path: str
    template: str
    status: int
    at: float
    query: dict[str, str] = field(default_factory=dict)
    body: Any = None


class CallLog:
    def __init__(self) -> None:
        self.all: list[Made] = []
        self._lock = threading.Lock()

    def add(self, made: Made) -> None:
        with self._lock:
            self.all.append(made)

    def clear(self) -> None:
        with self._lock:
            self.all.clear()

    def __len__(self) -> int:
        return len(self.all)

    @property
    def per_path(self) -> Counter[str]:
        """By "POST /crm/objects/{version}/{type}/batch/upsert"."""
        with self._lock:
            return Counter(f"{one.method} {one.template}" for one in self.all)

    def count(self, fragment: str = "", method: str = "") -> int:
        """How many calls have this in their path."""
        return len(self.of(fragment, method))

    def of(self, fragment: str = "", method: str = "") -> list[Made]:
        with self._lock:
            return [one for one in self.all if fragment in one.path and method in {"", one.method}]
