"""Whether a segment names somebody: its conditions, made ready once and asked of each partner once. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bot.announcements.segments.facts import NO_FACTS, PartnerFacts
from bot.vocabulary.segment import Segment
from crm.records import Contact, Partner, language_of

_LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Matching:
    """Values are folded. A language is each reader's own, everything else the partner's."""

    wanted: Mapping[str, frozenset[str]]
    unwanted: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, segment: Segment) -> Matching:
        return cls(
            {name: _folded(values) for name, values in segment.conditions()},
            {name: _folded(values) for name, values in segment.exclusions()},
        )

    def names_partner(self, partner: Partner, facts: PartnerFacts = NO_FACTS) -> bool:
        """Whether anybody there may be in the segment."""
        asked = (self.wanted.keys() | self.unwanted.keys()) - {_LANGUAGE}
        return all(self._holds(name, _folded(_HAS[name](partner, facts))) for name in asked)

    def names_contact(self, partner: Partner, contact: Contact) -> bool:
        """For a contact of a partner that is named; who has left is in no segment."""
        if not contact.active or not (_LANGUAGE in self.wanted or _LANGUAGE in self.unwanted):
            return contact.active
        return self._holds(_LANGUAGE, _folded([language_of(contact, partner)]))

    def _holds(self, name: str, has: frozenset[str]) -> bool:
        wanted = self.wanted.get(name)
        return (wanted is None or not wanted.isdisjoint(has)) and has.isdisjoint(self.unwanted.get(name, ()))


_HAS: Mapping[str, Callable[[Partner, PartnerFacts], Iterable[str]]] = {
    "tier": lambda partner, _: (partner.tier,),
    "type": lambda partner, _: [kind.value for kind in partner.types],
    "region": lambda partner, _: (partner.region,),
    "country": lambda partner, _: (partner.country,),
    "partner": lambda partner, _: (partner.name, partner.id),
    "product": lambda _, facts: facts.products,
    "pipeline": lambda _, facts: facts.pipeline,
    "certificates": lambda _, facts: facts.certificates,
}
"""A condition's name -> what of it a partner has."""


def _folded(values: Iterable[str]) -> frozenset[str]:
    return frozenset(value.casefold() for value in values)
