"""The account as the parts of the adapter share it: single reads, keyed upserts, and what records rest on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.hubspot.account.account import Account
from crm.adapters.hubspot.account.pipelines import Pipelines
from crm.adapters.hubspot.attribution import Attributions, attributions
from crm.adapters.hubspot.mapping.fields import Ground
from crm.adapters.hubspot.mapping.values import to_instant
from crm.adapters.hubspot.options import HubSpotOptions
from crm.adapters.hubspot.records.codec import storable
from crm.adapters.hubspot.records.locks import Locks
from crm.adapters.hubspot.records.store import Objects
from crm.adapters.hubspot.transport import calls
from crm.adapters.hubspot.transport.client import HubSpot
from crm.adapters.hubspot.transport.faults import NotThere, Taken, correlation_id, existing_id, words
from crm.errors import CrmRejected

T = TypeVar("T")

BATCH = 100
_LONGEST_KEY = 250
CONFLICT = "CONFLICT"
_STAYS = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Found:
    """One object of HubSpot: what it says of it, nothing left out being ""."""

    id: str
    props: Mapping[str, str] = field(default_factory=dict)
    changed_at: datetime | None = None
    archived: bool = False

    def with_props(self, written: Mapping[str, str]) -> Found:
        """After these were written."""
        return Found(self.id, {**self.props, **written}, self.changed_at, self.archived)


def found_of(row: Mapping[str, Any]) -> Found:
    """From a row of HubSpot's: of a read, a search, a list or a batch."""
    said = row.get("properties") or {}
    props = {name: storable(str(value)) for name, value in said.items() if value not in (None, "")}
    at = row.get("updatedAt") or props.get("hs_lastmodifieddate") or props.get("lastmodifieddate")
    return Found(str(row["id"]), props, _instant(at), bool(row.get("archived")))


