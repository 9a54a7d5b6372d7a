"""One call as a handler sees it, and its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.hubspot.faults import invalid, malformed
from tests.fakes.hubspot.kinds import ObjectType
from tests.fakes.hubspot.portal import Portal

BATCH = 100


@dataclass(frozen=True)
class Ask:
    """`at` holds what the path names, `query` the last value of each parameter."""

    portal: Portal
    at: Mapping[str, str]
    query: Mapping[str, str]
    body: Any = None
    upload: Mapping[str, Any] = field(default_factory=dict)

    @property
    def version(self) -> str:
        return self.at.get("version", "")

    @property
    def kind(self) -> ObjectType:
        return self.portal.kind(self.at["type"])

    @property
    def given(self) -> dict[str, Any]:
        """The body where it must be an object."""
        if not isinstance(self.body, dict):
            raise malformed("expected an object")
        return self.body

    def inputs(self, most: int = BATCH) -> list[Any]:
        inputs = self.given.get("inputs")
        if not isinstance(inputs, list):
            raise malformed("inputs is required")
        if len(inputs) > most:
            raise invalid(f"Batch size exceeds the maximum: {len(inputs)} inputs, at most {most} are allowed")
        return inputs

    def names(self, name: str = "properties") -> tuple[str, ...]:
        """A parameter that is a list with commas."""
        return tuple(filter(None, self.query.get(name, "").split(",")))

    def page(self, most: int, usual: int) -> tuple[int, int]:
        """Limit and offset."""
        try:
            limit, after = int(self.query.get("limit", usual)), int(self.query.get("after") or 0)
        except ValueError:
            raise invalid("limit and after must be integers") from None
        if not 1 <= limit <= most:
            raise invalid(f"limit must be between 1 and {most}")
        return limit, after


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[[Ask], Reply]


def collection(results: list[Any], paging: dict[str, Any] | None = None) -> Reply:
    return Reply(200, {"results": results} | ({"paging": paging} if paging else {}))


def batch(portal: Portal, results: list[Any], errors: list[dict[str, Any]], status: int = 200) -> Reply:
    """The answer to a batch: 207 where some of it went wrong."""
    body: dict[str, Any] = {
        "status": "COMPLETE",
        "results": results,
        "startedAt": portal.stamp(),
        "completedAt": portal.stamp(),
    }
    if errors:
        return Reply(207, body | {"numErrors": len(errors), "errors": errors})
    return Reply(status, body)


def next_page(after: object) -> dict[str, Any]:
    return {"next": {"after": str(after), "link": f"?after={after}"}}
