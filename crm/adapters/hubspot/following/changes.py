"""What changed in HubSpot since a cursor, as one page: events first, then a walk by time, and a slow round over all."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from crm.adapters.hubspot.account.portal import Portal
from crm.adapters.hubspot.following import cursor as cursors
from crm.adapters.hubspot.following.cursor import Cursor
from crm.adapters.hubspot.following.event_bodies import ERASED
from crm.adapters.hubspot.following.handed import Giving, Handed, Kept
from crm.adapters.hubspot.following.looking import Looking, Record, Seen
from crm.adapters.hubspot.following.newcomers import welcomed
from crm.adapters.hubspot.following.walking import Row, Source, begun, cut, next_page
from crm.adapters.hubspot.records.store import CONTACT, CONTACTS, DEALS, LEADS, REGISTRATIONS, connected
from crm.adapters.hubspot.schema import CONTACT_ID, NUMBER, PARTNER_ID
from crm.adapters.hubspot.tables import objects
from crm.ports import Changes
from crm.records import Contact, Deal, Lead, Milestone, Partner, Payment, Registration

WALK_EVERY = 50.0
"""Seconds between walks where events tell of changes anyway; without events every look walks."""
ROUND_EVERY = 50.0
"""Seconds between two steps of the slow round, which finds what no event and no time of change tells: associations,
deleted objects, whatever the index lost.
"""
_ROUND = 100
_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class _Page:
    """What is found on the way to a page. `seen` are the objects whose records differ from what was kept."""

    name: str
    limit: int
    seen: list[Seen] = field(default_factory=list)
    giving: dict[tuple[str, str], Giving] = field(default_factory=dict)
    new: list[tuple[str, str]] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    erased: list[str] = field(default_factory=list)

    def newcomers(self, object_type: str) -> list[str]:
        """Objects of that type that hold something of ours for the first time; each is named once."""
        mine = [id_ for type_, id_ in self.new if type_ == object_type]
        self.new[:] = [one for one in self.new if one[0] != object_type]
        return mine

    def room(self, object_type: str) -> int:
        return self.limit - sum(one.object_type == object_type for one in self.seen)


@dataclass(frozen=True, slots=True)
class Following:
    """`events` is True where HubSpot tells of changes by itself."""

    portal: Portal
    handed: Handed
    events: bool

    async def changes(self, text: str, limit: int) -> Changes:
        """At most `limit` objects of each type; their payments and milestones come with them, however many.

        The page counts as kept once its cursor comes back. Raises what calls raise; CrmRejected for a foreign cursor.
        """
        was = cursors.read(text)
        if text:
            await self.handed.kept(was.page, was.seq)
        else:
            await self.handed.begin_anew()
        page = _Page(secrets.token_hex(8), max(limit, 1))
        now, told_all = await self._told(was, page)
        if told_all:
            now = await self._walk(now, page)
        if told_all and not now.walking:
            now = await self._round(now, page)
        kept_all = await self._kept_here(page)
        await self.handed.give(page.name, list(page.giving.values()))
        more = not told_all or now.walking or not kept_all
        return _changes(page, cursors.written(replace(now, page=page.name)), more=more)

    async def _told(self, was: Cursor, page: _Page) -> tuple[Cursor, bool]:
        """What events touched; False where there are more of them."""
        told = await self.handed.told(was.seq, page.limit)
        partners = await self.portal.account.partner_type() if told else ""
        for object_type in (partners, CONTACTS, DEALS):
            ids = [one.hubspot_id for one in told if _concerns(one.object_type) == object_type]
            await self._look(object_type, dict.fromkeys(ids), page)
        await self._erased([one.hubspot_id for one in told if one.object_type == ERASED], page)
        seq = max([was.seq, *(one.seq for one in told)])
        now = await self._welcomed(replace(was, seq=seq), partners, page) if told else was
        return now, len(told) < page.limit

    async def _erased(self, ids: Collection[str], page: _Page) -> None:
        """Contacts that were deleted for privacy, where HubSpot has them no more."""
        gone = [id_ for id_ in ids if page.giving[CONTACTS, id_].gone]
        known = await self.portal.objects.by_id(CONTACTS, gone)
        page.erased.extend(row.record_id for row in known.values() if row.kind == CONTACT)

    async def _walk(self, was: Cursor, page: _Page) -> Cursor:
        """Partners before contacts before deals: who belongs to a partner is known by it."""
        seconds = self.portal.now().timestamp()
        if self.events and not was.walking and 0 <= seconds - was.walked_at < WALK_EVERY:
            return was
        now = was if was.walking else replace(was, passes={k: begun(w) for k, w in (await self._walks(was)).items()})
        for kind, source in (await self._sources()).items():
            now = await self._through(now, kind, source, page)
            if kind == "partners":
                now = await self._welcomed(now, source.object_type, page)
            if now.walk(kind).under_way:
                return now
        return replace(now, walked_at=seconds)

    async def _welcomed(self, now: Cursor, object_type: str, page: _Page) -> Cursor:
        return await welcomed(self.portal, self.handed, now, object_type, page.newcomers(object_type))

    async def _walks(self, was: Cursor) -> Mapping[str, cursors.Pass]:
        return {kind: was.walk(kind) for kind in await self._sources()}

    async def _sources(self) -> dict[str, Source]:
        along = self.portal.attributions.along
        partners = await self.portal.account.partner_type()
        return {
            "partners": Source(partners, "hs_lastmodifieddate", (PARTNER_ID,)),
            "contacts": Source(CONTACTS, "lastmodifieddate", (CONTACT_ID, "partnerline_contact_of")),
            # Where no property says who has a part in a deal, any deal may be a partner's.
            "deals": Source(DEALS, "hs_lastmodifieddate", (NUMBER, *along) if along else ()),
        }

    async def _through(self, now: Cursor, kind: str, source: Source, page: _Page) -> Cursor:
        """To the end of the walk, or until the page is full."""
        while (walk := now.walk(kind)).under_way and (room := page.room(source.object_type)) > 0:
            step = await next_page(self.portal.hub, source, walk)
            kept = await self.handed.of(source.object_type, [row.id for row in step.rows])
            count, rows = _up_to(step.rows, kept, page, source.object_type, room)
            await self._look(source.object_type, {row.id: row.changed_at for row in rows}, page, kept)
            now = replace(now, passes={**now.passes, kind: cut(step, walk, count)})
        return now

    async def _round(self, was: Cursor, page: _Page) -> Cursor:
        """The next hundred objects of each type that we know, whether anything is said of them or not."""
        seconds = self.portal.now().timestamp()
        if 0 <= seconds - was.round_at < ROUND_EVERY:
            return was
        rounds = dict(was.rounds)
        for kind, source in (await self._sources()).items():
            room = min(page.room(source.object_type), _ROUND)
            if room <= 0:
                continue
            ids = await self._known_after(source.object_type, rounds.get(kind, ""), room)
            await self._look(source.object_type, dict.fromkeys(ids), page)
            rounds[kind] = ids[-1] if len(ids) == room else ""
        return replace(was, rounds=rounds, round_at=seconds)

    async def _kept_here(self, page: _Page) -> bool:
        """Registrations and leads that have no pipeline to wait in; False where there may be more of them."""
        if self.portal.options.intake:
            return True
        ids = {kind: await self.handed.behind(kind, page.limit) for kind in (REGISTRATIONS, LEADS)}
        for object_type, numbers in ids.items():
            for one in await Looking(self.portal).kept_here(object_type, numbers):
                key = (object_type, one.hubspot_id)
                page.giving[key] = Giving(*key, one.changed_at, one.digest)
                page.seen.append(one)
        return all(len(numbers) < page.limit for numbers in ids.values())

    async def _known_after(self, object_type: str, after: str, limit: int) -> list[str]:
        mine = (objects.c.object_type == object_type) & ~objects.c.archived & (objects.c.record_id != "")
        query = select(objects.c.hubspot_id).where(mine, objects.c.hubspot_id > after)
        async with connected(self.portal.objects.engine) as connection:
            return list(await connection.scalars(query.order_by(objects.c.hubspot_id).limit(limit)))

    async def _look(
        self,
        object_type: str,
        ids: Mapping[str, datetime | None],
        page: _Page,
        kept: Mapping[str, Kept] | None = None,
    ) -> None:
        """Read what stands there now; `ids` with the time of the change that was found, where one was."""
        wanted = [id_ for id_ in ids if (object_type, id_) not in page.giving]
        if not wanted:
            return
        known = await self.handed.of(object_type, wanted) if kept is None else kept
        ours = {id_ for id_, held in known.items() if held.digest}
        for one in await self._read(object_type, wanted, ours):
            at = max(filter(None, (one.changed_at, ids.get(one.hubspot_id))), default=None)
            page.giving[object_type, one.hubspot_id] = Giving(object_type, one.hubspot_id, at, one.digest, one.gone)
            before = known[one.hubspot_id].digest if one.hubspot_id in known else ""
            if one.ended and before:
                page.ended.append(one.ended)
            if one.digest and not before:
                page.new.append((object_type, one.hubspot_id))
            if one.digest != before and (new := one.beyond(before)).records:
                page.seen.append(new)
        for id_ in wanted:
            # What is not there, and was never ours, is not looked for again either.
            page.giving.setdefault((object_type, id_), Giving(object_type, id_, ids[id_], ""))

    async def _read(self, object_type: str, ids: Collection[str], ours: Collection[str]) -> list[Seen]:
        looking = Looking(self.portal)
        if object_type == CONTACTS:
            return await looking.contacts(ids, ours)
        if object_type == DEALS:
            return await looking.deals(ids, ours)
        return await looking.partners(object_type, ids)


def _up_to(
    rows: Sequence[Row], kept: Mapping[str, Kept], page: _Page, object_type: str, room: int
) -> tuple[int, list[Row]]:
    """As many rows as there is room for, and those of them that changed since they were kept."""
    new: list[Row] = []
    for count, row in enumerate(rows):
        known = kept.get(row.id)
        at = known.changed_at if known else None
        if (at is not None and at >= row.changed_at) or (object_type, row.id) in page.giving:
            continue
        if len(new) == room:
            return count, new
        new.append(row)
    return len(rows), new


def _concerns(object_type: str) -> str:
    """The type of the objects that such an event is about."""
    return CONTACTS if object_type == ERASED else object_type


def _changes(page: _Page, cursor: str, *, more: bool) -> Changes:
    ordered = sorted(page.seen, key=lambda one: one.changed_at or _EPOCH)
    records: list[Record] = [record for one in ordered for record in one.records]

    def of(kind: type[Any]) -> tuple[Any, ...]:
        return tuple(record for record in records if isinstance(record, kind))

    return Changes(
        partners=of(Partner),
        contacts=of(Contact),
        deals=of(Deal),
        payments=of(Payment),
        registrations=of(Registration),
        cursor=cursor,
        more=more,
        leads=of(Lead),
        milestones=of(Milestone),
        ended=tuple(page.ended),
        erased=tuple(page.erased),
    )
