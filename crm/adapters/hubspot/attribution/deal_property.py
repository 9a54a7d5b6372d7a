"""Attribution as properties of the deal: two lists of partners to choose from, which every plan of HubSpot has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crm.adapters.hubspot.account.associations import whole
from crm.adapters.hubspot.attribution.choices import Choices, PartnerChoices, option_value, partner_id_of
from crm.adapters.hubspot.attribution.directory import PartnerDirectory
from crm.adapters.hubspot.attribution.parts import Part, Parts, Properties, added, once, removed
from crm.adapters.hubspot.schema import INFLUENCED_BY, SOURCED_BY
from crm.adapters.hubspot.transport import calls
from crm.adapters.hubspot.transport.client import HubSpot
from crm.errors import CrmRejected
from crm.records import Attribution

_DEALS = "deals"
_BATCH = 100
NAMES = {Attribution.SOURCED: SOURCED_BY, Attribution.INFLUENCED: INFLUENCED_BY}


@dataclass(frozen=True, slots=True)
class DealProperty:
    """Values that are no partner of ours stay where they are, in the order in which they stand."""

    hub: HubSpot
    directory: PartnerDirectory
    lists: Mapping[Attribution, PartnerChoices]

    along = (SOURCED_BY, INFLUENCED_BY)

    async def read(self, deals: Sequence[str], properties: Mapping[str, Properties] | None = None) -> dict[str, Parts]:
        if not deals:
            return {}
        given = dict(properties or {})
        given.update(await self._held([deal for deal in deals if deal not in given]))
        lists = {kind: await one.choices() for kind, one in self.lists.items()}
        held = {
            deal: [
                (value, kind) for kind in lists for value in lists[kind].values(given.get(deal, {}).get(NAMES[kind]))
            ]
            for deal in deals
        }
        known = await self._partners(lists.values(), {value for parts in held.values() for value, _ in parts})
        return {
            deal: once((known[value], kind) for value, kind in parts if value in known) for deal, parts in held.items()
        }

    async def write(self, deal: str, wanted: Parts, seen: Parts) -> None:
        adding, removing = added(wanted, seen), removed(wanted, seen)
        if not adding and not removing:
            return
        names = await self._names({partner_id for partner_id, _ in (*adding, *removing)})
        at = {"type": _DEALS, "id": deal}
        query = [("properties", ",".join(self.along))]
        held = (await self.hub.call(calls.READ, at=at, query=query)).body.get("properties") or {}
        changed: dict[str, str] = {}
        for kind, one in self.lists.items():
            choices = await one.with_options(_of(kind, adding, names))
            before = choices.values(held.get(NAMES[kind]))
            after = _changed(choices, before, _of(kind, adding, names), _of(kind, removing, names))
            if after != before:
                _fits(choices, after, deal)
                changed[NAMES[kind]] = ";".join(after)
        if changed:
            await self.hub.call(calls.UPDATE, at=at, body={"properties": changed})

    async def introduce(self, partners: Mapping[str, str]) -> None:
        for one in self.lists.values():
            await one.with_options(partners)

    async def _held(self, deals: Sequence[str]) -> dict[str, Properties]:
        held: dict[str, Properties] = {}
        for start in range(0, len(deals), _BATCH):
            page = deals[start : start + _BATCH]
            body = {"inputs": [{"id": deal} for deal in page], "properties": list(self.along)}
            answer = await self.hub.call(calls.BATCH_READ, at={"type": _DEALS}, body=body)
            whole(answer)
            held.update({str(found["id"]): found.get("properties") or {} for found in answer.results})
        return held

    async def _names(self, partner_ids: set[str]) -> dict[str, str]:
        known = await self.directory.by_id(partner_ids)
        return {id_: known[id_].name if id_ in known else "" for id_ in partner_ids}

    async def _partners(self, lists: Iterable[Choices], values: set[str]) -> dict[str, str]:
        """Our partners by the value of their option; options that a person made count by the partner's name."""
        if not values:
            return {}
        ids = {value: partner_id_of(value) for value in values}
        known = await self.directory.by_id(set(ids.values()))
        found = {value: id_ for value, id_ in ids.items() if id_ in known}
        if values <= found.keys():
            return found
        named = await self.directory.by_name()
        labels = {value: label.strip().casefold() for one in lists for value, label in one.options.items()}
        by_name = {value: named[labels[value]].id for value in values if labels.get(value) in named}
        return {**by_name, **found}


def _of(kind: Attribution, parts: Iterable[Part], names: Mapping[str, str]) -> dict[str, str]:
    return {partner_id: names[partner_id] for partner_id, attribution in parts if attribution is kind}


def _changed(
    choices: Choices, before: Sequence[str], adding: Mapping[str, str], removing: Mapping[str, str]
) -> tuple[str, ...]:
    """The values that a deal then holds; names of partners by id."""
    gone = {choices.value_for(id_, name) for id_, name in removing.items()} | {option_value(id_) for id_ in removing}
    new = (choices.value_for(id_, name) or option_value(id_) for id_, name in adding.items())
    return tuple(dict.fromkeys((*(value for value in before if value not in gone), *new)))


def _fits(choices: Choices, values: Sequence[str], deal: str) -> None:
    """Raises CrmRejected where a drop-down would have to hold two."""
    if choices.many or len(values) <= 1:
        return
    *there, new = (choices.options.get(value) or value for value in values)
    raise CrmRejected(
        f"{new} cannot be entered as well: HubSpot's deal property “{choices.label}” is a drop-down, which holds one"
        f" partner, and on deal {deal} it holds {' and '.join(there)}. Make it “Multiple checkboxes” in HubSpot"
        " (Settings, Properties, Field type), or empty it on that deal; then try again"
    )
