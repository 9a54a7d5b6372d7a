"""A segment in a manager's words - "tier=select,elite; region=DACH" - and whom it names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crm.records import Contact, Partner

_NAMES = {"tier": "tiers", "type": "types", "region": "regions", "language": "languages"}


class SegmentFault(ValueError):
    """The segment names something the program does not know; the message says what it knows."""


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
            and _within(self.languages, [contact.language or partner.language])
        )

    def __str__(self) -> str:
        given = ((word, getattr(self, name)) for word, name in _NAMES.items())
        return "; ".join(f"{word}={','.join(values)}" for word, values in given if values) or "everyone"


def _within(wanted: tuple[str, ...], has: Iterable[str]) -> bool:
    return not wanted or bool({w.casefold() for w in wanted} & {h.casefold() for h in has})


def parse_segment(words: str, choices: Mapping[str, tuple[str, ...]]) -> Segment:
    """`choices` are the values in use by name (tier, type, region, language); "all" or "everyone" narrows nothing."""
    if words.strip().casefold() in ("all", "everyone"):
        return Segment()
    read: dict[str, tuple[str, ...]] = {}
    for part in filter(None, (p.strip() for p in words.split(";"))):
        name, _, values = part.partition("=")
        field = _NAMES.get(name.strip().casefold())
        if field is None or not values.strip():
            raise SegmentFault(f"{part!r} is not of the form tier=…, type=…, region=… or language=…; 'all' is everyone")
        read[field] = tuple(_known(v.strip(), name.strip().casefold(), choices) for v in values.split(","))
    if not read:
        raise SegmentFault("an empty segment names nobody; write 'all' for everyone")
    return Segment(**read)


def _known(value: str, name: str, choices: Mapping[str, tuple[str, ...]]) -> str:
    for choice in choices[name]:
        if choice.casefold() == value.casefold():
            return choice
    raise SegmentFault(f"no {name} {value!r}; there are {', '.join(choices[name])}")


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a segment reaches, and how many it leaves out because they opted out."""

    recipients: tuple[tuple[Partner, Contact], ...]
    opted_out: int


def audience(segment: Segment, partners: Iterable[Partner], contacts: Iterable[Contact]) -> Audience:
    """Active contacts of the segment with an address; an address that stands twice is written to once."""
    contacts = tuple(contacts)
    by_id = {partner.id: partner for partner in partners}
    # An address may stand with two partners; its owner opted out once for all.
    out = {contact.email for contact in contacts if contact.opted_out}
    reached: dict[str, tuple[Partner, Contact]] = {}
    opted_out = 0
    for contact in contacts:
        partner = by_id.get(contact.partner_id)
        if partner is None or not contact.active or not contact.email or not segment.names(partner, contact):
            continue
        if contact.email in out:
            opted_out += 1
        else:
            reached.setdefault(contact.email, (partner, contact))
    return Audience(tuple(reached.values()), opted_out)


def choices(partners: Iterable[Partner], contacts: Iterable[Contact]) -> dict[str, tuple[str, ...]]:
    """The values that segments can name: those in use."""
    partners, contacts = tuple(partners), tuple(contacts)
    languages = {p.language for p in partners} | {c.language for c in contacts if c.language}
    return {
        "tier": tuple(dict.fromkeys(p.tier for p in partners)),
        "type": tuple(sorted({kind.value for p in partners for kind in p.types})),
        "region": tuple(sorted({p.region for p in partners if p.region})),
        "language": tuple(sorted(languages)),
    }
