"""Payments and milestones: lines on a deal, or on a partner, merged into what HubSpot holds at that moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Generic, TypeVar

from crm.adapters.hubspot.account.portal import Portal
from crm.adapters.hubspot.mapping import values
from crm.adapters.hubspot.records import lines
from crm.adapters.hubspot.records.codec import kept
from crm.adapters.hubspot.records.deal_objects import DealObjects, lock_of
from crm.adapters.hubspot.records.partner_records import Partners
from crm.adapters.hubspot.records.store import DEAL, MILESTONE, PARTNER, PAYMENT, Known
from crm.adapters.hubspot.schema import MILESTONES, PAYMENTS
from crm.errors import CrmRejected
from crm.records import Milestone, Payment

R = TypeVar("R", Payment, Milestone)
_Place = tuple[str, str]  # object type and HubSpot id
_COLLECTED = "partnerline_collected"
_LONGEST_ID = 250


@dataclass(frozen=True, slots=True)
class Book(Generic[R]):
    """The lines of one kind, wherever they stand; `index` is the kind of the rows that say where."""

    portal: Portal
    kind: type[R]
    prop: str
    index: str

    async def save(self, places: Mapping[str, Known], records: Sequence[R]) -> None:
        """Each record on its place (by the record's id); taken away where it stood before. None where one is refused.

        Where it is added to comes before what it is taken from: after a crash between them it stands twice, and the
        repeat takes the old one away.
        """
        moved: dict[str, Known] = await self._elsewhere(places)
        everywhere = {_place(row): row for row in (*places.values(), *moved.values())}
        async with self.portal.locks.of(*(_lock(row) for row in everywhere.values())):
            held = await self._held(everywhere)
            texts: dict[_Place, lines.Lines[R]] = {}
            for record in records:
                place = _place(places[record.id])
                texts[place] = texts.get(place, held[place]).with_records([record])
            for record_id, row in moved.items():
                texts[_place(row)] = texts.get(_place(row), held[_place(row)]).without([record_id])
            changed = {place: one for place, one in texts.items() if one != held[place]}
            added = {_place(row) for row in places.values()}
            await self._write({place: one for place, one in changed.items() if place in added})
            await self._write({place: one for place, one in changed.items() if place not in added})
            await self._remember(places)

    async def _elsewhere(self, places: Mapping[str, Known]) -> dict[str, Known]:
        """The old place of each record that changes it."""
        indexed = await self.portal.objects.of_records(self.index, places.keys())
        old = {
            id_: next(((type_, one) for type_, ids in row.linked.items() for one in ids), None)
            for id_, row in indexed.items()
        }
        gone = {id_: place for id_, place in old.items() if place is not None and place != _place(places[id_])}
        rows: dict[_Place, Known] = {}
        for object_type in {type_ for type_, _ in gone.values()}:
            ids = [one for type_, one in gone.values() if type_ == object_type]
            rows |= {
                (object_type, id_): row for id_, row in (await self.portal.objects.by_id(object_type, ids)).items()
            }
        return {id_: rows[place] for id_, place in gone.items() if place in rows}

    async def _held(self, everywhere: Mapping[_Place, Known]) -> dict[_Place, lines.Lines[R]]:
        found: dict[_Place, lines.Lines[R]] = {}
        for object_type in {type_ for type_, _ in everywhere}:
            ids = [id_ for type_, id_ in everywhere if type_ == object_type]
            read = await self.portal.read_many(object_type, ids, [self.prop])
            for id_ in ids:
                if id_ not in read:
                    raise CrmRejected(
                        f"the {self.index}'s deal or partner was deleted in HubSpot ({object_type} {id_})"
                    )
                found[object_type, id_] = lines.read(self.kind, read[id_].props.get(self.prop, ""))
        return found

    async def _write(self, texts: Mapping[_Place, lines.Lines[R]]) -> None:
        changes: dict[str, dict[str, dict[str, str]]] = {}
        for (object_type, id_), one in texts.items():
            said = {self.prop: lines.written(one), **(_sums(one.records) if self.kind is Payment else {})}
            changes.setdefault(object_type, {})[id_] = said
        for object_type, said_of in changes.items():
            await self.portal.update_many(object_type, said_of)

    async def _remember(self, places: Mapping[str, Known]) -> None:
        rows = [
            Known(
                f"{self.index}s",
                id_,
                self.index,
                id_,
                partner_id=row.partner_id,
                linked={row.object_type: [row.hubspot_id]},
            )
            for id_, row in places.items()
        ]
        await self.portal.objects.remember(rows, self.portal.now())


@dataclass(frozen=True, slots=True)
class LineRecords:
    portal: Portal
    partners: Partners
    objects: DealObjects

    async def save_payments(self, payments: Sequence[Payment]) -> None:
        """Raises CrmRejected before anything is written."""
        kept_ones = {payment.id: _checked(kept(payment)) for payment in payments}
        deals = await self._deals({payment.deal_id for payment in kept_ones.values()}, "payment")
        await self._partners({payment.partner_id for payment in kept_ones.values()}, "payment")
        places = {id_: deals[payment.deal_id] for id_, payment in kept_ones.items()}
        book = Book(self.portal, Payment, PAYMENTS, PAYMENT)
        bare = [replace(payment, deal_id="", partner_id="") for payment in kept_ones.values()]
        if bare:
            await book.save(places, bare)

    async def save_milestone(self, milestone: Milestone) -> None:
        milestone = _fitting(kept(milestone))
        deals = await self._deals({milestone.deal_id} - {""}, "milestone")
        partners = await self._partners({milestone.partner_id}, "milestone")
        place = deals[milestone.deal_id] if milestone.deal_id else partners.get(milestone.partner_id)
        if place is None:
            raise CrmRejected("the milestone is of no deal and of no partner")
        book = Book(self.portal, Milestone, MILESTONES, MILESTONE)
        await book.save({milestone.id: place}, [replace(milestone, deal_id="", partner_id="")])

    async def _deals(self, ids: Iterable[str], what: str) -> dict[str, Known]:
        ids = set(ids)
        known = await self.portal.objects.of_records(DEAL, ids)
        for id_ in ids - known.keys():
            # Its number may be its id: a deal that people made, or one of before our own map.
            read = (await self.objects.held(id_, remember=True)).read
            if read is None or read.deal is None or read.deal.id != id_:
                raise CrmRejected(f"the {what}'s deal is not in the CRM; save the deal first")
        return known if ids == known.keys() else await self.portal.objects.of_records(DEAL, ids)

    async def _partners(self, ids: Iterable[str], what: str) -> dict[str, Known]:
        for id_ in set(ids) - {""}:
            if not await self.partners.known(id_):
                raise CrmRejected(f"the {what}'s partner is not in the CRM; save the partner first")
        return await self.portal.objects.of_records(PARTNER, set(ids))


def _checked(payment: Payment) -> Payment:
    if payment.period_start and payment.period_end and payment.period_end < payment.period_start:
        raise CrmRejected("the payment's period ends before it begins")
    return _fitting(payment)


def _fitting(record: R) -> R:
    if not 0 < len(record.id) <= _LONGEST_ID:
        raise CrmRejected(f"an id has up to {_LONGEST_ID} characters")
    return record


def _place(row: Known) -> _Place:
    return row.object_type, row.hubspot_id


def _lock(row: Known) -> str:
    return lock_of(row.number) if row.kind == DEAL else f"partner:{row.record_id}"


def _sums(records: Sequence[Payment] | Sequence[Milestone]) -> dict[str, str]:
    """What was collected on a deal; nothing where that is in several currencies."""
    paid = [record.amount for record in records if isinstance(record, Payment)]
    one = len({money.currency for money in paid}) == 1
    return {_COLLECTED: values.number(sum((money.amount for money in paid), Decimal(0))) if one else ""}
