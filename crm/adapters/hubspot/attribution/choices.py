"""A deal property whose options are the partners: its definition as HubSpot has it, and options for those who come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.hubspot.account.not_set_up import NotSetUp
from crm.adapters.hubspot.account.property_bodies import with_options
from crm.adapters.hubspot.attribution.directory import PartnerDirectory
from crm.adapters.hubspot.transport import calls
from crm.adapters.hubspot.transport.client import HubSpot
from crm.adapters.hubspot.transport.faults import NotThere
from crm.errors import CrmUnavailable

_DEALS = "deals"
_FRESH = timedelta(minutes=5)
_KEPT = "%"  # what stands for characters that an option's value cannot have


@dataclass(frozen=True, slots=True)
class Choices:
    """The property as HubSpot defines it. `many` is False for a drop-down, which holds one option; `options` gives
    labels by value, in order. `ours` are values that name a partner by its id, whatever their label.
    """

    label: str
    many: bool
    options: Mapping[str, str]
    ours: frozenset[str] = frozenset()

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> Choices:
        """From HubSpot's definition of the property."""
        options = {str(option["value"]): str(option.get("label", "")) for option in found.get("options", ())}
        return cls(str(found.get("label") or found.get("name")), found.get("fieldType") == "checkbox", options)

    def values(self, held: str | None) -> tuple[str, ...]:
        """What a deal holds, one by one."""
        parts = (held or "").split(";") if self.many else [held or ""]
        return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))

    def value_for(self, partner_id: str, name: str) -> str | None:
        """The option that is this partner: by its id, else one that a person made with its name. Another partner of
        the same name has its own.
        """
        if (ours := option_value(partner_id)) in self.options:
            return ours
        named = [value for value, label in self.options.items() if _same(label, name) and value not in self.ours]
        return named[0] if len(named) == 1 else None

    def lacking(self, partners: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        """Options, as (value, label), for those of these partners (names by id) that have none. Labels are unique in
        HubSpot as values are.
        """
        labels = {label.strip().casefold() for label in self.options.values()}
        new: list[tuple[str, str]] = []
        for partner_id, name in partners.items():
            if self.value_for(partner_id, name) is None:
                label = name.strip() or partner_id
                label = f"{label} ({partner_id})" if label.casefold() in labels else label
                labels.add(label.casefold())
                new.append((option_value(partner_id), label))
        return tuple(new)


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
        self._directory = PartnerDirectory(engine)
        self._hub = hub
        self._now = now
        self._read: tuple[datetime, Choices] | None = None
        # Of this process one waits for the lock with a connection, the others here without.
        self._here = asyncio.Lock()

    async def choices(self) -> Choices:
        """Raises NotSetUp where HubSpot has no such property, or one that is no list of options."""
        if self._read is not None and self._now() - self._read[0] < _FRESH:
            return self._read[1]
        return await self._keep(await self._definition())

    async def with_options(self, partners: Mapping[str, str]) -> Choices:
        """The same, with an option for each of these partners (names by id)."""
        known = await self.choices()
        if not known.lacking(partners):
            return known
        async with self._here, _alone(self._engine, self.name):
            return await self._extended(partners)

    async def _extended(self, partners: Mapping[str, str]) -> Choices:
        found = await self._definition()
        known = await self._keep(found)
        if not (lacking := known.lacking(partners)):
            return known
        at = {"type": _DEALS, "name": self.name}
        answer = await self._hub.call(calls.UPDATE_PROPERTY, at=at, body=with_options(found, lacking))
        return await self._keep(answer.body)

    async def _definition(self) -> dict[str, Any]:
        try:
            answer = await self._hub.call(calls.READ_PROPERTY, at={"type": _DEALS, "name": self.name})
        except NotThere as fault:
            raise NotSetUp(f"HubSpot has no deal property {self.name}") from fault
        if answer.body.get("type") != "enumeration":
            raise NotSetUp(f"HubSpot's deal property {self.name} is no list of partners to choose from")
        return answer.body

    async def _keep(self, found: Mapping[str, Any]) -> Choices:
        choices = Choices.of(found)
        ids = {partner_id_of(value): value for value in choices.options}
        known = await self._directory.by_id(set(ids))
        choices = replace(choices, ours=frozenset(ids[id_] for id_ in known))
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
