"""Whatever partners, managers and time do with leads, in any order and at once: one holder, and an end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.storage import leads, mirror, tables
from bot.storage.codec import from_doc
from bot.storage.leads import OfferState
from bot.vocabulary.results import Done
from crm.records import Lead, LeadSource, LeadState, Registration
from knowledge.program import LeadRules
from tests.unit.bot.desk.house import NOOR, House
from tests.unit.bot.desk.talking import BEN, SARA, arrived, handled, leaving, taking

A_FEW = settings(
    max_examples=5,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # each example fills a database: shrinking takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
SENDERS = {"p-1": SARA, "p-2": BEN}

acts = st.sampled_from(("take", "leave", "wait", "look", "withdraw"))
steps = st.lists(st.lists(st.tuples(acts, st.sampled_from(("p-1", "p-2"))), min_size=1, max_size=3), max_size=5)


async def act(house: House, number: str, what: str, who: str) -> None:
    match what:
        case "take" | "leave":
            message = await arrived(house, SENDERS[who])
            await handled(house, message, taking(number) if what == "take" else leaving(number))
        case "wait":
            house.now += timedelta(days=4)
        case "look":
            await house.desk.due()
        case "withdraw":
            await house.desk.leads.withdraw(number, NOOR)


async def checked(house: House, number: str) -> LeadState:
    """What has to hold after each step; the state of the lead."""
    async with house.storage.begin() as connection:
        lead = await mirror.one(connection, Lead, number)
        offers = await leads.offers(connection, number)
        docs = await connection.scalars(select(tables.registrations.c.doc))
        drafts = [r for r in (from_doc(Registration, doc) for doc in docs) if r.lead_number == number]
    assert lead is not None
    states = [offer.state for offer in offers]
    assert len({offer.partner_id for offer in offers}) == len(offers)
    assert states.count(OfferState.OPEN) <= 1
    holders = [offer.partner_id for offer in offers if offer.state is OfferState.ACCEPTED]
    if lead.state is LeadState.ACCEPTED:
        assert holders == [lead.partner_id] == [draft.partner_id for draft in drafts]
    else:
        assert holders == [] == drafts
    if lead.state is not LeadState.OFFERED:
        assert OfferState.OPEN not in states
    return lead.state


@given(steps=steps)
@A_FEW
async def test_a_lead_has_one_holder_and_an_end(house: House, steps: list[list[tuple[str, str]]]) -> None:
    await house.clear()
    house.program = replace(house.program, lead_rules=LeadRules())
    lead = Lead("", LeadSource.VENDOR, LeadState.OFFERED, customer="Globex", contact_email="jane@globex.example")
    done = await house.desk.leads.share(lead, NOOR)
    assert isinstance(done, Done)
    number = done.reference
    for at_once in steps:
        work: list[Awaitable[None]] = [act(house, number, what, who) for what, who in at_once]
        await asyncio.gather(*work)
        await checked(house, number)
    for _ in range(3):
        house.now += timedelta(days=7)
        await house.desk.due()
    assert await checked(house, number) in (LeadState.ACCEPTED, LeadState.UNPLACED)
