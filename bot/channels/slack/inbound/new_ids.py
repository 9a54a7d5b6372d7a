"""What was written under a channel's former id is read under the one that it has now."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Protocol

from bot.ports import Incoming, Inlet, RawMessage


class NewIds(Protocol):
    async def now(self, channel: str) -> str:
        """The id that Slack has given the channel since; the same one where it has not."""
        ...


class UnderNewIds:
    """An `Inlet` around Slack's own: Slack may have delivered a message before it changed the id of its channel."""

    def __init__(self, inner: Inlet, ids: NewIds) -> None:
        self._inner = inner
        self._ids = ids

    async def read(self, raw: RawMessage) -> Incoming:
        payload = _payload(raw.raw)
        place = payload.get("event", payload)
        channel = place.get("channel") if isinstance(place, dict) else None
        if isinstance(channel, str) and channel and (new := await self._ids.now(channel)) != channel:
            place["channel"] = new
            raw = replace(raw, raw=json.dumps(payload).encode())
        return await self._inner.read(raw)


def _payload(raw: bytes) -> dict[str, Any]:
    """{} for what is none: whoever reads it says what is wrong with it."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
