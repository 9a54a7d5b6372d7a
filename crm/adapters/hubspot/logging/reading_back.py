"""After an answer that was lost: looks in HubSpot for what was sent, by its marker, on the records it was put on.

HubSpot's search lags and never proves that something is not there; the associations of a record do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crm.adapters.hubspot.account.associations import associated
from crm.adapters.hubspot.account.portal import Portal
from crm.adapters.hubspot.logging.book import Book, Row
from crm.adapters.hubspot.logging.engagements import BODIES
from crm.adapters.hubspot.logging.markers import own_marker
from crm.adapters.hubspot.records.store import COMPANIES, CONTACTS, DEALS

_ORDER = (DEALS, CONTACTS)
"""Where few engagements stand comes first; a partner's company may have thousands."""


@dataclass(slots=True)
class Look:
    """`found` are (object type, HubSpot id) by marker, `absent` the markers of what is surely not there. What is in
    neither could not be looked for: none of the records it was put on is left.
    """

    found: dict[str, tuple[str, str]] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)


class ReadingBack:
    def __init__(self, portal: Portal, book: Book) -> None:
        self._portal = portal
        self._book = book

    async def of(self, rows: Sequence[Row]) -> Look:
        """Raises CrmUnavailable, and CrmRejected where the token may not read what it wrote."""
        look = Look()
        for object_type in sorted({row.object_type for row in rows}):
            await self._of_type(object_type, [row for row in rows if row.object_type == object_type], look)
        return look

    async def _of_type(self, object_type: str, rows: Sequence[Row], look: Look) -> None:
        """On the record of each that has the fewest; on the next one where that is gone meanwhile."""
        tried = 0
        while rows:
            on: dict[str, dict[str, list[Row]]] = {}
            for row in rows:
                anchors = _anchors(row)
                if tried < len(anchors):
                    place, id_ = anchors[tried]
                    on.setdefault(place, {}).setdefault(id_, []).append(row)
            left: list[Row] = []
            for place, by_id in on.items():
                left += await self._on(place, by_id, object_type, look)
            rows, tried = left, tried + 1

    async def _on(self, place: str, by_id: Mapping[str, Sequence[Row]], object_type: str, look: Look) -> list[Row]:
        """Those whose record is gone."""
        there = await associated(self._portal.hub, place, list(by_id), object_type)
        ids = {id_ for linked in there.values() for id_ in linked}
        strange = sorted(ids - await self._book.known(object_type, ids)) if ids else []
        bodies = await self._portal.read_many(object_type, strange, [BODIES[object_type]])
        marked = {own_marker(one.props.get(BODIES[object_type], "")): id_ for id_, one in bodies.items()}
        rows = [row for those in by_id.values() for row in those]
        missing = [row for row in rows if row.marker not in marked]
        look.found |= {row.marker: (object_type, marked[row.marker]) for row in rows if row.marker in marked}
        if not missing:
            return []
        gone = await self._gone(place, [id_ for id_, those in by_id.items() if any(row in missing for row in those)])
        left = [row for id_ in gone for row in by_id[id_] if row in missing]
        look.absent |= {row.marker for row in missing if row not in left}
        return left

    async def _gone(self, place: str, ids: Sequence[str]) -> set[str]:
        """A record that was deleted, or merged into another, shows nothing and proves nothing."""
        return set(ids) - (await self._portal.read_many(place, ids, ["hs_object_id"])).keys()


def _anchors(row: Row) -> list[tuple[str, str]]:
    others = [object_type for object_type in row.linked if object_type not in (*_ORDER, COMPANIES)]
    return [(place, id_) for place in (*_ORDER, *others, COMPANIES) for id_ in row.linked.get(place, ())]
