"""A deal property whose options are the partners: its definition as HubSpot has it, and options for those who come."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.hubspot import calls
from crm.adapters.hubspot.client import HubSpot
from crm.adapters.hubspot.faults import NotThere
from crm.adapters.hubspot.not_set_up import NotSetUp
from crm.errors import CrmUnavailable

_DEALS = "deals"
_FRESH = timedelta(minutes=5)
_KEPT = "%"  # what stands for characters that an option's value cannot have


@dataclass(frozen=True, slots=True)
class Choices:
    """The property as HubSpot defines it. `many` is False for a drop-down, which holds one option; `options` gives
    labels by value, in order.
    """

    label: str
    many: bool
    options: Mapping[str, str]

    def values(self, held: str | None) -> tuple[str, ...]:
        """What a deal holds, one by one."""
        parts = (held or "").split(";") if self.many else [held or ""]
        return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))

    def value_for(self, partner_id: str, name: str) -> str | None:
        """The option that is this partner: by its id, else one that a person made with its name."""
        if (ours := option_value(partner_id)) in self.options:
            return ours
        named = [value for value, label in self.options.items() if _same(label, name)]
        return named[0] if len(named) == 1 else None


def option_value(partner_id: str) -> str:
    """HubSpot puts a semicolon between values and cuts off blanks."""
    return quote(partner_id, safe="".join(map(chr, range(33, 127))).replace(";", "").replace(_KEPT, ""))


def partner_id_of(value: str) -> str:
    return unquote(value)


def _same(label: str, name: str) -> bool:
    return bool(name) and label.strip().casefold() == name.strip().casefold()


class PartnerChoices:
    """One such property of deals. What is known of it is asked again after five minutes, and before it is changed."""

    def __init__(self, engine: AsyncEngine, hub: HubSpot, name: str, now: Callable[[], datetime]) -> None:
        self.name = name
        self._engine = engine
        self._hub = hub
        self._now = now
        self._read: tuple[datetime, Choices] | None = None

    async def choices(self) -> Choices:
        """Raises NotSetUp where HubSpot has no such property, or one that is no list of options."""
        if self._read is not None and self._now() - self._read[0] < _FRESH:
            return self._read[1]
        return self._keep(await self._definition())

    async def with_options(self, partners: Mapping[str, str]) -> Choices:
        """The same, with an option for each of these partners (names by id)."""
        known = await self.choices()
        if not _lacking(known, partners):
            return known
        async with _alone(self._engine, self.name):
            return await self._extended(partners)

    async def _extended(self, partners: Mapping[str, str]) -> Choices:
        """HubSpot replaces the list of options as a whole: what people put there goes along as it is."""
        found = await self._definition()
        known = self._keep(found)
        if not (lacking := _lacking(known, partners)):
            return known
        options = [*found.get("options", ()), *_new(known, lacking)]
        body = {"options": [{**option, "displayOrder": place} for place, option in enumerate(options)]}
        answer = await self._hub.call(calls.UPDATE_PROPERTY, at={"type": _DEALS, "name": self.name}, body=body)
        return self._keep(answer.body)

    async def _definition(self) -> dict[str, Any]:
        try:
            answer = await self._hub.call(calls.READ_PROPERTY, at={"type": _DEALS, "name": self.name})
        except NotThere as fault:
            raise NotSetUp(f"HubSpot has no deal property {self.name}") from fault
        if answer.body.get("type") != "enumeration":
            raise NotSetUp(f"HubSpot's deal property {self.name} is no list of partners to choose from")
        return answer.body

    def _keep(self, found: Mapping[str, Any]) -> Choices:
        options = {str(option["value"]): str(option.get("label", "")) for option in found.get("options", ())}
        choices = Choices(str(found.get("label") or self.name), found.get("fieldType") == "checkbox", options)
        self._read = (self._now(), choices)
        return choices


@asynccontextmanager
async def _alone(engine: AsyncEngine, name: str) -> AsyncIterator[None]:
    """One process at a time changes the property of that name."""
    lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
    try:
        async with engine.begin() as connection:
            await connection.execute(lock, {"name": f"hubspot property {name}"})
            yield
    except DBAPIError as fault:
        raise CrmUnavailable(f"the HubSpot adapter's database does not answer: {fault.orig}") from fault


def _lacking(known: Choices, partners: Mapping[str, str]) -> dict[str, str]:
    return {id_: name for id_, name in partners.items() if known.value_for(id_, name) is None}


def _new(known: Choices, partners: Mapping[str, str]) -> Iterable[dict[str, Any]]:
    """Labels are unique in HubSpot as values are."""
    labels = {label.strip().casefold() for label in known.options.values()}
    for partner_id, name in partners.items():
        label = name.strip() or partner_id
        if label.casefold() in labels:
            label = f"{label} ({partner_id})"
        labels.add(label.casefold())
        yield {"value": option_value(partner_id), "label": label, "hidden": False}
