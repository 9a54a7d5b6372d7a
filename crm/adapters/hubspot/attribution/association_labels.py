"""Attribution as labelled associations of the deal: with the partner's company, or its record of the custom object."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm.adapters.hubspot.account.account import COMPANIES, Account
from crm.adapters.hubspot.account.associations import Linked, associated, whole
from crm.adapters.hubspot.account.label_ids import USER_DEFINED, Labels
from crm.adapters.hubspot.attribution.directory import PartnerDirectory
from crm.adapters.hubspot.attribution.parts import Parts, Properties, added, once, removed
from crm.adapters.hubspot.schema import PARTNER_ID
from crm.adapters.hubspot.transport import calls
from crm.adapters.hubspot.transport.client import HubSpot
from crm.adapters.hubspot.transport.faults import NotThere
from crm.errors import CrmRejected

_DEALS = "deals"
_BATCH = 100
_HUBSPOT_DEFINED = "HUBSPOT_DEFINED"
_PRIMARY = 5
"""HubSpot's type of the association between a deal and its primary company."""


@dataclass(frozen=True, slots=True)
class AssociationLabels:
    """`to` gives the type of the objects that stand for partners. Labels that are not ours stay, and whoever is the
    deal's primary company stays that.
    """

    hub: HubSpot
    account: Account
    directory: PartnerDirectory
    to: Callable[[], Awaitable[str]]

    along: tuple[str, ...] = ()

    async def read(
        self,
        deals: Sequence[str],
        properties: Mapping[str, Properties] | None = None,  # noqa: ARG002 - the protocol's
    ) -> dict[str, Parts]:
        if not deals:
            return {}
        to_type = await self.to()
        labels = await self.account.labels(to_type)
        linked = await self._linked(deals, to_type)
        held = {
            deal: [(id_, kind) for id_, types in links.items() for kind in map(labels.attribution, types) if kind]
            for deal, links in linked.items()
        }
        known = await self._partners(to_type, {id_ for parts in held.values() for id_, _ in parts})
        return {deal: once((known[id_], kind) for id_, kind in parts if id_ in known) for deal, parts in held.items()}

    async def write(self, deal: str, wanted: Parts, seen: Parts) -> None:
        adding, removing = added(wanted, seen), removed(wanted, seen)
        if not adding and not removing:
            return
        to_type = await self.to()
        labels = await self.account.labels(to_type)
        try:
            await self._write(deal, to_type, labels, adding, removing)
        except CrmRejected:
            fresh = await self.account.labels(to_type, fresh=True)
            if fresh.out == labels.out:
                raise
            # Somebody made the labels anew since they were read.
            await self._write(deal, to_type, fresh, adding, removing)

    async def introduce(self, partners: Mapping[str, str]) -> None:
        """A partner's company or record is all that is needed."""

    async def _write(self, deal: str, to_type: str, labels: Labels, adding: Parts, removing: Parts) -> None:
        places = await self._places(to_type, adding, removing)
        linked = (await self._linked([deal], to_type)).get(deal, {})
        gone = [(places[id_], labels.out[kind]) for id_, kind in removing if id_ in places]
        await self._take(deal, to_type, [(id_, type_) for id_, type_ in gone if type_ in _labels(linked, id_)])
        new: dict[str, list[int]] = {}
        for id_, kind in adding:
            new.setdefault(places[id_], []).append(labels.out[kind])
        for id_, types in new.items():
            there = [type_ for type_ in _labels(linked, id_) if (id_, type_) not in gone]
            lacking = [type_ for type_ in types if type_ not in there]
            if lacking:
                await self._put(deal, to_type, id_, [*there, *lacking], primary=id_ == _primary(linked))
        if new and to_type == COMPANIES:
            mine = set(labels.out.values())
            before = _primary(linked)
            chosen = before and not mine & set(_labels(linked, before))
            await self._keep_primary(deal, before if chosen else None, set(new))

    async def _keep_primary(self, deal: str, before: str | None, new: set[str]) -> None:
        """HubSpot makes a deal's first company its primary one; a partner's is not, unless a person made it that."""
        linked = (await self._linked([deal], COMPANIES)).get(deal, {})
        primary = _primary(linked)
        if primary is None or primary == before or primary not in new:
            return
        if before is None:
            await self._take(deal, COMPANIES, [(primary, _PRIMARY)], _HUBSPOT_DEFINED)
        else:
            await self._put(deal, COMPANIES, before, _labels(linked, before), primary=True)

    async def _places(self, to_type: str, adding: Parts, removing: Parts) -> dict[str, str]:
        """The HubSpot ids of partners: from our own map, else by the unique property. Raises CrmRejected for one that
        is to be added and is not there.
        """
        known = await self.directory.by_id({partner_id for partner_id, _ in (*adding, *removing)})
        places = {partner_id: one.hubspot_id for partner_id, one in known.items()}
        for partner_id in dict.fromkeys(partner_id for partner_id, _ in adding if partner_id not in places):
            at = {"type": to_type, "id": partner_id}
            try:
                found = await self.hub.call(calls.READ, at=at, query=[("idProperty", PARTNER_ID)])
            except NotThere as fault:
                raise CrmRejected(
                    f"partner {partner_id} is not in HubSpot; save or import the partner first, then try again"
                ) from fault
            places[partner_id] = str(found.body["id"])
        return places

    async def _partners(self, to_type: str, hubspot_ids: set[str]) -> dict[str, str]:
        """Ours by HubSpot id: from our own map, else as HubSpot says."""
        known = {id_: one.id for id_, one in (await self.directory.by_hubspot_id(to_type, hubspot_ids)).items()}
        lacking = sorted(hubspot_ids - known.keys())
        for start in range(0, len(lacking), _BATCH):
            inputs = [{"id": id_} for id_ in lacking[start : start + _BATCH]]
            body = {"inputs": inputs, "properties": [PARTNER_ID]}
            answer = await self.hub.call(calls.BATCH_READ, at={"type": to_type}, body=body)
            whole(answer)
            for found in answer.results:
                if partner_id := (found.get("properties") or {}).get(PARTNER_ID):
                    known[str(found["id"])] = str(partner_id)
        return known

    async def _linked(self, deals: Sequence[str], to_type: str) -> dict[str, Linked]:
        return await associated(self.hub, _DEALS, deals, to_type)

    async def _take(
        self, deal: str, to_type: str, gone: Iterable[tuple[str, int]], category: str = USER_DEFINED
    ) -> None:
        inputs = [{"from": {"id": deal}, "to": {"id": id_}, "types": [_type(category, type_)]} for id_, type_ in gone]
        if inputs:
            await self.hub.call(calls.BATCH_UNLABEL, at={"type": _DEALS, "to": to_type}, body={"inputs": inputs})

    async def _put(self, deal: str, to_type: str, id_: str, labels: Iterable[int], *, primary: bool) -> None:
        """HubSpot may take what is put as all there is, so that everything that was there goes along."""
        body = [_type(USER_DEFINED, type_) for type_ in labels]
        if primary:
            body.append(_type(_HUBSPOT_DEFINED, _PRIMARY))
        at = {"type": _DEALS, "id": deal, "to": to_type, "to_id": id_}
        await self.hub.call(calls.LINK_LABELLED, at=at, body=body)


def _type(category: str, type_: int) -> dict[str, Any]:
    return {"associationCategory": category, "associationTypeId": type_}


def _labels(linked: Linked, id_: str) -> list[int]:
    """What people and we labelled that association with."""
    return [type_["typeId"] for type_ in linked.get(id_, ()) if type_.get("category") == USER_DEFINED]


def _primary(linked: Linked) -> str | None:
    is_primary = {"category": _HUBSPOT_DEFINED, "typeId": _PRIMARY}.items()
    return next((id_ for id_, types in linked.items() if any(is_primary <= type_.items() for type_ in types)), None)
