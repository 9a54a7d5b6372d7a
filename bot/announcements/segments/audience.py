"""Whom a segment reaches as things stand, and who of it is left out and why, each person once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from types import MappingProxyType

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.announcements.segments.facts import (
    FROM_DEALS,
    FROM_MILESTONES,
    NO_FACTS,
    PartnerFacts,
    asked_for,
    facts_of,
)
from bot.announcements.segments.matching import Matching
from bot.storage import forgotten, mirror, segment_facts, undeliverable
from bot.vocabulary.segment import LeftOut, Segment
from crm.records import Contact, ContactRight, Partner
from knowledge.program import Program

OPTED_OUT = "opted out"
UNDELIVERABLE = "whose address takes no mail"
NO_ADDRESS = "without an address"
FORGOTTEN = "forgotten at their own wish"
_NAMELESS = "somebody who was forgotten"
_TO_DO = {
    ContactRight.SEE_DEALS: "see deals",
    ContactRight.REGISTER: "register deals",
    ContactRight.SEE_COMMISSION: "see commissions",
    ContactRight.MANAGE_CONTACTS: "manage contacts",
}


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a segment reaches, and whom it leaves out and why. A recipient whose contact has no address is reached in
    the partner's channel alone.
    """

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


@dataclass(frozen=True, slots=True)
class Unreachable:
    """What keeps people out: addresses in lower case that take no mail, ids of contacts that were forgotten, and the
    rights that the text needs. `channels` are ids of partners that are reached in Slack as well.
    """

    addresses: Collection[str] = frozenset()
    forgotten: Collection[str] = frozenset()
    needs: frozenset[ContactRight] = frozenset()
    channels: Collection[str] = frozenset()


_NOBODY = Unreachable()


async def reached_by(
    connection: AsyncConnection,
    segment: Segment,
    *,
    program: Program | None = None,
    today: date | None = None,
    needs: frozenset[ContactRight] = frozenset(),
    channels: Collection[str] = frozenset(),
) -> Audience:
    """Whom the segment names as things stand. Certificates end by the rules of `program`, days count from `today` (that
    of UTC without); `needs` are rights without which nobody may read the text. At partners in `channels` (ids) people
    without an address that takes mail are recipients with an empty one.
    """
    partners = await mirror.everyone(connection, Partner)
    known = await _facts(connection, segment, partners, program, today or datetime.now(UTC).date())
    kept_out = Unreachable(
        await undeliverable.addresses(connection), await forgotten.ids(connection), needs, frozenset(channels)
    )
    return audience(segment, partners, await mirror.everyone(connection, Contact), kept_out, known)


async def _facts(
    connection: AsyncConnection, segment: Segment, partners: Iterable[Partner], program: Program | None, today: date
) -> Mapping[str, PartnerFacts]:
    """Nothing is read that the segment does not ask for."""
    asked = asked_for(segment)
    if not asked & (FROM_DEALS | FROM_MILESTONES):
        return {}
    deals = await segment_facts.deals(connection) if asked & FROM_DEALS else ()
    certified = await segment_facts.certified(connection) if asked & FROM_MILESTONES else ()
    return facts_of(partners, deals, certified, program.training if program else None, today)


def audience(
    segment: Segment,
    partners: Iterable[Partner],
    contacts: Iterable[Contact],
    unreachable: Unreachable = _NOBODY,
    facts: Mapping[str, PartnerFacts] = MappingProxyType({}),
) -> Audience:
    """Active contacts of the segment who can be reached; an address that stands twice is written to once."""
    contacts = tuple(contacts)
    # An address may stand with two partners; its owner opted out once for all.
    out = {contact.email.lower() for contact in contacts if contact.opted_out and contact.email}
    reached: dict[str, tuple[Partner, Contact]] = {}
    left_out: dict[str, LeftOut] = {}
    for partner, contact in _named(segment, partners, contacts, facts):
        person, reader = contact.email.lower() or f"{contact.id}:", contact
        why = _why_not(contact, out, unreachable)
        if why in (NO_ADDRESS, UNDELIVERABLE) and partner.id in unreachable.channels:
            reader, why = replace(contact, email=""), _without_right(contact, unreachable.needs)
        if not why:
            reached.setdefault(person, (partner, reader))
        else:
            name = _NAMELESS if why == FORGOTTEN else contact.name
            left_out.setdefault(person, LeftOut(name, partner.name, why))
    return Audience(tuple(reached.values()), tuple(one for person, one in left_out.items() if person not in reached))


def _why_not(contact: Contact, out: Collection[str], unreachable: Unreachable) -> str:
    """In words for a manager, "" where nothing is in the way."""
    address = contact.email.lower()
    if contact.id in unreachable.forgotten:
        return FORGOTTEN
    if contact.opted_out or address in out:
        return OPTED_OUT
    if not address:
        return NO_ADDRESS
    if address in unreachable.addresses:
        return UNDELIVERABLE
    return _without_right(contact, unreachable.needs)


def _without_right(contact: Contact, needs: frozenset[ContactRight]) -> str:
    lacking = [_TO_DO[right] for right in ContactRight if right in needs and not contact.may(right)]
    return f"without the right to {' and '.join(lacking)}" if lacking else ""


def _named(
    segment: Segment, partners: Iterable[Partner], contacts: Iterable[Contact], facts: Mapping[str, PartnerFacts]
) -> Iterator[tuple[Partner, Contact]]:
    """Active contacts of the segment, with their partner."""
    matching = Matching.of(segment)
    named = {
        partner.id: partner for partner in partners if matching.names_partner(partner, facts.get(partner.id, NO_FACTS))
    }
    for contact in contacts:
        partner = named.get(contact.partner_id)
        if partner is not None and matching.names_contact(partner, contact):
            yield partner, contact
