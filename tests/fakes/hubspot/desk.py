"""Takes a call from the wire, in the mood of the moment, to the handler of its path, and keeps a log of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from tests.fakes.hubspot.api.asking import Ask, Reply
from tests.fakes.hubspot.api.routes import Route, route
from tests.fakes.hubspot.calls import CallLog, Made
from tests.fakes.hubspot.faults import Fault, malformed, missing_scopes, no_such_resource, unauthenticated
from tests.fakes.hubspot.meter import Meter
from tests.fakes.hubspot.moods import AFTER, Mood, Moods, counted, refusal
from tests.fakes.hubspot.portal import Portal
from tests.fakes.hubspot.webhooks import Webhooks

_BAD_JSON = object()


@dataclass(frozen=True)
class Heard:
    """A call as it came; the path is still escaped."""

    method: str
    path: str
    query: dict[str, str]
    authorization: str
    body: bytes
    upload: dict[str, Any] = field(default_factory=dict)

    @property
    def parsed(self) -> Any:
        if not self.body:
            return None
        try:
            return json.loads(self.body)
        except ValueError:
            return _BAD_JSON


class Desk:
    """A portal with the mood it is in and everything that was asked of it."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.moods = Moods(portal)
        self.meter = Meter()
        self.calls = CallLog()
        self.webhooks = Webhooks(portal)

    def answer(self, heard: Heard, mood: Mood | None) -> Reply:
        found = route(heard.method, heard.path)
        search = isinstance(found, tuple) and found[0].search
        refused = refusal(mood, self.moods) if mood else None
        if mood is Mood.DROPPED:
            return Reply(503)
        if refused is None or mood in AFTER:
            refused = (counted(self.meter, self.moods, search=search) if not self.moods.down else None) or refused
        if refused is not None and (mood not in AFTER or refused.fault.status == 429):
            return refused.reply()
        reply = self._carried_out(heard, found)
        if refused is not None:
            reply = refused.reply()
        headers = self.meter.headers(self.portal.allowance, search=search)
        return Reply(reply.status, reply.body, {**headers, **reply.headers})

    def note(self, heard: Heard, status: int) -> None:
        found = route(heard.method, heard.path)
        template = found[0].path if isinstance(found, tuple) else heard.path
        parsed = heard.parsed
        body = None if parsed is _BAD_JSON else parsed
        now = self.portal.clock.seconds()
        self.calls.add(Made(heard.method, heard.path, template, status, now, heard.query, body))

    def _carried_out(self, heard: Heard, found: tuple[Route, Mapping[str, str]] | int) -> Reply:
        try:
            with self.portal.lock:
                return self._handled(heard, found)
        except Fault as fault:
            return Reply(fault.status, fault.body())

    def _handled(self, heard: Heard, found: tuple[Route, Mapping[str, str]] | int) -> Reply:
        if heard.authorization != f"Bearer {self.portal.token}":
            raise unauthenticated()
        if isinstance(found, int):
            raise no_such_resource() if found == 404 else Fault(405, "", "HTTP 405 Method Not Allowed")
        one, at = found
        parsed = heard.parsed
        if parsed is _BAD_JSON:
            raise malformed("the body is not JSON")
        places = {name: unquote(value) for name, value in at.items()}
        ask = Ask(self.portal, places, heard.query, parsed, heard.upload)
        lacking = one.scopes(ask) - self.portal.scopes
        if lacking:
            raise missing_scopes(lacking)
        return one.handler(ask)
