"""Whom an announcement is for, and whom it reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crm.records import Contact, Partner, language_of

NAMES = {
    "tier": "tiers", "type": "types", "region": "regions", "language": "languages", "partner": "partners",
}  # fmt: skip
"""A word of a segment as managers write it -> the field it fills."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Who an announcement goes to; an empty tuple does not narrow. Compared without case. `partners` are names, or the
    ids of those that share one.
    """

    tiers: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()

    def names(self, partner: Partner, contact: Contact) -> bool:
        return (
            _within(self.tiers, [partner.tier])
            and _within(self.types, [kind.value for kind in partner.types])
            and _within(self.regions, [partner.region])
            and _within(self.languages, [language_of(contact, partner)])
            and _within(self.partners, [partner.name, partner.id])
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
    partners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recipient:
    name: str
    email: str
    partner_name: str
    language: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Somebody of the segment whom an announcement does not reach; `why` says so in words."""

    name: str
    partner_name: str
    why: str


@dataclass(frozen=True, slots=True)
class Announced:
    """Whom an announcement reaches, how many it leaves out, and who these are.

    After a dry run nothing was sent and `announcement_id` is empty.
    """

    recipients: tuple[Recipient, ...]
    opted_out: int = 0
    announcement_id: str = ""
    undeliverable: int = 0
    left_out: tuple[LeftOut, ...] = ()

    @property
    def count(self) -> int:
        return len(self.recipients)
