"""A segment in a manager's words - "tier=select,elite; region=DACH" - and whom it names."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.vocabulary.segment import NAMES, Segment, SegmentChoices
from crm.records import Contact, Partner


class SegmentFault(ValueError):
    """The segment names something the program does not know; the message says what it knows."""


def parse_segment(words: str, choices: SegmentChoices) -> Segment:
    """`choices` are the values in use; "all" or "everyone" narrows nothing."""
    if words.strip().casefold() in ("all", "everyone"):
        return Segment()
    read: dict[str, tuple[str, ...]] = {}
    for part in filter(None, (p.strip() for p in words.split(";"))):
        name, _, values = part.partition("=")
        field = NAMES.get(name.strip().casefold())
        if field is None or not values.strip():
            raise SegmentFault(f"{part!r} is not of the form tier=…, type=…, region=… or language=…; 'all' is everyone")
        read[field] = tuple(_known(v.strip(), name.strip(), getattr(choices, field)) for v in values.split(","))
    if not read:
        raise SegmentFault("an empty segment names nobody; write 'all' for everyone")
    return Segment(**read)


def _known(value: str, name: str, known: tuple[str, ...]) -> str:
    for choice in known:
        if choice.casefold() == value.casefold():
            return choice
    raise SegmentFault(f"no {name.casefold()} {value!r}; there are {', '.join(known)}")


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a segment reaches, and how many it leaves out: they opted out, or their address takes no mail."""

    recipients: tuple[tuple[Partner, Contact], ...]
    opted_out: int
    undeliverable: int = 0


def audience(
    segment: Segment, partners: Iterable[Partner], contacts: Iterable[Contact], undeliverable: Collection[str] = ()
) -> Audience:
    """Active contacts of the segment with an address; an address that stands twice is written to once.

    `undeliverable` are addresses in lower case that take no mail.
    """
    contacts = tuple(contacts)
    by_id = {partner.id: partner for partner in partners}
    # An address may stand with two partners; its owner opted out once for all.
    out = {contact.email for contact in contacts if contact.opted_out}
    reached: dict[str, tuple[Partner, Contact]] = {}
    opted_out, dead = 0, set()
    for contact in contacts:
        partner = by_id.get(contact.partner_id)
        if partner is None or not contact.active or not contact.email or not segment.names(partner, contact):
            continue
        if contact.email in out:
            opted_out += 1
        elif contact.email.lower() in undeliverable:
            dead.add(contact.email.lower())
        else:
            reached.setdefault(contact.email, (partner, contact))
    return Audience(tuple(reached.values()), opted_out, len(dead))


def choices(partners: Iterable[Partner], contacts: Iterable[Contact]) -> SegmentChoices:
    """The values that segments can name: those in use."""
    partners, contacts = tuple(partners), tuple(contacts)
    languages = {p.language for p in partners} | {c.language for c in contacts if c.language}
    return SegmentChoices(
        tiers=tuple(dict.fromkeys(p.tier for p in partners)),
        types=tuple(sorted({kind.value for p in partners for kind in p.types})),
        regions=tuple(sorted({p.region for p in partners if p.region})),
        languages=tuple(sorted(languages)),
    )
