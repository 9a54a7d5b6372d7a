"""A bare HTTP client for the fake: nothing between the test and the wire."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import urllib3

from tests.fakes.hubspot import Hub

VERSION = "2026-03"


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    headers: dict[str, str]

    @property
    def codes(self) -> set[str]:
        """HubSpot's own words for what is wrong with properties."""
        return {str(one.get("code")) for one in self.body.get("errors", ())}


class Api:
    """Paths are given without their version: "/crm/objects/deals" goes to "/crm/objects/2026-03/deals"."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.pool = urllib3.PoolManager(retries=False, timeout=5)

    def __call__(
        self, method: str, path: str, body: object = None, *, version: str = VERSION, token: str | None = None
    ) -> Answer:
        where, mark, query = path.lstrip("/").partition("?")
        parts = where.split("/")
        parts.insert(2 if parts[0] == "crm" else 1, version)
        url = f"{self.hub.url}/{'/'.join(parts)}{mark}{query}"
        headers = {"Authorization": f"Bearer {self.hub.token if token is None else token}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        sent = None if body is None else json.dumps(body).encode()
        answer = self.pool.request(method, url, body=sent, headers=headers)
        text = answer.data.decode()
        parsed = json.loads(text) if text.startswith(("{", "[")) else text
        return Answer(answer.status, parsed, {name.lower(): value for name, value in answer.headers.items()})

    def get(self, path: str, **more: Any) -> Answer:
        return self("GET", path, **more)

    def post(self, path: str, body: object = None, **more: Any) -> Answer:
        return self("POST", path, body, **more)

    def patch(self, path: str, **properties: object) -> Answer:
        return self("PATCH", path, {"properties": properties})

    def create(self, kind: str, version: str = VERSION, **properties: object) -> Answer:
        return self.post(f"/crm/objects/{kind}", {"properties": properties}, version=version)

    def made(self, kind: str, **properties: object) -> str:
        """The id of a record that was made without complaint."""
        answer = self.post(f"/crm/objects/{kind}", {"properties": properties})
        assert answer.status == 201, answer.body
        return str(answer.body["id"])

    def key(self, name: str = "deal_key", kind: str = "deals") -> None:
        """A unique property."""
        group = next(iter(self.hub.portal.groups[self.hub.portal.kind(kind).id]))
        words = {"name": name, "label": "Key", "type": "string", "fieldType": "text", "groupName": group}
        assert self.post(f"/crm/properties/{kind}", {**words, "hasUniqueValue": True}).status == 201

    def search(self, kind: str, *filters: dict[str, Any], **more: Any) -> Answer:
        groups = [{"filters": list(filters)}] if filters else []
        return self.post(f"/crm/objects/{kind}/search", {"filterGroups": groups, **more})


def bound(type_id: int, to: str, category: str = "HUBSPOT_DEFINED") -> dict[str, Any]:
    """One entry of `associations` in a create."""
    return {"to": {"id": to}, "types": [{"associationCategory": category, "associationTypeId": type_id}]}