def _instant(text: object) -> datetime | None:
    try:
        return to_instant(str(text)) if text else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Portal:
    hub: HubSpot
    account: Account
    attributions: Attributions
    objects: Objects
    locks: Locks
    options: HubSpotOptions
    now: Callable[[], datetime]
    _grounds: list[tuple[datetime, Ground]] = field(default_factory=list, repr=False)

    async def aclose(self) -> None:
        """Harmless to repeat."""
        await self.hub.aclose()
        await self.locks.aclose()

    async def ground(self, *, fresh: bool = False) -> Ground:
        """A few seconds old at most; `fresh` where something turned up that is not known."""
        now = self.now()
        for at, known in [] if fresh else self._grounds:
            if abs(now - at) < _STAYS:
                return known
        ground = ground_of(await self.account.details(), await self.account.pipelines(fresh=fresh))
        self._grounds[:] = [(now, ground)]
        return ground

    async def read(self, object_type: str, id_: str, names: Sequence[str], by: str = "") -> Found | None:
        """By HubSpot's id, or by a unique property; None where it has none, or no id of a record looks like that."""
        if not askable(id_):
            return None
        query = [("properties", ",".join(names)), *([("idProperty", by)] if by else [])]
        try:
            answer = await self.hub.call(calls.READ, at={"type": object_type, "id": id_}, query=query)
        except NotThere:
            return None
        return found_of(answer.body)

    async def read_many(
        self, object_type: str, ids: Iterable[str], names: Sequence[str], by: str = ""
    ) -> dict[str, Found]:
        """By HubSpot's id, whatever they were asked by; those that are not there are left out."""
        found: dict[str, Found] = {}
        for page in pages(dict.fromkeys(filter(askable, ids))):
            body: dict[str, Any] = {"inputs": [{"id": id_} for id_ in page], "properties": list(names)}
            if by:
                body["idProperty"] = by
            answer = await self.hub.call(calls.BATCH_READ, at={"type": object_type}, body=body)
            found |= {one.id: one for one in map(found_of, answer.results)}
        return found

    async def update(self, object_type: str, id_: str, props: Mapping[str, str]) -> None:
        if props:
            await self.hub.call(calls.UPDATE, at={"type": object_type, "id": id_}, body={"properties": dict(props)})

    async def update_many(self, object_type: str, changes: Mapping[str, Mapping[str, str]]) -> None:
        """Properties by HubSpot's id. Raises CrmRejected where one is refused: others may be written by then."""
        for page in pages(changes):
            inputs = [{"id": id_, "properties": dict(changes[id_])} for id_ in page]
            answer = await self.hub.call(calls.BATCH_UPDATE, at={"type": object_type}, body={"inputs": inputs})
            _refused(answer.errors, f"update {object_type}")

    async def upsert(self, object_type: str, key_property: str, key: str, props: Mapping[str, str]) -> str:
        """The id of the object that has the key: created where there is none, and that once whatever the repeats."""
        row = {"id": key, "idProperty": key_property, "properties": {**props, key_property: key}}
        answer = await self.hub.call(calls.BATCH_UPSERT, at={"type": object_type}, body={"inputs": [row]})
        _refused(answer.errors, f"save {object_type}")
        return str(answer.results[0]["id"])

    async def search(self, object_type: str, groups: Sequence[Mapping[str, Any]], names: Sequence[str]) -> list[Found]:
        """The first 200; what was made a moment ago may be missing."""
        body = {"filterGroups": list(groups), "properties": list(names), "limit": 200, "sorts": [], "after": "0"}
        answer = await self.hub.call(calls.SEARCH, at={"type": object_type}, body=body)
        return [found_of(row) for row in answer.results]

    async def linked(self, object_type: str, id_: str, to_type: str) -> dict[str, list[int]]:
        """What an object is associated with: HubSpot's association type ids by the id of the other object."""
        linked: dict[str, list[int]] = {}
        at = {"type": object_type, "id": id_, "to": to_type}
        async for page in self.hub.pages(calls.READ_LINKS, at=at, query=[("limit", "500")]):
            for row in page:
                types = [int(one["typeId"]) for one in row.get("associationTypes", ()) if one.get("typeId")]
                linked.setdefault(str(row["toObjectId"]), []).extend(types)
        return linked

    async def link(self, object_type: str, id_: str, to_type: str, to_id: str) -> None:
        at = {"type": object_type, "id": id_, "to": to_type, "to_id": to_id}
        await self.hub.call(calls.LINK_DEFAULT, at=at)


def connected_portal(
    engine: AsyncEngine, options: HubSpotOptions, hub: HubSpot | None = None, now: Callable[[], datetime] | None = None
) -> Portal:
    now = now or (lambda: datetime.now(UTC))
    hub = hub or HubSpot(engine, options, now=now)
    account = Account(engine, hub, options, now)
    known = attributions(engine, hub, account, now)
    return Portal(hub, account, known, Objects(engine), Locks(engine, options.threads), options, now)


def ground_of(details: Mapping[str, Any], pipelines: Pipelines) -> Ground:
    own = str(details.get("companyCurrency") or "EUR")
    others = [str(code) for code in details.get("additionalCurrencies") or ()]
    return Ground(pipelines, _zone(details.get("timeZone")), own, frozenset([own, *others]))


def _zone(name: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(name or "UTC"))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def askable(key: str) -> bool:
    """Whether HubSpot could have something under it; texts of strangers are asked for as well."""
    return 0 < len(key) <= _LONGEST_KEY and key.isprintable() and key == key.strip() and storable(key) == key


def pages(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    rest = iter(items)
    while page := list(islice(rest, size)):
        yield page


def _refused(errors: Sequence[Mapping[str, Any]], what: str) -> None:
    for error in errors:
        named = correlation_id(error)
        message = f"HubSpot refused to {what}: {words(error)}{f' (correlation id {named})' if named else ''}"
        if str(error.get("category", "")).upper() == CONFLICT:
            raise Taken(message, existing_id(error))
        raise CrmRejected(message)
