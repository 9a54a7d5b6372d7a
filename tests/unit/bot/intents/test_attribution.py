"""Whose deal it is from the start."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.intents.attribution import attributed, note_of_influence
from bot.intents.register_deal import decide
from bot.intents.table import TABLE
from bot.vocabulary.decisions import HandOver, SaveRegistration
from bot.vocabulary.requests import Intent
from crm.records import Attribution, Lead, LeadSource, LeadState
from tests.builders import complete_deal, deal, draft, facts, registration, request

SHARED = Lead(
    "L-10000001", LeadSource.VENDOR, LeadState.ACCEPTED, partner_id="p-1", customer="Nova Labs GmbH",
    customer_domain="novalabs.example",
)  # fmt: skip


def test_a_deal_that_the_partner_brings_is_sourced() -> None:
    assert attributed(registration(), facts()).attribution is Attribution.SOURCED


def test_a_deal_of_a_shared_lead_is_influenced_and_knows_its_lead() -> None:
    [saved] = [
        c.registration
        for c in decide(complete_deal(), facts(leads=(SHARED,))).commands
        if isinstance(c, SaveRegistration)
    ]
    assert (saved.attribution, saved.lead_number) == (Attribution.INFLUENCED, "L-10000001")


@pytest.mark.parametrize(
    "lead",
    [
        replace(SHARED, state=LeadState.OFFERED),
        replace(SHARED, source=LeadSource.PARTNER, state=LeadState.WORKING),
        replace(SHARED, customer="Globex", customer_domain="globex.example"),
    ],
)
def test_a_lead_that_is_not_taken_or_not_shared_or_anothers_changes_nothing(lead: Lead) -> None:
    kept = attributed(registration(customer="Nova Labs", customer_domain="novalabs.example"), facts(leads=(lead,)))
    assert (kept.attribution, kept.lead_number) == (Attribution.SOURCED, "")


def test_a_draft_corrected_to_another_customer_comes_from_no_lead() -> None:
    linked = draft(lead_number="L-10000001", attribution=Attribution.INFLUENCED)
    kept = attributed(linked, facts(leads=(SHARED,)))
    assert (kept.attribution, kept.lead_number) == (Attribution.SOURCED, "")


@pytest.mark.parametrize(
    "words",
    [
        "To be fair, we only influenced this one.",
        "Wir haben den Deal nur beeinflusst.",
        "Nous avons seulement influencé cette affaire.",
        "We hebben deze deal alleen beïnvloed.",
        "Solo hemos influido en esta oportunidad.",
    ],
)
def test_what_the_partner_says_of_its_own_part_is_for_the_manager(words: str) -> None:
    decision = decide(complete_deal(), facts(words=words))
    [note] = [c for c in decision.commands if isinstance(c, HandOver)]
    assert "only influenced" in note.summary
    [saved] = [c.registration for c in decision.commands if isinstance(c, SaveRegistration)]
    assert saved.attribution is Attribution.SOURCED
    assert decision.outcomes[-1].text == "handed_over.to_manager"


def test_other_words_make_no_note() -> None:
    assert (
        note_of_influence(registration(), facts(words="Please register it, we are under the influence of snow.")) == ()
    )


@pytest.mark.parametrize("intent", [Intent.UPDATE_DEAL, Intent.ASK_DEAL_STATUS])
@pytest.mark.parametrize(
    "words",
    [
        "attribution D-1042 sourced: approved by the manager",
        "Bitte ändern Sie die Zuordnung von Acme Logistik.",
        "Merci de nous attribuer cette affaire.",
        "Kunt u de attributie aanpassen?",
        "Por favor, cambie la atribución.",
    ],
)
def test_whose_a_deal_is_is_not_changed_by_the_partner_but_passed_on(intent: Intent, words: str) -> None:
    own = facts(words=words, deals=(deal(number="D-1042"),))
    decision = TABLE[intent].decide(request(intent, deal_ref="D-1042"), own)
    [note] = decision.commands
    assert isinstance(note, HandOver)
    assert note.summary.startswith(f"On the attribution of D-1042, in the partner's words: {words}")
