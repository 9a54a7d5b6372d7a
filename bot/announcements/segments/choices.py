"""The values that segments can name: those in use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.announcements.segments.facts import PIPELINE
from bot.storage import mirror, saved_segments, segment_facts
from bot.vocabulary.segment import SavedSegment, SegmentChoices
from crm.records import Contact, Partner
from knowledge.certificates import CertificateState
from knowledge.program import Program

_LONGEST_NAME = 100


async def known_choices(connection: AsyncConnection, program: Program) -> SegmentChoices:
    """All that a segment may name as things stand, saved segments among it."""
    catalogue = [product.name for product in program.products]
    return choices(
        await mirror.everyone(connection, Partner),
        await mirror.everyone(connection, Contact),
        (*catalogue, *await segment_facts.products(connection)),
        await saved_segments.listed(connection),
    )


def choices(
    partners: Iterable[Partner],
    contacts: Iterable[Contact],
    products: Iterable[str] = (),
    saved: Sequence[SavedSegment] = (),
) -> SegmentChoices:
    partners, contacts = tuple(partners), tuple(contacts)
    languages = {p.language for p in partners} | {c.language for c in contacts}
    return SegmentChoices(
        tiers=tuple(dict.fromkeys(p.tier for p in partners if p.tier)),
        types=tuple(sorted({kind.value for p in partners for kind in p.types})),
        regions=tuple(sorted({p.region for p in partners if p.region})),
        languages=tuple(sorted(filter(None, languages))),
        partners=tuple(sorted(_told_apart(partners), key=str.casefold)),
        products=tuple({name.casefold(): name for name in reversed([*filter(None, products)])}.values())[::-1],
        pipeline=PIPELINE,
        certificates=tuple(state.value for state in CertificateState),
        countries=tuple(sorted({p.country for p in partners if p.country})),
        partner_ids=tuple(p.id for p in partners),
        saved=tuple(saved),
    )


def _told_apart(partners: tuple[Partner, ...]) -> Iterator[str]:
    """Their names; the id of one whose name is not its alone, or could not be written among others."""
    times = Counter(partner.name.casefold() for partner in partners)
    for partner in partners:
        plain = times[partner.name.casefold()] == 1 and not set(",;\n") & set(partner.name)
        yield partner.name if plain and 0 < len(partner.name) <= _LONGEST_NAME else partner.id
