"""Facts of the HubSpot account that reading and writing rest on: pipelines, label ids, the custom object, owners."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.hubspot.account.facts import Fact, FactName, Facts
from crm.adapters.hubspot.account.label_ids import Labels, labels_of
from crm.adapters.hubspot.account.not_set_up import NotSetUp, OtherAccount
from crm.adapters.hubspot.account.pipelines import Pipelines, pipelines_of
from crm.adapters.hubspot.options import AttributionWay, HubSpotOptions
from crm.adapters.hubspot.transport import calls
from crm.adapters.hubspot.transport.client import HubSpot
from crm.errors import CrmRejected, CrmUnavailable

COMPANIES = "companies"
DEALS = "deals"
PARTNER_OBJECT = "partnerline_partner"
"""Name of the custom object *Partner*; HubSpot never lets it change."""

_FRESH = timedelta(minutes=10)


class Account:
    """Read from HubSpot when first needed and every ten minutes, by all processes together; while HubSpot is away, as
    it was last read. Every method may raise CrmUnavailable.
    """

    def __init__(self, engine: AsyncEngine, hub: HubSpot, options: HubSpotOptions, now: Callable[[], datetime]) -> None:
        self.options = options
        self.facts = Facts(engine)
        self._hub = hub
        self._now = now
        self._known: dict[FactName, Fact] = {}
        self._settled = False

    async def details(self, *, fresh: bool = False) -> dict[str, Any]:
        """HubSpot's `portalId`, `accountType`, `timeZone`, `companyCurrency` …"""
        return await self._fact(FactName.DETAILS, self._details, fresh)

    async def pipelines(self, *, fresh: bool = False) -> Pipelines:
        """`fresh` where a stage turned up that is not known. Raises NotSetUp where the sales pipeline is not there."""
        pipelines = await self.pipelines_there(fresh=fresh)
        if pipelines.sales is None:
            raise NotSetUp(f"HubSpot has no deal pipeline “{self.options.pipeline}”")
        return pipelines

    async def pipelines_there(self, *, fresh: bool = False) -> Pipelines:
        """The same, whatever is missing."""
        found = await self._fact(FactName.PIPELINES, self._pipelines, fresh)
        kept = await self.facts.get(FactName.INTAKE)
        return pipelines_of(found.get("results", ()), self.options, kept.value if kept else {})

    async def remember(self) -> None:
        """Keep the ids of what setting up made: people may give it other names afterwards."""
        found = await self.pipelines_there(fresh=True)
        await self.facts.keep(FactName.INTAKE, found.waiting, self._now())
        if self.options.attribution is not AttributionWay.PROPERTY:
            with suppress(NotSetUp, CrmRejected):
                await self.labels(await self.partner_type(), fresh=True)

    async def owner_id(self, email: str) -> str | None:
        """The HubSpot user with that mail address."""
        found = await self._fact(FactName.OWNERS, self._owners, fresh=False)
        wanted = email.strip().casefold()
        ids = (one["id"] for one in found.get("results", ()) if str(one.get("email") or "").casefold() == wanted)
        return next((str(id_) for id_ in ids), None) if wanted else None

    async def labels(self, to_type: str, *, fresh: bool = False) -> Labels:
        """The ids of our two labels between deals and objects of that type. Raises NotSetUp where one is missing."""
        known = await self.facts.get(FactName.LABELS)
        kept = await self.kept_labels(to_type)
        if kept is not None and not fresh and known is not None and self._now() - known.read_at < _FRESH:
            return kept
        out = await self._hub.call(calls.LIST_LABELS, at={"type": DEALS, "to": to_type})
        back = await self._hub.call(calls.LIST_LABELS, at={"type": to_type, "to": DEALS})
        labels = labels_of(out.results, back.results, kept)
        if labels is None:
            raise NotSetUp("HubSpot lacks the association labels “Partner sourced” and “Partner influenced”")
        value = {**(known.value if known else {}), to_type: labels.value()}
        await self.facts.keep(FactName.LABELS, value, self._now())
        return labels

    async def kept_labels(self, to_type: str) -> Labels | None:
        """As they were read last; None where that never was."""
        known = await self.facts.get(FactName.LABELS)
        return Labels.kept(known.value.get(to_type)) if known else None

    async def settled(self) -> None:
        """Raises NotSetUp where deals are attributed by another way than the configured one, which is then to be
        carried over; the first way that is asked for is the one that counts.
        """
        if self._settled:
            return
        kept = await self.facts.get(FactName.WAY)
        if kept is None:
            await self.keep_way()
        elif (way := kept.value["way"]) != self.options.attribution.value:
            changed = f"hubspot_attribution was `{way}` until now, and is `{self.options.attribution.value}`"
            raise NotSetUp(changed, "`partnerline crm setup` carries over who brought which deal")
        self._settled = True

    def settle(self) -> None:
        """For who carries over."""
        self._settled = True

    async def keep_way(self) -> None:
        """From now on the configured way counts."""
        await self.facts.keep(FactName.WAY, {"way": self.options.attribution.value}, self._now())

    async def partner_type(self) -> str:
        """The object type that carries a partner's properties: companies, or the id of the custom object. Raises
        NotSetUp where that is not there.
        """
        await self.settled()
        if self.options.attribution is not AttributionWay.OBJECT:
            return COMPANIES
        found = await self._fact(FactName.PARTNERS, self._partner_object, fresh=False)
        return str(found["type"])

    async def _fact(
        self, name: FactName, read: Callable[[], Awaitable[Mapping[str, Any]]], fresh: bool
    ) -> dict[str, Any]:
        known = self._known.get(name) or await self.facts.get(name)
        if known is not None and not fresh and self._now() - known.read_at < _FRESH:
            self._known[name] = known
            return known.value
        try:
            value = dict(await read())
        except CrmUnavailable as fault:
            if known is None or fresh or isinstance(fault, NotSetUp):
                raise
            return known.value
        self._known[name] = Fact(value, self._now())
        await self.facts.keep(name, value, self._now())
        return value

    async def _details(self) -> Mapping[str, Any]:
        """Raises OtherAccount where the token was changed for one of another account than all that is kept here."""
        found = (await self._hub.call(calls.ACCOUNT)).body
        kept = await self.facts.get(FactName.DETAILS)
        if kept is not None and kept.value.get("portalId", found.get("portalId")) != found.get("portalId"):
            raise OtherAccount(found.get("portalId"), kept.value.get("portalId"))
        return found

    async def _pipelines(self) -> Mapping[str, Any]:
        return {"results": (await self._hub.call(calls.LIST_PIPELINES, at={"type": DEALS})).results}

    async def _owners(self) -> Mapping[str, Any]:
        found: list[dict[str, Any]] = []
        async for page in self._hub.pages(calls.LIST_OWNERS, query=[("limit", "100")]):
            found += [{name: one.get(name) for name in ("id", "email", "firstName", "lastName")} for one in page]
        return {"results": found}

    async def _partner_object(self) -> Mapping[str, Any]:
        for schema in (await self._hub.call(calls.LIST_SCHEMAS)).results:
            if schema.get("name") == PARTNER_OBJECT:
                return {"type": schema["objectTypeId"], "name": schema.get("fullyQualifiedName") or PARTNER_OBJECT}
        raise NotSetUp(f"HubSpot has no custom object {PARTNER_OBJECT}")
