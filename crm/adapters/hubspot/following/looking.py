"""Objects of HubSpot as records, read many at a time; what is gone from it, as what is left of its records here."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from crm.adapters.hubspot.account.portal import Found, Portal
from crm.adapters.hubspot.following.event_bodies import Touch
from crm.adapters.hubspot.following.webhooks import touch
from crm.adapters.hubspot.records.codec import copy_of
from crm.adapters.hubspot.records.deal_reading import DealRead, deal_names, read_deals
from crm.adapters.hubspot.records.partner_reading import CONTACT_NAMES, PARTNER_NAMES, read_contacts, read_partners
from crm.adapters.hubspot.records.store import CONTACT, CONTACTS, DATA, DEALS, PARTNER, REGISTRATIONS, Known
from crm.adapters.hubspot.schema import PARTNER_ID
from crm.records import Contact, Deal, Lead, Milestone, Partner, Payment, Registration

log = logging.getLogger(__name__)

_DIGITS = 24  # of a record's digest: a deal may have hundreds of payments
Record = Partner | Contact | Deal | Payment | Milestone | Registration | Lead


@dataclass(frozen=True, slots=True)
class Seen:
    """An object that was looked at, with the records that it holds: none where it is nothing of ours.

    Of one that is `gone`, what is left of its records here. `ended` is the id of the partner that it was.
    """

    object_type: str
    hubspot_id: str
    changed_at: datetime | None
    records: tuple[Record, ...] = ()
    gone: bool = False
    ended: str = ""

    @property
    def digest(self) -> str:
        """The same as long as the records are: that of each, with blanks between them."""
        return " ".join(map(_digest, self.records))

    def beyond(self, kept: str) -> Seen:
        """With those records only that were not kept as they are, by the digest of those that were."""
        held = set(kept.split())
        return replace(self, records=tuple(record for record in self.records if _digest(record) not in held))


@dataclass(frozen=True, slots=True)
class Looking:
    portal: Portal

    async def partners(self, object_type: str, ids: Collection[str]) -> list[Seen]:
        """`object_type` is the one that carries partners. Of one that is gone the people and deals are looked at again:
        nobody speaks for it any more, and what would grant it something reads it live, and finds it is not there.
        """
        found = await self.portal.read_many(object_type, ids, PARTNER_NAMES)
        ended = [*await self._gone(object_type, ids, found), *await self._partners_no_more(object_type, found)]
        await self._look_again_at({known.record_id for known in ended})
        read = await read_partners(self.portal, object_type, list(found.values()))
        _tell_damaged((one.found, one.damaged) for one in read)
        here = [_seen(object_type, one.found, (one.partner, *one.milestones) if one.partner else ()) for one in read]
        carried = {one.partner.id for one in read if one.partner}
        parted = {row.hubspot_id: row.record_id for row in ended if row.record_id not in carried}
        for partner_id in parted.values():
            log.warning("partner %s is no longer in HubSpot", partner_id)
        gone = [Seen(object_type, id_, None, gone=True, ended=parted[id_]) for id_ in parted if id_ not in found]
        return [*(_ended(one, parted.get(one.hubspot_id, "")) for one in here), *gone]

    async def _partners_no_more(self, object_type: str, found: Mapping[str, Found]) -> list[Known]:
        """Those at which a person took our id away, or put another in its place."""
        known = await self.portal.objects.by_id(object_type, found)
        other = [
            row
            for row in known.values()
            if row.kind == PARTNER and row.record_id != found[row.hubspot_id].props.get(PARTNER_ID, "")
        ]
        carriers = await self.portal.objects.of_records(PARTNER, {row.record_id for row in other})
        return [row for row in other if carriers.get(row.record_id, row).hubspot_id == row.hubspot_id]

    async def _look_again_at(self, partner_ids: Collection[str]) -> None:
        if not partner_ids:
            return
        objects, at = self.portal.objects, self.portal.now()
        touches = [
            Touch(object_type, id_, at)
            for object_type in (CONTACTS, DEALS)
            for id_ in await objects.belonging(object_type, partner_ids)
        ]
        await touch(objects.engine, touches)

    async def contacts(self, ids: Collection[str], ours: Collection[str]) -> list[Seen]:
        """One that is gone, or is no partner's any more, speaks for nobody. `ours` are those that were handed out."""
        found = await self.portal.read_many(CONTACTS, ids, CONTACT_NAMES)
        before = await self.portal.objects.by_id(CONTACTS, found)
        read = await read_contacts(self.portal, list(found.values()))
        parted = [one.found.id for one in read if one.contact is None and one.found.id in ours]
        known = await self.portal.objects.by_id(CONTACTS, parted)
        left = [await self._left_contact(row) for row in (*await self._gone(CONTACTS, ids, found), *known.values())]
        here = [
            _seen(CONTACTS, one.found, (one.contact, *await self._renamed(before.get(one.found.id), one.contact)))
            if one.contact
            else _seen(CONTACTS, one.found, ())
            for one in read
        ]
        silent = {one.hubspot_id for one in left}
        return [*left, *(one for one in here if one.hubspot_id not in silent)]

    async def deals(self, ids: Collection[str], ours: Collection[str]) -> list[Seen]:
        """With payments, milestones, registrations and leads. One that is gone is nobody's, with all that was paid.

        `ours` are those that were handed out as such.
        """
        found = await self.portal.read_many(DEALS, ids, deal_names(self.portal))
        left = [await self._left_deal(known) for known in await self._gone(DEALS, ids, found)]
        read = await read_deals(self.portal, list(found.values()))
        _tell_damaged((one.found, one.damaged) for one in read)
        return [*left, *(_seen(DEALS, one.found, _of_deal(one, known=one.found.id in ours)) for one in read)]

    async def kept_here(self, object_type: str, numbers: Collection[str]) -> list[Seen]:
        """Registrations or leads for which the account has no pipeline."""
        kind: type[Registration | Lead] = Registration if object_type == REGISTRATIONS else Lead
        rows = await self.portal.objects.kept_requests(object_type, numbers)
        copies = [(row, copy_of(kind, row.seen.get(DATA, ""))) for row in rows]
        return [Seen(object_type, row.hubspot_id, row.changed_at, (copy,)) for row, copy in copies if copy]

    async def _renamed(self, before: Known | None, now: Contact) -> tuple[Contact, ...]:
        """Under the id that the contact had until a person gave it another, it is nobody any more."""
        was = before.record_id if before is not None and before.kind == CONTACT else ""
        if was in ("", now.id) or await self.portal.objects.of_record(CONTACT, was) is not None:
            return ()
        return (replace(now, id=was, active=False),)

    async def _left_contact(self, known: Known) -> Seen:
        [one] = await read_contacts(self.portal, [_as_seen(known)], of_whomever=True)
        parted = (replace(one.contact, active=False),) if one.contact else ()
        return Seen(CONTACTS, known.hubspot_id, known.changed_at, parted, gone=True)

    async def _left_deal(self, known: Known) -> Seen:
        """As it was seen last, without anybody who had a part in it."""
        nobody = dict.fromkeys(self.portal.attributions.along, "")
        last = _as_seen(known)
        [one] = await read_deals(self.portal, [replace(last, props={**last.props, **nobody})])
        if one.deal is None:
            return Seen(DEALS, known.hubspot_id, known.changed_at, gone=True)
        paid = (replace(payment, partner_id="") for payment in one.payments)
        met = (replace(milestone, partner_id="") for milestone in one.milestones)
        deal = replace(one.deal, partner_id="", others=())
        return Seen(DEALS, known.hubspot_id, known.changed_at, (deal, *paid, *met), gone=True)

    async def _gone(self, object_type: str, ids: Iterable[str], found: Mapping[str, Found]) -> Sequence[Known]:
        """Those of which we hold records that no other object of HubSpot holds meanwhile."""
        missing = [id_ for id_ in ids if id_ not in found]
        known = await self.portal.objects.by_id(object_type, missing)
        gone: list[Known] = []
        for row in known.values():
            elsewhere = await self.portal.objects.of_record(row.kind, row.record_id) if row.record_id else row
            if row.record_id and (elsewhere is None or elsewhere.hubspot_id == row.hubspot_id):
                gone.append(row)
        return gone


