"""What a segment asks of a partner beside its own record: products, the state of its deals, certificates. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.storage.segment_facts import CertifiedOn, DealGlance
from bot.vocabulary.segment import Segment
from crm.records import Partner, Stage
from knowledge.certificates import certificate_states
from knowledge.program import TrainingRules

STALLED_AFTER = timedelta(days=30)
CLOSING_WITHIN = timedelta(days=30)
FROM_DEALS = frozenset({"product", "pipeline"})
FROM_MILESTONES = frozenset({"certificates"})


class Pipeline(StrEnum):
    """What the open deals of a partner are like. STALLED: one has stood in its stage for 30 days; CLOSING: one is
    expected to close within 30 days.
    """

    OPEN = "open"
    NONE = "none"
    STALLED = "stalled"
    CLOSING = "closing"


PIPELINE = (*(state.value for state in Pipeline), *(stage.value for stage in Stage))
"""All that pipeline= may name: the states, and the stages in which a partner has a deal."""


@dataclass(frozen=True, slots=True)
class PartnerFacts:
    """Values as segments name them; `products` as the CRM writes them."""

    products: frozenset[str] = frozenset()
    pipeline: frozenset[str] = frozenset({Pipeline.NONE.value})
    certificates: frozenset[str] = frozenset()


NO_FACTS = PartnerFacts()


def asked_for(segment: Segment) -> frozenset[str]:
    """The names that the segment has a condition on."""
    return frozenset(name for name, _ in (*segment.conditions(), *segment.exclusions()))


def facts_of(
    partners: Iterable[Partner],
    deals: Iterable[DealGlance],
    certified: Iterable[CertifiedOn],
    rules: TrainingRules | None,
    today: date,
) -> Mapping[str, PartnerFacts]:
    """By the partner's id; `certified` has each person's latest certificate."""
    products: dict[str, set[str]] = defaultdict(set)
    pipeline: dict[str, set[str]] = defaultdict(set)
    earned: dict[str, list[date]] = defaultdict(list)
    for deal in deals:
        pipeline[deal.partner_id].update(_states(deal, today))
        if deal.stage is not Stage.LOST:
            products[deal.partner_id].update(deal.products)
    for one in certified:
        earned[one.partner_id].append(one.on)
    return {
        partner.id: PartnerFacts(
            frozenset(products.get(partner.id, ())),
            _pipeline(pipeline.get(partner.id, set())),
            frozenset(certificate_states(earned.get(partner.id, ()), partner.certified_people, rules, today)),
        )
        for partner in partners
    }


def _states(deal: DealGlance, today: date) -> Iterator[str]:
    yield deal.stage.value
    if not deal.stage.open:
        return
    yield Pipeline.OPEN.value
    if today - deal.stage_since >= STALLED_AFTER:
        yield Pipeline.STALLED.value
    if deal.close_date is not None and today <= deal.close_date <= today + CLOSING_WITHIN:
        yield Pipeline.CLOSING.value


def _pipeline(states: set[str]) -> frozenset[str]:
    return frozenset(states) if Pipeline.OPEN.value in states else frozenset({*states, Pipeline.NONE.value})
