"""Keeps several deals of one message apart: who the deals are, and which words speak of which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.readers.builtin.companies import same_company, trimmed_company
from bot.readers.builtin.document import Document
from bot.readers.builtin.mentions import Kind
from bot.readers.builtin.roles import Role
from bot.vocabulary.company_names import name_key
from bot.vocabulary.requests import Intent


@dataclass(frozen=True, slots=True)
class Deal:
    """One customer or deal number a message speaks of, with every place where it is named."""

    name: str
    ref: str
    roles: tuple[Role, ...]

    @property
    def places(self) -> tuple[int, ...]:
        return tuple(role.mention.start for role in self.roles)

    def chance(self, intent: Intent) -> float:
        """How likely the deal is meant by a request of that intent: as at its likeliest mention."""
        return max(role.chance(intent) for role in self.roles)


def deals_of(document: Document, roles: Sequence[Role]) -> list[Deal]:
    """The deals in order; spellings of one company are one, a deal number belongs to the company beside it."""
    deals: list[Deal] = []
    for role in roles:
        if role.mention.kind is Kind.CUSTOMER:
            _add_company(deals, role)
    for role in roles:
        if role.mention.kind is Kind.DEAL_REF:
            _add_ref(document, deals, role)
    return sorted(deals, key=lambda d: min(d.places))


def _add_company(deals: list[Deal], role: Role) -> None:
    name = trimmed_company(role.mention.value)
    for place, deal in enumerate(deals):
        if same_company(name_key(deal.name), name_key(name)):
            longer = max(deal.name, name, key=len)
            deals[place] = replace(deal, name=longer, roles=(*deal.roles, role))
            return
    deals.append(Deal(name, "", (role,)))


def _add_ref(document: Document, deals: list[Deal], role: Role) -> None:
    ref, start = role.mention.value, role.mention.start
    for place, deal in enumerate(deals):
        if deal.ref == ref:
            deals[place] = replace(deal, roles=(*deal.roles, role))
            return
    free = [d for d in deals if not d.ref and d.name]
    near = _nearest(document, free, start)
    if near is None:
        deals.append(Deal("", ref, (role,)))
    else:
        deals[deals.index(near)] = replace(near, ref=ref, roles=(*near.roles, role))


def _nearest(document: Document, deals: list[Deal], start: int) -> Deal | None:
    """The company in the same segment, else the only one in the same block, else the only one at all."""
    segment = document.segment_of(start)
    block = document.segments[segment].block
    same = [d for d in deals if any(document.segment_of(p) == segment for p in d.places)]
    if same:
        return min(same, key=lambda d: min(abs(p - start) for p in d.places))
    beside = [d for d in deals if any(document.segments[document.segment_of(p)].block == block for p in d.places)]
    if len(beside) == 1:
        return beside[0]
    return deals[0] if len(deals) == 1 else None


def owner(document: Document, deals: Sequence[Deal], start: int) -> Deal | None:
    """The deal that what stands at an offset speaks of: the one last named in its segment, block or text."""
    if len(deals) < 2:
        return deals[0] if deals else None
    places = sorted((place, number) for number, deal in enumerate(deals) for place in deal.places)
    segment = document.segment_of(start)
    block = document.segments[segment].block
    inside = [(p, n) for p, n in places if document.segment_of(p) == segment]
    beside = [(p, n) for p, n in places if document.segments[document.segment_of(p)].block == block]
    for stretch in (inside, beside, [(p, n) for p, n in places if p >= document.body] or places):
        before = [n for p, n in stretch if p <= start]
        if before:
            return deals[before[-1]]
        if stretch:
            return deals[stretch[0][1]]
    return None


def stretch_of(document: Document, deals: Sequence[Deal], deal: Deal) -> list[int]:
    """The numbers of the segments that speak of a deal; all of them where it is the only one."""
    numbers = range(len(document.segments))
    if len(deals) < 2:
        return list(numbers)
    return [n for n in numbers if _speaks_of(document, deals, deal, n)]


def _speaks_of(document: Document, deals: Sequence[Deal], deal: Deal, number: int) -> bool:
    segment = document.segments[number]
    if any(segment.start <= p < segment.end for p in deal.places):
        return True
    return owner(document, deals, segment.start) is deal
