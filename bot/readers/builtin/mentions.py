"""A mention: something a rule or the tagger found in a text, with its place and its normalised value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a mention may be; NUMBER is an amount or a quantity, which only its surroundings tell."""

    CUSTOMER = "customer"
    PERSON = "person"
    NUMBER = "number"
    DATE = "date"
    TERM = "term"
    EMAIL = "email"
    DOMAIN = "domain"
    PHONE = "phone"
    PRODUCT = "product"
    DEAL_REF = "deal_ref"
    STATEMENT_REF = "statement_ref"
    INVOICE = "invoice"
    PERIOD = "period"
    CURRENCY = "currency"


@dataclass(frozen=True, slots=True)
class Mention:
    """`value` is canonical (ISO date, plain decimal, lower-case domain); `start` and `end` are offsets in the document.

    `currency` and `basis` are set for numbers that say them; `sure` is False where the form alone proves little;
    `chance` is how likely a name found is one, from its first word to its last.
    """

    kind: Kind
    start: int
    end: int
    value: str
    currency: str = ""
    basis: str = ""
    sure: bool = True
    chance: float = 1.0


def without_overlaps(mentions: Iterable[Mention]) -> list[Mention]:
    """The mentions in reading order; of two that overlap the one listed first stays."""
    kept: list[Mention] = []
    taken: set[int] = set()
    for mention in mentions:
        places = range(mention.start, mention.end)
        if any(place in taken for place in places):
            continue
        taken.update(places)
        kept.append(mention)
    return sorted(kept, key=lambda m: (m.start, m.end))
