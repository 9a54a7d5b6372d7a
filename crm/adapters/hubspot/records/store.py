"""What the adapter knows of HubSpot's objects: which is which record of ours, and what was last seen of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Executable,
    RowMapping,
    Text,
    all_,
    any_,
    bindparam,
    case,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from crm.adapters.hubspot.records.codec import storable
from crm.adapters.hubspot.tables import objects
from crm.errors import CrmUnavailable

COMPANIES, CONTACTS, DEALS = "companies", "contacts", "deals"
PARTNER, CUSTOMER, CONTACT, DEAL, REGISTRATION, LEAD = (
    "partner",
    "customer",
    "contact",
    "deal",
    "registration",
    "lead",
)
PAYMENT, MILESTONE = "payment", "milestone"
"""Not objects of HubSpot: rows that say on which deal or partner the line of that id stands (in `linked`)."""
REGISTRATIONS, LEADS = "registrations", "leads"
"""Not objects of HubSpot either: those that are kept here, whole in `seen` under DATA."""
DATA = "data"


_INDEXED = ("record_id", "number", "partner_id", "domain", "email")
_LONGEST_KEY = 300  # characters: an index of PostgreSQL refuses more than some thousand


@dataclass(frozen=True, slots=True)
class Known:
    """A row of `hubspot.objects`. `seen` are properties, `linked` HubSpot ids by object type."""

    object_type: str
    hubspot_id: str
    kind: str = ""
    record_id: str = ""
    number: str = ""
    partner_id: str = ""
    domain: str = ""
    email: str = ""
    seen: Mapping[str, str] = field(default_factory=dict)
    linked: Mapping[str, Sequence[str]] = field(default_factory=dict)
    changed_at: datetime | None = None
    archived: bool = False

    def links(self, object_type: str) -> tuple[str, ...]:
        return tuple(self.linked.get(object_type, ()))


@dataclass(frozen=True, slots=True)
class PartnerPlace:
    """Where HubSpot has a partner: its company ("" where none is known), and its record of the custom object."""

    company: str = ""
    record: str = ""


class Objects:
    """Every method may raise CrmUnavailable, for the database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    async def by_id(self, object_type: str, ids: Collection[str]) -> dict[str, Known]:
        if not ids:
            return {}
        given = {"type": object_type, "ids": sorted(set(ids))}
        return {known.hubspot_id: known for known in await self._read(_BY_ID, given)}

    async def of_records(self, kind: str, record_ids: Collection[str]) -> dict[str, Known]:
        ids = {storable(record_id) for record_id in record_ids} - {""}
        if not ids:
            return {}
        given = {"of_kind": kind, "ids": sorted(ids)}
        return {known.record_id: known for known in await self._read(_OF_RECORDS, given)}

    async def of_record(self, kind: str, record_id: str) -> Known | None:
        return (await self.of_records(kind, [record_id])).get(storable(record_id))

    async def belonging(self, object_type: str, partner_ids: Collection[str]) -> list[str]:
        """HubSpot ids of the contacts or deals of partners."""
        wanted = (objects.c.object_type == object_type) & objects.c.partner_id.in_(set(partner_ids) - {""})
        return [row.hubspot_id for row in await self._all(wanted & ~objects.c.archived)]

    async def numbered(self, numbers: Collection[str]) -> dict[str, Known]:
        """Deals of HubSpot by the number of a deal, a registration or a lead; one that is gone if there is no other."""
        wanted = {storable(number) for number in numbers} - {""}
        if not wanted:
            return {}
        found = await self._read(_NUMBERED, {"numbers": sorted(wanted)})
        return {known.number: known for known in sorted(found, key=lambda known: not known.archived)}

    async def companies(self, *, domain: str = "", key: str = "") -> list[Known]:
        """Those of a customer by our key or by the domain; partners' companies, too, have domains."""
        wanted: list[ColumnElement[bool]] = []
        if key:
            wanted.append((objects.c.kind == CUSTOMER) & (objects.c.record_id == key))
        if domain:
            wanted.append(objects.c.domain == domain)
        if not wanted:
            return []
        return await self._all((objects.c.object_type == COMPANIES) & ~objects.c.archived & or_(*wanted))

    async def customer_deals(self, domain: str, companies: Collection[str]) -> list[Known]:
        """Deals of HubSpot whose customer has the domain or one under it, or that stand with one of the companies."""
        host = objects.c.domain
        theirs = (host == domain) | host.endswith(f".{domain}", autoescape=True)
        with_them = [objects.c.linked[COMPANIES].contains([company]) for company in companies]
        return await self._all((objects.c.object_type == DEALS) & ~objects.c.archived & or_(theirs, *with_them))

    async def partner_places(self, partner_ids: Collection[str]) -> dict[str, PartnerPlace]:
        """By partner; one that we do not know is not in it."""
        known = await self.of_records(PARTNER, partner_ids)
        return {id_: _place(row) for id_, row in known.items()}

    async def kept_requests(
        self, kind: str, numbers: Collection[str] | None = None, after: datetime | None = None
    ) -> list[Known]:
        """Registrations or leads that are kept here, since the account has no pipeline for them; `after` a change."""
        wanted = (objects.c.object_type == kind) & ~objects.c.archived
        if numbers is not None:
            wanted &= objects.c.hubspot_id.in_({storable(number) for number in numbers})
        if after is not None:
            wanted &= objects.c.changed_at >= after
        return await self._all(wanted)

    async def remember(self, rows: Iterable[Known], now: datetime | None = None) -> None:
        """What was read or written. A row keeps what the new one does not say: kind, ids, links, time of the change.

        A record of ours that HubSpot has under another id now (merged, made anew) is that one from now on.
        """
        made = [_row(known, now or datetime.now(UTC)) for known in rows]
        if not made:
            return
        _named_once(made)
        async with transaction(self.engine) as connection:
            await self._release(connection, made)
            await connection.execute(_REMEMBER, sorted(made, key=lambda row: (row["object_type"], row["hubspot_id"])))

    async def archive(self, object_type: str, hubspot_id: str) -> None:
        gone = (objects.c.object_type == object_type) & (objects.c.hubspot_id == hubspot_id)
        async with transaction(self.engine) as connection:
            await connection.execute(update(objects).where(gone).values(archived=True))

    async def _release(self, connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
        """The unique index of records names one row for each."""
        named = [row for row in rows if row["record_id"]]
        for kind in {row["kind"] for row in named}:
            ids = {row["record_id"]: row["hubspot_id"] for row in named if row["kind"] == kind}
            given = {"of_kind": kind, "ids": list(ids), "theirs": list(ids.values())}
            await connection.execute(_RELEASE, given)

    async def _all(self, wanted: ColumnElement[bool]) -> list[Known]:
        return await self._read(select(objects).where(wanted), {})

    async def _read(self, query: Executable, given: Mapping[str, Any]) -> list[Known]:
        async with connected(self.engine) as connection:
            found = (await connection.execute(query, given)).mappings().all()
        return [_known(row) for row in found]


@asynccontextmanager
async def connected(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Each statement alone."""
    try:
        async with engine.connect() as connection:
            yield await connection.execution_options(isolation_level="AUTOCOMMIT")
    except (DBAPIError, PoolTimeout) as fault:
        raise _away(fault) from fault


@asynccontextmanager
async def transaction(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    try:
        async with engine.begin() as connection:
            yield connection
    except (DBAPIError, PoolTimeout) as fault:
        raise _away(fault) from fault


def _away(fault: DBAPIError | PoolTimeout) -> CrmUnavailable:
    said = fault.orig if isinstance(fault, DBAPIError) else "no connection became free in time"
    return CrmUnavailable(f"the HubSpot adapter's database does not answer: {said}")


def _place(row: Known) -> PartnerPlace:
    if row.object_type == COMPANIES:
        return PartnerPlace(row.hubspot_id)
    return PartnerPlace(next(iter(row.links(COMPANIES)), ""), row.hubspot_id)


def _row(known: Known, now: datetime) -> dict[str, Any]:
    return {
        "object_type": known.object_type,
        "hubspot_id": known.hubspot_id,
        "kind": known.kind,
        **{name: storable(getattr(known, name))[:_LONGEST_KEY] for name in _INDEXED},
        "seen": {name: storable(value) for name, value in known.seen.items()},
        "linked": {name: list(ids) for name, ids in known.linked.items()},
        "changed_at": known.changed_at,
        "seen_at": now,
        "archived": known.archived,
    }


def _named_once(rows: Sequence[dict[str, Any]]) -> None:
    """Of several objects that stand for one record of ours the last does."""
    last = {(row["kind"], row["record_id"]): row["hubspot_id"] for row in rows if row["record_id"]}
    for row in rows:
        if row["record_id"] and last[row["kind"], row["record_id"]] != row["hubspot_id"]:
            row["archived"] = True


def _merged(new: Any) -> dict[str, Any]:
    kept = {
        name: case((new[name] == "", objects.c[name]), else_=new[name])
        for name in ("kind", "record_id", "number", "domain", "email")
    }
    return {
        **kept,
        "partner_id": case(((new.partner_id == "") & (new.kind == ""), objects.c.partner_id), else_=new.partner_id),
        "seen": objects.c.seen.concat(new.seen),
        "linked": objects.c.linked.concat(new.linked),
        "changed_at": func.coalesce(new.changed_at, objects.c.changed_at),
        "seen_at": new.seen_at,
        # Who reads a company as somebody's customer says nothing of the partner that it was.
        "archived": case(((new.kind == "") & (objects.c.kind == PARTNER), objects.c.archived), else_=new.archived),
    }


def _known(row: RowMapping) -> Known:
    return Known(**{name: row[name] for name in Known.__slots__})


def _each(name: str) -> Any:
    return bindparam(name, type_=ARRAY(Text))


# Every save asks these: made once, they are not put together and compiled anew each time. What a partial index goes by
# is written out and not bound, so that the index is seen to serve.
_BY_ID = select(objects).where(objects.c.object_type == bindparam("type"), objects.c.hubspot_id == any_(_each("ids")))
_HELD = (
    (objects.c.kind == bindparam("of_kind"))
    & (objects.c.record_id == any_(_each("ids")))
    & text("hubspot.objects.record_id <> ''")
    & ~objects.c.archived
)
_OF_RECORDS = select(objects).where(_HELD)
_RELEASE = update(objects).where(_HELD, objects.c.hubspot_id != all_(_each("theirs"))).values(archived=True)
_NUMBERED = select(objects).where(
    objects.c.object_type == DEALS, objects.c.number == any_(_each("numbers")), text("hubspot.objects.number <> ''")
)
_INSERTION = insert(objects)
_REMEMBER = _INSERTION.on_conflict_do_update(
    index_elements=["object_type", "hubspot_id"], set_=_merged(_INSERTION.excluded)
)
