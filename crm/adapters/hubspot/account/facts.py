"""What is known of the HubSpot account itself, kept in `hubspot.account`: each fact with the time it was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.hubspot.tables import account
from crm.errors import CrmUnavailable


class FactName(StrEnum):
    """DETAILS     as `GET /account-info/…/details` answers: portalId, accountType, timeZone, companyCurrency
    PIPELINES   {"results": deal pipelines with their stages, as HubSpot answers}
    INTAKE      {key of a registration's or lead's state: id of the stage it waits in}, see `pipelines.waiting_key`
    LABELS      {"<object type>": {"out": {attribution: type id}, "back": {…}}}: from deals, and to them
    PARTNERS    {"type": "2-NNN", "name": "p…_partnerline_partner"}: the custom object
    WAY         {"way": the way of attribution that counts}
    OWNERS      {"results": owners as HubSpot answers}
    MAILS       {"as": "notes", "scope": the one that is missing}; there while mails cannot be logged as e-mails
    """

    DETAILS = "details"
    PIPELINES = "pipelines"
    INTAKE = "intake"
    LABELS = "labels"
    PARTNERS = "partners"
    WAY = "way"
    OWNERS = "owners"
    MAILS = "mails"


@dataclass(frozen=True, slots=True)
class Fact:
    value: dict[str, Any]
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """Every method may raise CrmUnavailable."""

    engine: AsyncEngine

    async def get(self, name: FactName) -> Fact | None:
        try:
            async with self.engine.connect() as connection:
                row = (await connection.execute(_GET, {"fact": name.value})).one_or_none()
        except DBAPIError as fault:
            raise _away(fault) from fault
        return Fact(row.value, row.read_at) if row else None

    async def keep(self, name: FactName, value: Mapping[str, Any], now: datetime) -> None:
        row = {"name": name.value, "value": dict(value), "read_at": now}
        try:
            async with self.engine.begin() as connection:
                await connection.execute(_KEEP, row)
        except DBAPIError as fault:
            raise _away(fault) from fault

    async def forget(self, name: FactName) -> None:
        try:
            async with self.engine.begin() as connection:
                await connection.execute(delete(account).where(account.c.name == name.value))
        except DBAPIError as fault:
            raise _away(fault) from fault


_GET = select(account.c.value, account.c.read_at).where(account.c.name == bindparam("fact"))
_INSERTION = insert(account)
_KEEP = _INSERTION.on_conflict_do_update(
    index_elements=["name"],
    set_={"value": _INSERTION.excluded.value, "read_at": _INSERTION.excluded.read_at},
)


def _away(fault: DBAPIError) -> CrmUnavailable:
    return CrmUnavailable(f"the HubSpot adapter's database does not answer: {fault.orig}")
