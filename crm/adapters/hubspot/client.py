"""The one way to HubSpot: a call of the table goes out, its answer or an error of `crm.errors` comes back."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.hubspot.calls import Call, Repeat
from crm.adapters.hubspot.faults import correlation_id, fault
from crm.adapters.hubspot.options import HubSpotOptions
from crm.adapters.hubspot.wire import Lost, NotSent, Raw, Request, Wire
from crm.errors import CrmError, CrmOutcomeUnknown, CrmUnavailable

log = logging.getLogger(__name__)

Sleep = Callable[[float], Awaitable[None]]
Now = Callable[[], datetime]

NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Answer:
    """HubSpot's answer: 200, 201, 204, or 207 where some inputs of a batch were refused."""

    status: int
    body: dict[str, Any]

    @property
    def results(self) -> list[dict[str, Any]]:
        """The rows of a list, a search or a batch."""
        return _rows(self.body.get("results"))

    @property
    def errors(self) -> list[dict[str, Any]]:
        """What a batch refused, one row for each; `faults.words` says it in a sentence."""
        return _rows(self.body.get("errors"))


class HubSpot:
    """One account, for the life of a process."""

    def __init__(
        self,
        engine: AsyncEngine,
        options: HubSpotOptions,
        *,
        sleep: Sleep = asyncio.sleep,
        now: Now | None = None,
    ) -> None:
        self.options = options
        self._engine = engine
        self._sleep = sleep
        self._now = now or _now
        self._wire = Wire(options)
        self._threads = ThreadPoolExecutor(options.threads, thread_name_prefix="hubspot")

    def __repr__(self) -> str:
        return f"HubSpot({self.options.url!r})"

    async def call(
        self,
        call: Call,
        *,
        at: Mapping[str, str] = NOTHING,
        query: Sequence[tuple[str, str]] = (),
        body: object = None,
    ) -> Answer:
        """`at` fills the placeholders of the path; `body` becomes JSON, or is an Upload.

        Raises CrmUnavailable where nothing was done or repeating is harmless, CrmRejected (see `faults`) where HubSpot
        refuses, CrmOutcomeUnknown where a call that must not be repeated blindly may have been carried out.
        """
        request = Request(call.method, call.at(self.options.version, at), query, body)
        try:
            raw = await asyncio.get_running_loop().run_in_executor(self._threads, self._wire.exchange, request)
        except NotSent as why:
            raise CrmUnavailable(f"HubSpot does not answer: {why}") from why
        except Lost as why:
            raise self._unknown(call, str(why)) from why
        return self._answer(call, raw)

    async def pages(
        self,
        call: Call,
        *,
        at: Mapping[str, str] = NOTHING,
        query: Sequence[tuple[str, str]] = (),
    ) -> AsyncIterator[list[dict[str, Any]]]:
        """The rows of a list, page by page to its end; the size of a page stands in `query` as `limit`."""
        after = ""
        while True:
            more = (*query, ("after", after)) if after else query
            answer = await self.call(call, at=at, query=more)
            yield answer.results
            following = next_page(answer.body)
            if not following or following == after:
                return
            after = following

    async def aclose(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._wire.close()

    def _answer(self, call: Call, raw: Raw) -> Answer:
        body = _json(raw.content)
        if 200 <= raw.status < 300:
            if body is None:
                raise self._unknown(call, "the answer cannot be read")
            return Answer(raw.status, body)
        log.warning(
            "HubSpot answered %s to %s %s (correlation id %s)",
            raw.status,
            call.name,
            (body or {}).get("category", ""),
            correlation_id(body or {}),
        )
        if raw.status == 429:
            raise CrmUnavailable("HubSpot asks to wait")
        if raw.status >= 500:
            raise self._unknown(call, f"status {raw.status}")
        raise fault(call.name, raw.status, body or {})

    def _unknown(self, call: Call, why: str) -> CrmError:
        message = f"HubSpot's answer was lost ({call.name}): {why}"
        return CrmOutcomeUnknown(message) if call.repeat is Repeat.ONCE else CrmUnavailable(message)


def next_page(body: Mapping[str, Any]) -> str:
    """What to ask the next page with; "" at the end."""
    paging = body.get("paging")
    following = paging.get("next") if isinstance(paging, dict) else None
    return str(following.get("after") or "") if isinstance(following, dict) else ""


def _rows(value: object) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _json(content: bytes) -> dict[str, Any] | None:
    """An answer's object; a list under `results`, nothing as an empty one; None where it cannot be read."""
    if not content.strip():
        return {}
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return None
    if isinstance(value, list):
        return {"results": value}
    return value if isinstance(value, dict) else None


def _now() -> datetime:
    return datetime.now(UTC)
