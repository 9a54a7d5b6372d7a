"""HubSpot's calls to an app: signed with version 3, up to a hundred events in each, repeated and out of order."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
import threading
import urllib.error
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from tests.fakes.hubspot.kinds import ENGAGEMENTS
from tests.fakes.hubspot.portal import APP_ID, Portal
from tests.fakes.hubspot.records import Change

MOST = 100
SECRET = "webhook-secret-0000"
_TIMEOUT = 5.0
_NAMES = {"0-1": "contact", "0-2": "company", "0-3": "deal", "0-5": "ticket"}


@dataclass(frozen=True)
class Signed:
    """One call as it goes over the wire."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes

    @property
    def events(self) -> list[dict[str, Any]]:
        return list(json.loads(self.body))


def sign(method: str, url: str, body: bytes, secret: str, moment: int) -> Signed:
    """With X-HubSpot-Signature-v3: HMAC-SHA256 over method, decoded address, body and time, in base64."""
    said = f"{method}{unquote(url)}{body.decode()}{moment}".encode()
    signature = base64.b64encode(hmac.new(secret.encode(), said, hashlib.sha256).digest()).decode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "HubSpot Connect 2.0",
        "X-HubSpot-Signature-Version": "v3",
        "X-HubSpot-Signature-v3": signature,
        "X-HubSpot-Request-Timestamp": str(moment),
    }
    return Signed(method, url, headers, body)


@dataclass
class Webhooks:
    """Events wait here until a test takes them, or `follow` sends them by itself.

    `generic` gives the newer form (`object.propertyChange` with objectTypeId) instead of the classic one, `repeats` is
    the share of events that come twice, `reordered` shuffles them, `dropped` is the share that never comes.
    """

    portal: Portal
    generic: bool = False
    repeats: float = 0.0
    dropped: float = 0.0
    reordered: bool = False
    url: str = ""
    secret: str = SECRET
    waiting: list[dict[str, Any]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    _random: random.Random = field(default_factory=lambda: random.Random(11))
    _events: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _woken: threading.Event = field(default_factory=threading.Event)
    _closing: bool = False
    _thread: threading.Thread | None = None

    def __post_init__(self) -> None:
        self.portal.records.told.append(self._heard)

    def take(self) -> list[dict[str, Any]]:
        """The events that wait, in the order and as often as HubSpot would send them; they wait no longer."""
        with self._lock:
            events, self.waiting = self.waiting, []
        events = [event for event in events if self._random.random() >= self.dropped]
        events += [{**event, "attemptNumber": 1} for event in events if self._random.random() < self.repeats]
        if self.reordered:
            self._random.shuffle(events)
        return events

    def calls(self, url: str = "", secret: str = "") -> list[Signed]:
        """The waiting events as signed calls to an address."""
        events = self.take()
        return [self._signed(events[at : at + MOST], url, secret) for at in range(0, len(events), MOST)]

    def send(self, url: str = "") -> list[int]:
        """Sends what waits over the network; the statuses that came back, 0 where nothing did."""
        statuses = [_posted(call) for call in self.calls(url)]
        self.answers += statuses
        return statuses

    def follow(self, url: str, secret: str = SECRET) -> None:
        """From now on every change is sent at once, in the background."""
        self.url, self.secret = url, secret
        if self._thread is None:
            self._thread = threading.Thread(target=self._keep_sending, name="fake-hubspot-webhooks", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        self._closing = True
        self._woken.set()
        if self._thread is not None:
            self._thread.join(_TIMEOUT * 2)

    def _keep_sending(self) -> None:
        while not self._closing:
            self._woken.wait()
            self._woken.clear()
            self._send_until_taken(self.calls())

    def _send_until_taken(self, calls: Iterable[Signed]) -> None:
        """What the app does not take comes again, as HubSpot does it, only sooner."""
        for call in calls:
            for wait in (0.5, 2.0, 5.0):
                status = _posted(call)
                self.answers.append(status)
                if 200 <= status < 300 or self._closing:
                    break
                threading.Event().wait(wait)
                call = self._signed(call.events, call.url, "")  # noqa: PLW2901

    def _signed(self, events: list[dict[str, Any]], url: str, secret: str) -> Signed:
        body = json.dumps(events).encode()
        return sign("POST", url or self.url, body, secret or self.secret, self.portal.clock.now())

    def _heard(self, change: Change) -> None:
        if change.type_id in ENGAGEMENTS:
            return
        with self._lock:
            self._events += 1
            self.waiting.append(self._event(change, self._events))
        self._woken.set()

    def _event(self, change: Change, number: int) -> dict[str, Any]:
        name = "object" if self.generic else _NAMES.get(change.type_id, "object")
        event: dict[str, Any] = {
            "eventId": number,
            "subscriptionId": 300_000 + len(change.kind),
            "portalId": self.portal.id,
            "appId": int(APP_ID),
            "occurredAt": change.at,
            "subscriptionType": f"{name}.{change.kind}",
            "attemptNumber": 0,
            "changeSource": change.source.value,
            "sourceId": APP_ID if change.source.value == "INTEGRATION" else "userId:4711",
        }
        if change.kind != "associationChange":
            event["objectId"] = int(change.object_id)
        if name == "object":
            event["objectTypeId"] = change.type_id
        if change.kind == "propertyChange":
            event |= {"propertyName": change.property, "propertyValue": change.value, "isSensitive": False}
        else:
            event["changeFlag"] = change.kind.upper()
        return event | self._more(change, name)

    def _more(self, change: Change, name: str) -> dict[str, Any]:
        more = dict(change.more)
        for key in ("fromObjectId", "toObjectId", "primaryObjectId"):
            more |= {key: int(more[key])} if key in more else {}
        if "mergedObjectIds" in more:
            more["mergedObjectIds"] = [int(one) for one in more["mergedObjectIds"]]
        if change.kind == "associationChange" and name != "object":
            start, end = more.pop("fromObjectTypeId"), more.pop("toObjectTypeId")
            more["associationType"] = f"{_NAMES.get(start, 'object')}_to_{_NAMES.get(end, 'object')}".upper()
        return more


def _posted(call: Signed) -> int:
    request = urllib.request.Request(call.url, call.body, call.headers, method=call.method)
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code
    except OSError:
        return 0
