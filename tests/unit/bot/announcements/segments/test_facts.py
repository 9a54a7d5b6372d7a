"""What is known of a partner from its deals and certificates, day by day, and whom a segment names by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.announcements.segments.facts import facts_of
from bot.announcements.segments.matching import Matching
from bot.storage.segment_facts import CertifiedOn, DealGlance
from bot.vocabulary.segment import Segment
from crm.records import PartnerType, Stage
from tests.builders import TODAY, contact, partner, program

TRAINING = program().training
ONE = partner(certified_people=0)


def glance(stage: Stage, *products: str, close: int | None = None, stood: int = 0) -> DealGlance:
    """A deal in days from today."""
    closes = None if close is None else TODAY + timedelta(days=close)
    return DealGlance("p-1", stage, products, closes, TODAY - timedelta(days=stood))


def pipeline(*deals: DealGlance) -> set[str]:
    return set(facts_of([ONE], deals, [], TRAINING, TODAY)["p-1"].pipeline)


def test_products_are_those_of_open_and_won_deals() -> None:
    deals = [glance(Stage.WON, "Core"), glance(Stage.ON_HOLD, "Insights"), glance(Stage.LOST, "Flow")]
    assert facts_of([ONE], deals, [], TRAINING, TODAY)["p-1"].products == {"Core", "Insights"}


def test_a_pipeline_is_open_or_none_and_has_the_stages_of_its_deals() -> None:
    assert pipeline() == {"none"}
    assert pipeline(glance(Stage.WON), glance(Stage.LOST, stood=90)) == {"none", "won", "lost"}
    assert pipeline(glance(Stage.PROPOSAL)) == {"open", "proposal"}


@pytest.mark.parametrize(("stood", "stalled"), [(29, False), (30, True), (400, True)])
def test_a_deal_is_stalled_after_thirty_days_in_its_stage(stood: int, stalled: bool) -> None:
    assert ("stalled" in pipeline(glance(Stage.NEGOTIATION, stood=stood))) is stalled
    assert "stalled" not in pipeline(glance(Stage.WON, stood=stood))


@pytest.mark.parametrize(("close", "closing"), [(-1, False), (0, True), (30, True), (31, False), (None, False)])
def test_a_deal_is_closing_within_thirty_days(close: int | None, closing: bool) -> None:
    assert ("closing" in pipeline(glance(Stage.QUALIFIED, close=close))) is closing
    assert "closing" not in pipeline(glance(Stage.LOST, close=close))


@pytest.mark.parametrize(
    ("earned", "states"),
    [
        (date(2026, 11, 26), ("valid",)),
        (date(2026, 1, 26), ("valid",)),  # ends on 26 January 2027, 61 days ahead
        (date(2026, 1, 25), ("valid", "expiring")),
        (date(2025, 11, 26), ("valid", "expiring")),  # its last day
        (date(2025, 11, 25), ("expired",)),
    ],
    ids=str,
)
def test_a_certificate_is_valid_for_twelve_months_and_expiring_in_the_last_sixty_days(
    earned: date, states: tuple[str, ...]
) -> None:
    assert facts_of([ONE], [], [CertifiedOn("p-1", earned)], TRAINING, TODAY)["p-1"].certificates == set(states)


def test_without_certificates_by_person_the_count_of_the_crm_says_whether_there_are_any() -> None:
    known = facts_of([ONE, replace(ONE, id="p-2", certified_people=3)], [], [], TRAINING, TODAY)
    assert {name: set(facts.certificates) for name, facts in known.items()} == {"p-1": {"none"}, "p-2": {"valid"}}


def test_somebodys_valid_certificate_does_not_hide_that_anothers_has_ended() -> None:
    both = [CertifiedOn("p-1", TODAY), CertifiedOn("p-1", date(2024, 1, 1))]
    assert facts_of([ONE], [], both, TRAINING, TODAY)["p-1"].certificates == {"valid", "expired"}


def test_in_a_program_without_training_a_certificate_does_not_end() -> None:
    assert facts_of([ONE], [], [CertifiedOn("p-1", date(2001, 1, 1))], None, TODAY)["p-1"].certificates == {"valid"}


@pytest.mark.parametrize(
    ("segment", "named"),
    [
        (Segment(), True),
        (Segment(tiers=("elite", "select")), True),
        (Segment(tiers=("Elite",)), False),
        (Segment(types=("reseller", "referral")), True),
        (Segment(regions=("dach",), countries=("at",)), True),
        (Segment(regions=("DACH",), countries=("DE",)), False),
        (Segment(products=("core",), pipeline=("stalled",)), True),
        (Segment(products=("Flow",)), False),
        (Segment(certificates=("expired", "none")), True),
        (Segment(partners=("P-1",)), True),
        (Segment(partners=("Two",)), False),
        (Segment(tiers=("Select",), without=("partner!=brightpath",)), False),
        (Segment(without=("tier!=Elite", "pipeline!=won")), True),
        (Segment(without=("pipeline!=won", "pipeline!=OPEN")), False),
        (Segment(without=("language!=fr",)), False),
        (Segment(languages=("fr",), without=("language!=de",)), True),
        (Segment(languages=("en",)), False),
    ],
    ids=str,
)
def test_conditions_hold_together_and_one_value_of_each_is_enough(segment: Segment, named: bool) -> None:
    who = partner(types=(PartnerType.SERVICES, PartnerType.REFERRAL), region="DACH", country="AT", certified_people=0)
    facts = facts_of([who], [glance(Stage.PROPOSAL, "Core", stood=40)], [], TRAINING, TODAY)["p-1"]
    matching = Matching.of(segment)
    reader = contact(language="fr")
    assert (matching.names_partner(who, facts) and matching.names_contact(who, reader)) is named
    assert not matching.names_contact(who, replace(reader, active=False))
