"""Time that passes only by waiting, so that tests of waits take none."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


@dataclass
class Waiting:
    """`now` moves on by what is slept; `slept` has each wait in seconds."""

    moment: datetime = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.pass_by(seconds)
        await asyncio.sleep(0)

    def pass_by(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)
