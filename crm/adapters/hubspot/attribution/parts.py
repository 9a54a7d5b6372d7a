"""Which partners had a part in a deal, and how what we want and what people did in HubSpot meanwhile come together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from crm.records import Attribution, DealPartner

Part = tuple[str, Attribution]
"""A partner's id, and what its part in the deal is."""

Parts = tuple[Part, ...]

Properties = Mapping[str, str | None]


class Attributions(Protocol):
    """One of the three places where HubSpot holds who brought a deal. Deals are given by their HubSpot ids.

    Every method may raise the errors of `crm.errors`; repeating a write completes what an earlier one left undone.
    """

    @property
    def along(self) -> tuple[str, ...]:
        """Properties of deals that `read` needs: who reads deals anyway reads these too and hands them over."""
        ...

    async def read(self, deals: Sequence[str], properties: Mapping[str, Properties] | None = None) -> dict[str, Parts]:
        """The partners of each deal, those that sourced it first; () for none. Of partners that we do not know nothing
        is told. `properties` are those of `along`, by deal; a deal that is not
        among them is read.
        """
        ...

    async def write(self, deal: str, wanted: Parts, seen: Parts) -> None:
        """Add what is in `wanted` and not in `seen`, take away what is in `seen` and not in `wanted`; what people did
        besides stays. `seen` is what was read or written last, () where that never happened.

        To be called under the deal's lock. Raises CrmRejected where HubSpot has no room for it, in words for a manager.
        """
        ...

    async def introduce(self, partners: Mapping[str, str]) -> None:
        """Let people in HubSpot choose these partners (names by id); harmless to repeat."""
        ...


def parts_of(partner_id: str, attribution: Attribution, others: Iterable[DealPartner] = ()) -> Parts:
    """Those of one of our deals; a vendor's own deal has no partner of its own ("")."""
    own = [(partner_id, attribution)] if partner_id else []
    return once([*own, *((other.partner_id, other.attribution) for other in others)])


def once(parts: Iterable[Part]) -> Parts:
    """Each partner once, who sourced the deal before who influenced it; who did both sourced it."""
    strongest: dict[str, Attribution] = {}
    for partner_id, attribution in parts:
        if strongest.get(partner_id) is not Attribution.SOURCED:
            strongest[partner_id] = attribution
    return tuple(sorted(strongest.items(), key=lambda part: part[1] is not Attribution.SOURCED))


def added(wanted: Parts, seen: Parts) -> Parts:
    return tuple(part for part in wanted if part not in seen)


def removed(wanted: Parts, seen: Parts) -> Parts:
    return tuple(part for part in seen if part not in wanted)
