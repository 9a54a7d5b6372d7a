"""The way in for a billing system: a signed call is committed, and only then acknowledged."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.channels.http.invoice_bodies import NotAnEvent, NotJson, read_event
from bot.channels.http.signed_calls import is_signed
from bot.vocabulary.billing import InvoiceEvent, Taken
from mail_ingest.rates import Bucket

MAX_BODY = 256 * 1024
_A_MINUTE = 60.0
_CALLS = 1200  # in a minute
_AGAIN = "30"  # seconds after which to come again

_STATUS = {Taken.TAKEN: 200, Taken.KNOWN: 200, Taken.WAITING: 202, Taken.CONFLICT: 409}


class TakerAway(Exception):
    """What takes events cannot do it just now; the sender is told to come again."""


@dataclass(frozen=True, slots=True)
class InvoiceCalls:
    """`take` returns once the event is committed, or raises TakerAway. `zone` is the vendor's; `now` is aware."""

    secrets: Sequence[str]
    take: Callable[[InvoiceEvent], Awaitable[Taken]]
    zone: ZoneInfo
    now: Callable[[], datetime]
    calls: Bucket = field(default_factory=lambda: Bucket(_CALLS, _A_MINUTE, 1))

    async def receive(self, request: Request) -> Response:
        body = await request.body()
        if len(body) > MAX_BODY:
            return _refused(413, "too large")
        now = self.now()
        # Nothing that is not signed is read, counted, or told why.
        if not is_signed(body, request.headers, self.secrets, now.timestamp()):
            return _refused(401, "not signed, or too old")
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return _refused(415, "send application/json")
        if not self.calls.has("", now.timestamp()):
            return _refused(429, "too many calls", again=True)
        self.calls.take("", now.timestamp())
        return await self._answer(body, now)

    async def _answer(self, body: bytes, now: datetime) -> Response:
        try:
            taken = await self.take(read_event(body, self.zone, now.astimezone(self.zone).date()))
        except NotJson:
            return _refused(400, "no JSON")
        except NotAnEvent as fault:
            return _refused(422, *fault.faults)
        except TakerAway:
            return _refused(503, "come again", again=True)
        return JSONResponse({"status": taken.value}, _STATUS[taken])


def _refused(status: int, *faults: str, again: bool = False) -> Response:
    return JSONResponse({"errors": list(faults)}, status, {"Retry-After": _AGAIN} if again else {})
