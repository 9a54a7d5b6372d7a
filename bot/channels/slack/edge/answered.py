"""Remembers envelopes of Socket Mode: one that comes again is acknowledged again and carried out once."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Body = Mapping[str, Any] | None

_KEPT = 2_000  # Slack delivers again within minutes, and what is older has a key in the database


class Answered:
    """By the envelope's id, in this process and across its connections."""

    def __init__(self, kept: int = _KEPT) -> None:
        self._kept = kept
        self._known: OrderedDict[str, asyncio.Future[Body]] = OrderedDict()

    async def once(self, envelope_id: str, take: Callable[[], Awaitable[Body]]) -> Body:
        """What `take` gives, or gave; one that failed is carried out anew. Raises what `take` raises."""
        if (known := self._known.get(envelope_id)) is not None:
            return await asyncio.shield(known)
        taking = self._known[envelope_id] = asyncio.ensure_future(take())
        try:
            return await taking
        except BaseException:
            self._known.pop(envelope_id, None)
            raise
        finally:
            self._forget()

    def _forget(self) -> None:
        while len(self._known) > self._kept and next(iter(self._known.values())).done():
            self._known.popitem(last=False)
