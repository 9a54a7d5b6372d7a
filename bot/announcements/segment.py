"""A segment in a manager's words - "tier=select,elite; region=DACH" - and whom it names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.vocabulary.segment import NAMES, LeftOut, Segment, SegmentChoices
from crm.records import Contact, Partner

_LONGEST_NAME = 100
_NAMED = 30  # values that a fault names
OPTED_OUT = "opted out"
UNDELIVERABLE = "whose address takes no mail"
NO_ADDRESS = "without an address"


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
            forms = "tier=…, type=…, region=…, language=… or partner=…"
            raise SegmentFault(f"{part!r} is not of the form {forms}; 'all' is everyone")
        read[field] = tuple(_known(v.strip(), name.strip(), getattr(choices, field)) for v in values.split(","))
    if not read:
        raise SegmentFault("an empty segment names nobody; write 'all' for everyone")
    return Segment(**read)


def _known(value: str, name: str, known: tuple[str, ...]) -> str:
    for choice in known:
        if choice.casefold() == value.casefold():
            return choice
    raise SegmentFault(f"no {name.casefold()} {value!r}; there are {_some(known)}")


def _some(known: tuple[str, ...]) -> str:
    more = f" and {len(known) - _NAMED} more" if len(known) > _NAMED else ""
    return f"{', '.join(known[:_NAMED])}{more}"


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a segment reaches, and whom it leaves out: they opted out, or have no address that takes mail."""

    recipients: tuple[tuple[Partner, Contact], ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def opted_out(self) -> int:
        return self._because(OPTED_OUT)

    @property
    def undeliverable(self) -> int:
        return self._because(UNDELIVERABLE)

    def _because(self, why: str) -> int:
        return sum(one.why == why for one in self.left_out)


def audience(
    segment: Segment, partners: Iterable[Partner], contacts: Iterable[Contact], undeliverable: Collection[str] = ()
) -> Audience:
    """Active contacts of the segment with an address; an address that stands twice is written to once.

    `undeliverable` are addresses in lower case that take no mail.
    """
    contacts = tuple(contacts)
    by_id = {partner.id: partner for partner in partners}
    # An address may stand with two partners; its owner opted out once for all.
    out = {contact.email for contact in contacts if contact.opted_out and contact.email}
    reached: dict[str, tuple[Partner, Contact]] = {}
    left_out: dict[str, LeftOut] = {}
    for partner, contact in _named(segment, by_id, contacts):
        if not contact.email or contact.email in out:
            why = OPTED_OUT if contact.email else NO_ADDRESS
            left_out[f"{contact.id}:"] = LeftOut(contact.name, partner.name, why)
        elif contact.email.lower() in undeliverable:
            left_out.setdefault(contact.email.lower(), LeftOut(contact.name, partner.name, UNDELIVERABLE))
        else:
            reached.setdefault(contact.email, (partner, contact))
    return Audience(tuple(reached.values()), tuple(left_out.values()))


def _named(
    segment: Segment, partners: Mapping[str, Partner], contacts: Iterable[Contact]
) -> Iterator[tuple[Partner, Contact]]:
    """Active contacts of the segment, with their partner."""
    for contact in contacts:
        partner = partners.get(contact.partner_id)
        if partner is not None and contact.active and segment.names(partner, contact):
            yield partner, contact


def choices(partners: Iterable[Partner], contacts: Iterable[Contact]) -> SegmentChoices:
    """The values that segments can name: those in use."""
    partners, contacts = tuple(partners), tuple(contacts)
    languages = {p.language for p in partners} | {c.language for c in contacts if c.language}
    return SegmentChoices(
        tiers=tuple(dict.fromkeys(p.tier for p in partners)),
        types=tuple(sorted({kind.value for p in partners for kind in p.types})),
        regions=tuple(sorted({p.region for p in partners if p.region})),
        languages=tuple(sorted(languages)),
        partners=tuple(sorted(_told_apart(partners), key=str.casefold)),
    )


def _told_apart(partners: tuple[Partner, ...]) -> Iterator[str]:
    """Their names; the id of one whose name is not its alone, or could not be written among others."""
    times = Counter(partner.name.casefold() for partner in partners)
    for partner in partners:
        plain = times[partner.name.casefold()] == 1 and not set(",;\n") & set(partner.name)
        yield partner.name if plain and 0 < len(partner.name) <= _LONGEST_NAME else partner.id
