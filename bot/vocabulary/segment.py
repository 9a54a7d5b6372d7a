"""Whom an announcement is for, and whom it reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crm.records import Contact, Partner, language_of

NAMES = {"tier": "tiers", "type": "types", "region": "regions", "language": "languages"}
"""A word of a segment as managers write it -> the field it fills."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Who an announcement goes to; an empty tuple does not narrow. Compared without case."""

    tiers: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    def names(self, partner: Partner, contact: Contact) -> bool:
        return (
            _within(self.tiers, [partner.tier])
            and _within(self.types, [kind.value for kind in partner.types])
            and _within(self.regions, [partner.region])
            and _within(self.languages, [language_of(contact, partner)])
        )

    def __str__(self) -> str:
        given = ((word, getattr(self, name)) for word, name in NAMES.items())
        return "; ".join(f"{word}={','.join(values)}" for word, values in given if values) or "everyone"


def _within(wanted: tuple[str, ...], has: Iterable[str]) -> bool:
    return not wanted or bool({w.casefold() for w in wanted} & {h.casefold() for h in has})


@dataclass(frozen=True, slots=True)
class SegmentChoices:
    """The values that segments can name: those in use."""

    tiers: tuple[str, ...]
    types: tuple[str, ...]
    regions: tuple[str, ...]
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recipient:
    name: str
    email: str
    partner_name: str
    language: str


@dataclass(frozen=True, slots=True)
class Announced:
    """Whom an announcement reaches, and how many it leaves out.

    After a dry run nothing was sent and `announcement_id` is empty.
    """

    recipients: tuple[Recipient, ...]
    opted_out: int = 0
    announcement_id: str = ""
    undeliverable: int = 0

    @property
    def count(self) -> int:
        return len(self.recipients)
