"""Finding what changed without being told: HubSpot's search, by the time of the last change, oldest first.

No page is asked for by its number: objects that change meanwhile would push others over its edge. The next page is what
changed since the last object of this one, so HubSpot's end at the 10,000th is never reached either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from crm.adapters.hubspot.following.cursor import Pass
from crm.adapters.hubspot.transport import calls
from crm.adapters.hubspot.transport.client import HubSpot

OVERLAP = 300_000
"""Milliseconds that each walk begins before the last one's end: the index lags by moments, and sometimes by minutes."""

_PAGE = 200
_ID = "hs_object_id"


@dataclass(frozen=True, slots=True)
class Source:
    """A type of object to walk through. `changed` is its property with the time of the last change; only objects that
    have one of `any_of` are looked for, all of them where it is empty.
    """

    object_type: str
    changed: str
    any_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    changed: int

    @property
    def changed_at(self) -> datetime:
        return datetime.fromtimestamp(self.changed / 1000, UTC)


@dataclass(frozen=True, slots=True)
class Step:
    """One page of a walk: its rows, oldest first, and where the walk is behind them."""

    rows: tuple[Row, ...]
    then: Pass


def begun(walk: Pass) -> Pass:
    return walk if walk.under_way else replace(walk, at=max(0, walk.top - OVERLAP), after="")


def cut(step: Step, walk: Pass, count: int) -> Pass:
    """Where the walk is behind the first `count` rows of a page."""
    if count >= len(step.rows):
        return step.then
    if count == 0:
        return walk
    last = step.rows[count - 1]
    return replace(walk, after=last.id) if walk.after else replace(walk, at=last.changed)


async def next_page(hub: HubSpot, source: Source, walk: Pass) -> Step:
    """A page of a walk that has begun. Raises what calls raise."""
    tied = bool(walk.after)
    where: list[dict[str, Any]] = [
        {"propertyName": source.changed, "operator": "EQ" if tied else "GTE", "value": str(walk.at)}
    ]
    if tied:
        where.append({"propertyName": _ID, "operator": "GT", "value": walk.after})
    sort = _ID if tied else source.changed
    body = {
        "filterGroups": [{"filters": [*where, *has]} for has in _groups(source)],
        "sorts": [{"propertyName": sort, "direction": "ASCENDING"}],
        "properties": [source.changed],
        "limit": _PAGE,
        "after": "0",
    }
    answer = await hub.call(calls.SEARCH, at={"type": source.object_type}, body=body)
    rows = tuple(row for found in answer.results if (row := _row(found, source)))
    return Step(rows, _behind(rows, walk, full=len(answer.results) >= _PAGE))


def _groups(source: Source) -> Sequence[list[dict[str, Any]]]:
    return [[{"propertyName": name, "operator": "HAS_PROPERTY"}] for name in source.any_of] or [[]]


def _behind(rows: Sequence[Row], walk: Pass, *, full: bool) -> Pass:
    top = max([walk.top, *(row.changed for row in rows)])
    if walk.after:
        # Among those of one millisecond; behind the last of them it goes on with the next.
        return Pass(top, walk.at, rows[-1].id) if full and rows else Pass(top, walk.at + 1)
    if not full or not rows:
        return Pass(top)
    last = rows[-1].changed
    return Pass(top, last) if last > walk.at else Pass(top, walk.at, "0")


def _row(found: dict[str, Any], source: Source) -> Row | None:
    said = (found.get("properties") or {}).get(source.changed) or found.get("updatedAt") or ""
    try:
        at = datetime.fromisoformat(str(said))
    except ValueError:
        return None
    return Row(str(found.get("id", "")), int(at.timestamp() * 1000 + 0.5))