def _ended(seen: Seen, partner_id: str) -> Seen:
    """One that carries another partner meanwhile is not gone."""
    return replace(seen, gone=not seen.records, ended=partner_id) if partner_id else seen


def _digest(record: Record) -> str:
    return hashlib.sha256(repr(record).encode("utf-8", "replace")).hexdigest()[:_DIGITS]


def _of_deal(read: DealRead, *, known: bool) -> tuple[Record, ...]:
    """Nothing of a deal in which no partner has, or was known to have, a part."""
    ours = known or read.copy is not None or bool(read.deal and (read.deal.partner_id or read.deal.others))
    records: list[Record] = []
    if read.deal is not None and ours:
        records += [read.deal, *read.payments, *read.milestones]
    records += [one for one in (read.registration, read.lead) if one]
    return tuple(records)


def _seen(object_type: str, found: Found, records: tuple[Record, ...]) -> Seen:
    return Seen(object_type, found.id, found.changed_at, records)


def _as_seen(known: Known) -> Found:
    return Found(known.hubspot_id, {name: value for name, value in known.seen.items() if value}, known.changed_at)


def _tell_damaged(read: Iterable[tuple[Found, Sequence[str]]]) -> None:
    for found, damaged in read:
        if damaged:
            log.warning("%d line(s) of payments or milestones of %s cannot be read in HubSpot", len(damaged), found.id)
