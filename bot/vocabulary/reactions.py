"""The small sign below a post that says that the agent has seen it, on its way to Slack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

REACTION = "reaction"
"""The kind of an outbox row that sets such a sign, or takes it away."""
SEEN = "eyes"


@dataclass(frozen=True, slots=True)
class Reaction:
    """Below the post `ts` of `channel`; `off` takes it away again. After `until` it is no longer worth a call."""

    channel: str
    ts: str
    until: datetime
    off: bool = False
    name: str = SEEN

    def to_payload(self) -> dict[str, Any]:
        place = {"channel": self.channel, "ts": self.ts, "name": self.name}
        return {**place, "off": self.off, "until": self.until.isoformat()}

    @classmethod
    def of(cls, payload: dict[str, Any]) -> Reaction:
        """Raises KeyError or ValueError for what is none."""
        return cls(
            channel=str(payload["channel"]),
            ts=str(payload["ts"]),
            until=datetime.fromisoformat(str(payload["until"])),
            off=payload["off"] is True,
            name=str(payload["name"]),
        )
