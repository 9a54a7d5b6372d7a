"""Screening: what other people have with a customer decides after the acknowledgement, on what the CRM says by then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.storage import mirror, outbox
from bot.storage.crm_writes import registration_row
from bot.storage.desk_tables import claims
from bot.storage.outbox import OutboxState
from bot.vocabulary.results import Done
from crm.records import Deal, ReasonCode, RegistrationState, Stage
from knowledge.program import AutomaticRule
from tests.builders import NOW, deal, draft
from tests.fakes.crm import Mood
from tests.unit.bot.desk.house import JONAS, NOOR, SECOND, House, with_rules

NUMBER, OTHER = "D-100001", "D-100002"
HOUR = timedelta(hours=1)
NEUTRAL = "We cannot register Vega Foods BV for Lumora Insights: it is already being worked on or protected."


def vendors_deal(**changes: Any) -> Deal:
    made = deal(id="h-9", number="D-777", partner_id="", customer="Vega Foods BV", customer_domain="vega.example")
    return replace(made, **({"created_on": date(2026, 1, 5)} | changes))


async def test_what_is_submitted_is_to_be_screened_and_a_draft_is_not(house: House) -> None:
    await house.submitted(NUMBER)
    await house.kept(draft(number=OTHER))
    assert [job["number"] for job in await house.jobs("screen")] == [NUMBER]


async def test_nothing_against_it_puts_it_before_the_partners_manager_once(house: House) -> None:
    await house.submitted(NUMBER)
    for _ in range(2):
        assert (await house.screen(NUMBER)).state is RegistrationState.SUBMITTED
    ((to, said),) = await house.briefs(NUMBER)
    assert to == NOOR
    assert "Brightpath" in said
    assert "vega.example" in said
    assert "Suggested: approve." in said
    assert await house.told("p-1") == []


async def test_an_older_deal_of_the_vendor_is_refused_in_neutral_words_with_what_to_do_next(house: House) -> None:
    await house.crm.save_deal(vendors_deal())
    await house.submitted(NUMBER)
    refused = await house.screen(NUMBER)
    assert (refused.state, refused.code, refused.decided_by) == (
        RegistrationState.DECLINED,
        ReasonCode.CUSTOMER_IN_PROGRESS,
        "rules",
    )
    said = await house.said("p-1")
    assert NEUTRAL in said
    assert "You may ask again later, ask for a person, or register another product." in said
    assert "D-777" not in said + refused.reason
    assert await house.briefs(NUMBER) == []


async def test_the_crm_is_asked_live_and_a_mirror_that_is_behind_decides_nothing(house: House) -> None:
    async with house.storage.begin() as connection:
        await mirror.store(connection, [vendors_deal()])
    await house.crm.save_deal(vendors_deal(stage=Stage.LOST))
    await house.submitted(NUMBER)
    assert (await house.screen(NUMBER)).state is RegistrationState.SUBMITTED


async def test_another_partners_protection_is_refused_in_the_same_words(house: House) -> None:
    await house.accepted(OTHER, SECOND)
    await house.submitted(NUMBER)
    refused = await house.screen(NUMBER)
    assert refused.code is ReasonCode.ALREADY_PROTECTED
    assert NEUTRAL in await house.said("p-1")


async def test_another_spelling_of_the_domain_is_the_same_customer(house: House) -> None:
    await house.accepted(OTHER, SECOND, customer_domain="shop.vega.example")
    await house.submitted(NUMBER, customer_domain="www.vega.example")
    assert (await house.screen(NUMBER)).code is ReasonCode.ALREADY_PROTECTED


@pytest.mark.parametrize(
    "changes", [{"products": ("Lumora Core",)}, {"protected_until": NOW.date() - timedelta(days=1)}]
)
async def test_another_product_or_a_protection_that_is_over_refuses_nothing(
    house: House, changes: dict[str, Any]
) -> None:
    await house.accepted(OTHER, SECOND, **changes)
    await house.submitted(NUMBER)
    assert (await house.screen(NUMBER)).state is RegistrationState.SUBMITTED


@pytest.mark.parametrize(
    ("state", "changes"),
    [
        (RegistrationState.EXPIRED, {}),
        (RegistrationState.WITHDRAWN, {}),
        (RegistrationState.APPROVED, {"protected_until": date(2026, 11, 20)}),
        (RegistrationState.APPROVED, {"products": ("Lumora Core",), "protected_until": date(2026, 12, 24)}),
    ],
)
async def test_the_deal_that_a_registration_left_in_the_crm_keeps_nobody_away_for_longer_than_its_protection(
    house: House, state: RegistrationState, changes: dict[str, Any]
) -> None:
    house.program = with_rules(automatic=(AutomaticRule(),))
    given: dict[str, Any] = {"state": state, "protected_until": date(2026, 11, 20)}
    await house.submitted(OTHER, SECOND, **(given | changes))
    await house.crm.save_deal(vendors_deal(id=OTHER, number=OTHER, partner_id="p-2"))
    await house.submitted(NUMBER)
    assert (await house.screen(NUMBER)).state is RegistrationState.SUBMITTED
    ((_, said),) = await house.briefs(NUMBER)
    assert f"The customer has an older open deal, {OTHER} of Harbour, " in said
    assert await house.said("p-1") == ""
    assert isinstance(await house.desk.registrations.approve(NUMBER, NOOR), Done)


async def test_what_the_crm_refused_no_rule_accepts_before_it_is_entered(house: House) -> None:
    house.program = with_rules(automatic=(AutomaticRule(),))
    made = await house.submitted(NUMBER)
    row = registration_row(made, "message")
    async with house.storage.begin() as connection:
        await outbox.put(connection, [row])
        await outbox.settle(connection, row.id, OutboxState.REFUSED, error="cost_centre is required")
    assert (await house.screen(NUMBER)).state is RegistrationState.SUBMITTED
    async with house.storage.begin() as connection:
        await outbox.settle(connection, row.id, OutboxState.SENT)
    assert (await house.screen(NUMBER)).state is RegistrationState.APPROVED


async def test_a_deal_of_the_same_number_that_is_somebody_elses_keeps_others_away_all_the_same(house: House) -> None:
    await house.submitted(OTHER, SECOND, state=RegistrationState.EXPIRED)
    await house.crm.save_deal(vendors_deal(id=OTHER, number=OTHER))
    await house.submitted(NUMBER)
    assert (await house.screen(NUMBER)).code is ReasonCode.CUSTOMER_IN_PROGRESS


async def test_a_protection_from_before_there_were_claims_counts(house: House) -> None:
    await house.submitted(OTHER, SECOND, state=RegistrationState.APPROVED, protected_until=date(2026, 12, 24))
    await house.submitted(NUMBER)
    assert (await house.screen(NUMBER)).code is ReasonCode.ALREADY_PROTECTED


@pytest.mark.parametrize(
    "other",
    [
        {"customer": "Vega Food BV", "customer_domain": "vf.example"},
        {"customer": "Vega NV", "customer_domain": "vega.de"},
    ],
)
async def test_a_similar_name_or_ending_refuses_nothing_and_the_manager_sees_it(
    house: House, other: dict[str, str]
) -> None:
    await house.accepted(OTHER, SECOND, **other)
    await house.submitted(NUMBER, customer_domain="vega.nl")
    assert (await house.screen(NUMBER)).state is RegistrationState.SUBMITTED
    ((_, said),) = await house.briefs(NUMBER)
    assert f"{OTHER}, {other['customer']}, of Harbour" in said


@pytest.mark.parametrize("mood", [Mood.UNAVAILABLE, Mood.ANSWER_LOST])
async def test_while_the_crm_is_away_nothing_is_decided_and_it_is_asked_again_later(house: House, mood: Mood) -> None:
    await house.crm.save_deal(vendors_deal())
    await house.submitted(NUMBER)
    house.crm.mood = mood
    assert (await house.screen(NUMBER)).state is RegistrationState.SUBMITTED
    assert (await house.jobs("screen"))[-1] == {"number": NUMBER, "waited": 1, "waits": True}
    assert await house.briefs(NUMBER) == []
    house.crm.mood = Mood.WELL
    assert (await house.screen(NUMBER)).state is RegistrationState.DECLINED


async def test_what_was_decided_meanwhile_stays_decided(house: House) -> None:
    await house.submitted(NUMBER)
    await house.desk.registrations.approve(NUMBER, NOOR)
    await house.crm.save_deal(vendors_deal())
    assert (await house.screen(NUMBER)).state is RegistrationState.APPROVED


async def test_a_partner_gone_from_the_crm_is_for_a_person(house: House) -> None:
    house.program = with_rules(automatic=(AutomaticRule(),))
    await house.submitted(NUMBER)
    house.crm = type(house.crm)()
    assert (await house.screen(NUMBER)).state is RegistrationState.SUBMITTED
    ((_, said),) = await house.briefs(NUMBER)
    assert "The CRM no longer has this partner." in said


async def test_a_rule_accepts_at_once_with_claim_deal_and_protection(house: House) -> None:
    house.program = with_rules(automatic=(AutomaticRule(tiers=("Select",)),))
    await house.submitted(NUMBER)
    accepted = await house.screen(NUMBER)
    assert (accepted.state, accepted.decided_by) == (RegistrationState.APPROVED, "rules")
    assert [d.number for d in await house.deals("p-1")] == [NUMBER]
    assert "protected until 24 February 2027" in await house.said("p-1")
    async with house.storage.begin() as connection:
        held = (await connection.execute(claims.select())).all()
    assert [(c.company_key, c.product, c.partner_id, c.active) for c in held] == [
        ("vega.example", "Lumora Insights", "p-1", True)
    ]


async def test_an_earlier_rival_stops_the_rule_and_the_manager_sees_both_times(house: House) -> None:
    house.program = with_rules(automatic=(AutomaticRule(),))
    await house.submitted(OTHER, SECOND, priority_at=NOW - HOUR)
    await house.submitted(NUMBER)
    assert (await house.screen(NUMBER)).state is RegistrationState.SUBMITTED
    ((_, said),) = await house.briefs(NUMBER)
    assert f"{OTHER} of Harbour, submitted, 26 November 2026, 09:00 CET" in said
    assert "Priority time: 26 November 2026, 10:00 CET" in said
    # The earlier one is not held up by the later: the rule takes it, and with that the later one is looked at again.
    assert (await house.screen(OTHER)).state is RegistrationState.APPROVED
    assert [job["number"] for job in await house.jobs("screen")].count(NUMBER) == 2
    assert (await house.screen(NUMBER)).code is ReasonCode.ALREADY_PROTECTED
    assert await house.briefs(NUMBER) == []


async def test_a_held_draft_of_somebody_else_stops_the_rule_until_its_time_is_over(house: House) -> None:
    house.program = with_rules(automatic=(AutomaticRule(),))
    held = {"customer_domain": "vega.example", "products": (), "partner_id": "p-2", "contact_id": "c-2"}
    await house.kept(draft(number=OTHER, priority_at=NOW - HOUR, **held))
    await house.submitted(NUMBER)
    assert (await house.screen(NUMBER)).state is RegistrationState.SUBMITTED
    house.now = NOW + timedelta(days=7)
    assert (await house.screen(NUMBER)).state is RegistrationState.APPROVED


async def test_when_the_earlier_rival_is_gone_the_manager_is_told_that_the_way_is_free(house: House) -> None:
    first = await house.submitted(OTHER, SECOND, priority_at=NOW - HOUR)
    await house.submitted(NUMBER)
    await house.screen(NUMBER)
    await house.kept(replace(first, state=RegistrationState.WITHDRAWN))
    await house.screen(NUMBER)
    before, after = await house.briefs(NUMBER)
    assert "decide that one first" in before[1]
    assert "Suggested: approve." in after[1]


async def test_what_the_partner_takes_back_is_put_before_nobody_any_more(house: House) -> None:
    taken_back = await house.submitted(NUMBER)
    await house.screen(NUMBER)
    assert len(await house.briefs(NUMBER)) == 1
    await house.kept(replace(taken_back, state=RegistrationState.WITHDRAWN))
    assert [job["number"] for job in await house.jobs("screen")] == [NUMBER, NUMBER]
    await house.screen(NUMBER)
    assert await house.briefs(NUMBER) == []


async def test_after_so_many_refusals_in_a_day_a_person_looks_and_the_next_day_they_are_forgotten(house: House) -> None:
    await house.accepted(OTHER, SECOND)
    house.program = with_rules(refusals_per_day=2)
    for number in ("D-1", "D-2"):
        await house.submitted(number)
        assert (await house.screen(number)).state is RegistrationState.DECLINED
    await house.submitted("D-3")
    assert (await house.screen("D-3")).state is RegistrationState.SUBMITTED
    ((to, said),) = await house.briefs("D-3")
    assert to == NOOR
    assert "Suggested: refuse." in said
    house.now = NOW + timedelta(hours=24, seconds=1)
    assert (await house.screen("D-3")).state is RegistrationState.DECLINED


async def test_who_has_bought_before_is_not_asked_out_of_the_rules_customer_by_customer(house: House) -> None:
    house.program = with_rules(existing_customers_refused=True, refusals_per_day=1)
    for number, domain in ((NUMBER, "one.example"), (OTHER, "two.example")):
        await house.crm.save_deal(vendors_deal(id=number, number=number, customer_domain=domain, stage=Stage.WON))
    await house.submitted(NUMBER, customer_domain="one.example", customer="Onyx")
    assert (await house.screen(NUMBER)).code is ReasonCode.POLICY
    await house.submitted(OTHER, customer_domain="two.example", customer="Twill")
    assert (await house.screen(OTHER)).state is RegistrationState.SUBMITTED
    ((_, said),) = await house.briefs(OTHER)
    assert "so a person looks at it" in said


async def test_evidence_that_comes_later_is_put_before_the_manager_again(house: House) -> None:
    made = await house.submitted(NUMBER, SECOND)
    await house.screen(NUMBER)
    await house.kept(replace(made, evidence="We chose Harbour, signed V. Foods"))
    await house.screen(NUMBER)
    assert [to for to, _ in await house.briefs(NUMBER)] == [JONAS, JONAS]
    assert "We chose Harbour" in (await house.briefs(NUMBER))[1][1]


async def test_a_registration_that_cannot_be_screened_is_left_to_a_person_and_not_forgotten(house: House) -> None:
    await house.submitted(NUMBER)
    async with house.storage.begin() as connection:
        await connection.execute(text("alter table claims rename to claims_away"))
    for attempt in range(2):
        with pytest.raises(Exception, match="claims"):
            await house.desk.screening(NUMBER, 0, attempt)
    await house.desk.screening(NUMBER, 0, 2)
    async with house.storage.begin() as connection:
        (task,) = await connection.scalars(text("select summary from tasks"))
    assert NUMBER in task


async def test_a_number_nobody_knows_is_nothing_to_do(house: House) -> None:
    await house.desk.screening("D-999999", 0, 0)
    assert house.crm.calls == [call for call in house.crm.calls if call.startswith("save")]
