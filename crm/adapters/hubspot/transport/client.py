"""The one way to HubSpot: a call of the table goes out, its answer or an error of `crm.errors` comes back."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.hubspot.options import HubSpotOptions
from crm.adapters.hubspot.transport.calls import Call
from crm.adapters.hubspot.transport.faults import NotThere, TokenRefused, correlation_id, fault, kind
from crm.adapters.hubspot.transport.limits import DAILY, Limits, Used
from crm.adapters.hubspot.transport.retrying import Trouble, lost, not_sent, trouble
from crm.adapters.hubspot.transport.wire import Lost, NotSent, Raw, Request, Wire
from crm.errors import CrmUnavailable

log = logging.getLogger(__name__)

Sleep = Callable[[float], Awaitable[None]]
Now = Callable[[], datetime]

NOTHING: Mapping[str, str] = {}
_NOT_FOUND = 404
_NO_IDS = ("", ".", "..")  # as a part of a path they would make another path of it


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
        clock: Now | None = None,
    ) -> None:
        """`clock` is what the limits go by, in place of the database's; one that stands still lets nobody through."""
        self.options = options
        self._sleep = sleep
        self._now = now or _now
        self._limits = Limits(engine, options, sleep=sleep, clock=clock)
        self._wire = Wire(options)
        self._closed = False
        self._threads = ThreadPoolExecutor(options.threads, thread_name_prefix="hubspot")
        # Before its turn is taken, so that no call waits for a thread between its turn and its sending.
        self._free = asyncio.Semaphore(options.threads)

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
        if any(place in _NO_IDS for place in at.values()):
            raise NotThere(f"HubSpot has nothing under such an id ({call.name})")
        if not self._wire.token_is_usable:
            raise TokenRefused("the token for HubSpot is empty or has characters that no token has")
        request = Request(call.method, call.at(self.options.version, at), query, body)
        spent, tried = 0.0, 0
        while True:
            tried += 1
            began = time.monotonic()
            outcome, waited = await self._try(call, request, tried)
            spent += waited + time.monotonic() - began
            if isinstance(outcome, Answer):
                return outcome
            if outcome.closes:
                outcome = await self._close(outcome)
            if not outcome.may_repeat(call, tried, spent):
                raise outcome.error(call)
            # What closes a limit makes everybody wait for their next turn, this call included.
            if not outcome.closes:
                pause = outcome.wait * random.uniform(1.0, 1.25)  # noqa: S311
                await self._sleep(pause)
                spent += pause

    async def pages(
        self,
        call: Call,
        *,
        at: Mapping[str, str] = NOTHING,
        query: Sequence[tuple[str, str]] = (),
        after: str = "",
    ) -> AsyncIterator[list[dict[str, Any]]]:
        """The rows of a list, page by page from `after` to its end; a page's size stands in `query` as `limit`."""
        while True:
            more = (*query, ("after", after)) if after else query
            answer = await self.call(call, at=at, query=more)
            yield answer.results
            following = next_page(answer.body)
            if not following or following == after:
                return
            after = following

    async def aclose(self) -> None:
        """Harmless to repeat. Whoever calls afterwards is told that HubSpot is away."""
        self._closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._wire.close()

    async def used(self) -> Used:
        """What of the limits is used, for the operator; asks nothing of HubSpot."""
        return await self._limits.used()

    async def _try(self, call: Call, request: Request, tried: int) -> tuple[Answer | Trouble, float]:
        """With the seconds that were waited for its turn."""
        async with self._free:
            waited = await self._limits.take(call.budget)
            if self._closed:
                raise CrmUnavailable("the agent is ending")
            try:
                raw = await asyncio.get_running_loop().run_in_executor(self._threads, self._wire.exchange, request)
            except NotSent as why:
                log.warning("HubSpot does not answer (%s): %s", call.name, why)
                return not_sent(str(why), tried), waited
            except Lost as why:
                log.warning("HubSpot's answer was lost (%s): %s", call.name, why)
                return lost(str(why), tried), waited
        return self._read(call, raw, tried), waited

    def _read(self, call: Call, raw: Raw, tried: int) -> Answer | Trouble:
        body = _json(raw.content)
        if 200 <= raw.status < 300 and body is not None:
            return Answer(raw.status, body)
        said = body or {}
        # That a record is not there yet is what many a read is made to learn.
        learnt = call.probe or (raw.status == _NOT_FOUND and call.method == "GET")
        log.log(
            logging.DEBUG if learnt else logging.WARNING,
            "HubSpot answered %d (%s): %s (correlation id %s)",
            raw.status,
            call.name,
            kind(said) or "without a category",
            correlation_id(said) or "missing",
        )
        if found := trouble(raw.status, raw.headers, body, tried, self._now()):
            return found
        raise fault(call.name, raw.status, said)

    async def _close(self, found: Trouble) -> Trouble:
        seconds = await self._limits.seconds_of_day_left() if found.closes == DAILY else found.wait
        await self._limits.close(found.closes, seconds, found.why)
        return replace(found, wait=seconds, later=seconds)


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
