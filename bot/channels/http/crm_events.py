"""The way in for what a CRM tells by itself: the call is proven and kept, acknowledged, and the mirror follows."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from crm.errors import CrmUnavailable
from crm.ports import Call, CrmEvents
from mail_ingest.rates import Bucket

log = logging.getLogger(__name__)

MAX_BODY = 1024 * 1024
_A_MINUTE = 60.0
_CALLS = 3_000  # in a minute
_AGAIN = "30"  # seconds after which to come again


@dataclass(frozen=True, slots=True)
class CrmEventCalls:
    """`follow` is called once events are kept, and has the mirror look at the CRM soon."""

    events: CrmEvents
    follow: Callable[[], Awaitable[None]]
    now: Callable[[], datetime]
    calls: Bucket = field(default_factory=lambda: Bucket(_CALLS, _A_MINUTE, 1))

    async def receive(self, request: Request) -> Response:
        body = await request.body()
        if len(body) > MAX_BODY:
            return _refused(413, "too large")
        now = self.now()
        if not self.calls.has("", now.timestamp()):
            return _refused(429, "too many calls", again=True)
        headers = {name.lower(): value for name, value in request.headers.items()}
        try:
            taken = await self.events.take(Call(request.method, str(request.url), headers, body), now)
        except ValueError as fault:
            log.warning("the CRM sent events that cannot be read: %s", fault)
            return _refused(400, "cannot be read")
        except CrmUnavailable as fault:
            log.warning("the CRM's events were not kept, it is told to come again: %s", fault)
            return _refused(503, "come again", again=True)
        if taken is None:
            return _refused(401, "not signed, or too old")
        # What is not proven costs nobody else anything.
        self.calls.take("", now.timestamp())
        if taken:
            await self.follow()
        return JSONResponse({"events": taken})


def _refused(status: int, fault: str, *, again: bool = False) -> Response:
    return JSONResponse({"errors": [fault]}, status, {"Retry-After": _AGAIN} if again else {})
