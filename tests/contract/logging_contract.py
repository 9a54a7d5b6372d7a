"""What every CRM adapter promises about single records, tiers and many interactions at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm.errors import CrmConflict, CrmRejected
from crm.ports import MISSING, CrmPort
from tests.contract.records import CONTACT, DEAL, INTERACTION, LEAD, OTHER_PARTNER, PARTNER, REGISTRATION

SECOND = replace(INTERACTION, key="out:1", deal_numbers=(), summary="the answer", files=())


class LoggingContract:
    # --- single records

    async def test_a_contact_a_registration_and_a_lead_are_found_by_themselves(self, crm: CrmPort) -> None:
        assert await crm.contact(CONTACT.id) is None
        assert await crm.registration(PARTNER.id, REGISTRATION.number) is None
        assert await crm.lead(LEAD.number) is None
        await crm.save_contact(CONTACT)
        await crm.save_registration(REGISTRATION)
        await crm.save_lead(LEAD)
        assert await crm.contact(CONTACT.id) == CONTACT
        assert await crm.registration(PARTNER.id, REGISTRATION.number) == REGISTRATION
        assert await crm.lead(LEAD.number) == LEAD

    async def test_a_registration_of_another_partner_looks_like_none(self, crm: CrmPort) -> None:
        await crm.save_registration(REGISTRATION)
        assert await crm.registration(OTHER_PARTNER.id, REGISTRATION.number) is None

    # --- tiers

    async def test_a_tier_changes_and_nothing_else(self, crm: CrmPort) -> None:
        for _ in range(2):
            await crm.set_tier(PARTNER.id, PARTNER.tier, "Premier")
        assert await crm.partner(PARTNER.id) == replace(PARTNER, tier="Premier")

    async def test_a_tier_that_somebody_else_changed_stays(self, crm: CrmPort) -> None:
        with pytest.raises(CrmConflict, match="tier"):
            await crm.set_tier(PARTNER.id, "Registered", "Premier")
        assert await crm.partner(PARTNER.id) == PARTNER

    async def test_the_tier_of_nobody_is_refused(self, crm: CrmPort) -> None:
        with pytest.raises(CrmRejected, match="partner"):
            await crm.set_tier("nobody", "Registered", "Premier")

    # --- many interactions at once

    async def test_many_interactions_are_logged_at_once_and_each_once(self, crm: CrmPort) -> None:
        await crm.save_contact(CONTACT)
        await crm.save_deal(DEAL)
        for _ in range(2):
            assert await crm.log_interactions([INTERACTION, SECOND]) == {}
        assert await crm.timeline(PARTNER.id) == [SECOND, INTERACTION]
        assert await crm.timeline(PARTNER.id, DEAL.number) == [INTERACTION]

    async def test_one_that_is_refused_does_not_hold_up_the_others(self, crm: CrmPort) -> None:
        foreign = replace(SECOND, key="in:2", partner_id="nobody")
        refused = await crm.log_interactions([INTERACTION, foreign, SECOND])
        assert list(refused) == ["in:2"]
        assert "partner" in refused["in:2"]
        assert await crm.timeline(PARTNER.id) == [SECOND, INTERACTION]

    async def test_what_the_crm_lacks_is_named(self, crm: CrmPort) -> None:
        await crm.log_interaction(INTERACTION)
        assert await crm.lacking([INTERACTION]) == {}
        lacking = await crm.lacking([INTERACTION, SECOND])
        assert [(key, words.startswith(MISSING)) for key, words in lacking.items()] == [(SECOND.key, True)]

    async def test_what_the_crm_says_otherwise_is_named_and_written_again(self, crm: CrmPort) -> None:
        await crm.log_interaction(replace(INTERACTION, body="something else"))
        lacking = await crm.lacking([INTERACTION])
        assert [(key, words.startswith(MISSING)) for key, words in lacking.items()] == [(INTERACTION.key, False)]
        assert await crm.log_again([INTERACTION, SECOND]) == {}
        assert await crm.lacking([INTERACTION, SECOND]) == {}
        assert await crm.timeline(PARTNER.id) == [SECOND, INTERACTION]

    async def test_it_says_how_it_stands(self, crm: CrmPort) -> None:
        standing = await crm.standing()
        assert standing.name == crm.name
        assert standing.where

    # --- forgetting a contact

    async def test_copies_of_a_contact_lose_the_person_and_keep_that_there_was_one(self, crm: CrmPort) -> None:
        await crm.save_contact(CONTACT)
        await crm.log_interactions([INTERACTION, SECOND])
        for _ in range(2):
            await crm.forget_copies(CONTACT.id)
        kept = await crm.timeline(PARTNER.id)
        assert [one.key for one in kept] == [SECOND.key, INTERACTION.key]
        assert {(one.body, one.sender, one.recipients, one.files) for one in kept} == {("", "", (), ())}
        assert await crm.partner(PARTNER.id) == PARTNER

    async def test_nobody_is_forgotten_without_a_fault(self, crm: CrmPort) -> None:
        assert await crm.forget_copies("nobody") == 0
