"""Attribution by one way at a time: until what the former one says was carried over, nothing is read by another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crm.adapters.hubspot.account.account import Account
from crm.adapters.hubspot.attribution.parts import Attributions, Parts, Properties


@dataclass(frozen=True, slots=True)
class Settled:
    """Every method raises NotSetUp while the account still has its deals attributed by another way."""

    by: Attributions
    account: Account

    @property
    def along(self) -> tuple[str, ...]:
        return self.by.along

    async def read(self, deals: Sequence[str], properties: Mapping[str, Properties] | None = None) -> dict[str, Parts]:
        await self.account.settled()
        return await self.by.read(deals, properties)

    async def write(self, deal: str, wanted: Parts, seen: Parts) -> None:
        await self.account.settled()
        await self.by.write(deal, wanted, seen)

    async def introduce(self, partners: Mapping[str, str]) -> None:
        await self.account.settled()
        await self.by.introduce(partners)
