"""Keeps several deals of one message apart: who the deals are, and which words speak of which."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.readers.builtin.companies import same_company, trimmed_company
from bot.readers.builtin.document import Document
from bot.readers.builtin.mentions import Kind
from bot.readers.builtin.roles import Role
from bot.vocabulary.company_names import name_key
from bot.vocabulary.requests import Intent

_WANTED = (Intent.REGISTER_DEAL, Intent.REFER_LEAD, Intent.UPDATE_DEAL, Intent.ASK_DEAL_STATUS)
_PLAIN = 0.7


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
    refs: dict[str, list[Role]] = {}
    for role in roles:
        if role.mention.kind is Kind.DEAL_REF:
            refs.setdefault(role.mention.value, []).append(role)
    for ref, said in refs.items():
        _add_ref(document, deals, ref, said)
    return sorted(deals, key=lambda d: min(d.places))


def _add_company(deals: list[Deal], role: Role) -> None:
    name = trimmed_company(role.mention.value)
    for place, deal in enumerate(deals):
        if same_company(name_key(deal.name), name_key(name)):
            longer = max(deal.name, name, key=len)
            deals[place] = replace(deal, name=longer, roles=(*deal.roles, role))
            return
    deals.append(Deal(name, "", (role,)))


def _add_ref(document: Document, deals: list[Deal], ref: str, said: list[Role]) -> None:
    """`said` is every place of the number; one beside a company tells whose it is."""
    alone = Deal("", ref, tuple(said))
    free = [d for d in deals if not d.ref and d.name]
    in_body = [r for r in said if r.mention.start >= document.body] or said
    near = next((d for r in in_body if (d := _in_segment(document, free, r.mention.start))), None)
    if near is None:
        near = next((d for r in in_body if (d := _about(document, free, alone, r.mention.start))), None)
    if near is None:
        deals.append(alone)
    else:
        deals[deals.index(near)] = replace(near, ref=ref, roles=(*near.roles, *said))


def _at_odds(one: Deal, other: Deal) -> bool:
    """Whether it is plain that different things are wanted for the two, so that they are not one deal."""
    first, second = (max(_WANTED, key=deal.chance) for deal in (one, other))
    return first is not second and one.chance(first) >= _PLAIN and other.chance(second) >= _PLAIN


def _in_segment(document: Document, deals: list[Deal], start: int) -> Deal | None:
    """The nearest company in the same segment."""
    segment = document.segment_of(start)
    same = [d for d in deals if any(document.segment_of(p) == segment for p in d.places)]
    return min(same, key=lambda d: min(abs(p - start) for p in d.places), default=None)


def _about(document: Document, deals: list[Deal], number: Deal, start: int) -> Deal | None:
    """The only company in the same block that is not at odds with the number, else the only one at all if it is not."""
    block = document.segments[document.segment_of(start)].block
    beside = [d for d in deals if any(document.segments[document.segment_of(p)].block == block for p in d.places)]
    agreeing = [d for d in beside if not _at_odds(number, d)]
    if len(agreeing) == 1:
        return agreeing[0]
    return deals[0] if len(deals) == 1 and not _at_odds(number, deals[0]) else None


class Stretches:
    """Which words of a document speak of which of its deals: those behind its last naming, by sentences."""

    def __init__(self, document: Document, deals: Sequence[Deal]) -> None:
        self._document = document
        self._deals = deals
        self._named: list[tuple[int, int]] = sorted((p, n) for n, deal in enumerate(deals) for p in deal.places)
        self._in_segment: dict[int, list[tuple[int, int]]] = {}
        self._in_block: dict[int, list[tuple[int, int]]] = {}
        for place, number in self._named:
            segment = document.segment_of(place)
            self._in_segment.setdefault(segment, []).append((place, number))
            self._in_block.setdefault(document.segments[segment].block, []).append((place, number))
        self._in_body = [(p, n) for p, n in self._named if p >= document.body] or self._named

    def owner(self, start: int) -> Deal | None:
        """The deal that what stands at an offset speaks of: the one last named in its segment, block or text."""
        if len(self._deals) < 2:
            return self._deals[0] if self._deals else None
        segment = self._document.segment_of(start)
        block = self._document.segments[segment].block
        for named in (self._in_segment.get(segment), self._in_block.get(block), self._in_body):
            if named:
                before = bisect_right(named, start, key=lambda one: one[0])
                return self._deals[named[max(before - 1, 0)][1]]
        return None

    def of(self, deal: Deal) -> list[int]:
        """The numbers of the segments that speak of a deal; all of them where it is the only one."""
        segments = self._document.segments
        if len(self._deals) < 2:
            return list(range(len(segments)))
        number = next(n for n, one in enumerate(self._deals) if one is deal)
        return [
            n
            for n, segment in enumerate(segments)
            if any(named == number for _, named in self._in_segment.get(n, ())) or self.owner(segment.start) is deal
        ]
