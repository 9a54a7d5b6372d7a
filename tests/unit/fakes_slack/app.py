"""An app that notes what it is told, and answers what a test gives it."""

from __future__ import annotations

import json
from typing import Any

from tests.fakes.slack.delivering import Attempt, Kind


class App:
    """A transport that goes nowhere. `answers` are said with the next acknowledgements; `fails` drops all."""

    def __init__(self) -> None:
        self.heard: list[tuple[Kind, dict[str, Any]]] = []
        self.answers: list[dict[str, Any]] = []
        self.fails = False

    async def deliver(self, payload: dict[str, Any], kind: Kind = Kind.EVENT) -> list[Attempt]:
        self.heard.append((kind, payload))
        if self.fails:
            return [Attempt(500, {}, "")]
        return [Attempt(200, {}, json.dumps(self.answers.pop(0)) if self.answers else "")]

    @property
    def last(self) -> dict[str, Any]:
        return self.heard[-1][1]

    @property
    def events(self) -> list[dict[str, Any]]:
        """The inner events."""
        return [payload["event"] for kind, payload in self.heard if kind is Kind.EVENT]
