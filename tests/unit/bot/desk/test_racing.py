"""Two partners, one customer and product, the very same moment: one wins, whatever runs where."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.bootstrap.deal_desk import DealDesk, deal_desk
from bot.storage import claims, desk_tables, registrations
from bot.storage.claims import Claim
from bot.storage.database import Database
from bot.storage.outbox import Destination
from bot.vocabulary.results import Done, NotDone
from bot.worker.crm_outlet import CrmOutlet
from bot.worker.delivering import DeliverJob
from crm.records import Registration, RegistrationState
from knowledge.program import AutomaticRule
from tests.builders import NOW, TODAY
from tests.unit.bot.desk.house import FIRST, NOOR, SECOND, House, with_rules

TIMES = 10


def elsewhere(house: House, database: Database) -> DealDesk:
    """The same desk in another process: with connections of its own."""
    return deal_desk(database, house.queue, house.crm, house.program, house.clock, "lumora.example")


async def test_of_two_accepted_at_the_same_moment_one_wins_and_crm_and_mirror_agree(house: House) -> None:
    other = Database(house.storage.postgres)
    here, there = house.desk.registrations, elsewhere(house, other).registrations
    winners = []
    for n in range(TIMES):
        customer = {"customer": f"Customer {n}", "customer_domain": f"customer{n}.example"}
        # Which of the two comes first alternates; what has to be decided before it is not the matter here.
        mine, theirs = f"D-1{n:05}", f"D-2{n:05}"
        for number, owner in ((mine, FIRST), (theirs, SECOND)):
            await house.submitted(number, owner, **customer, priority_at=NOW, state=RegistrationState.NEEDS_INFO)
        results = await asyncio.gather(here.approve(mine, NOOR), there.approve(theirs, NOOR))
        assert sorted(type(r).__name__ for r in results) == ["Done", "NotDone"]
        (lost,) = [r for r in results if isinstance(r, NotDone)]
        assert "protects this customer and product" in lost.text
        winners += [r.reference for r in results if isinstance(r, Done)]
    await other.aclose()
    await DeliverJob(house.storage, {Destination.CRM: CrmOutlet(house.crm)})(Destination.CRM)
    mirrored = [deal.number for partner in ("p-1", "p-2") for deal in await house.deals(partner)]
    in_crm = [r.number for r in house.crm.held("registrations") if r.state is RegistrationState.APPROVED]
    assert sorted(mirrored) == sorted(in_crm) == sorted(winners)
    assert sorted(deal.number for deal in house.crm.held("deals")) == sorted(winners)


async def test_two_rules_that_accept_at_the_same_moment_give_it_to_one(house: House) -> None:
    house.program = with_rules(automatic=(AutomaticRule(),))
    other = Database(house.storage.postgres)
    here, there = house.desk.screening, elsewhere(house, other).screening
    for n in range(5):
        customer = {"customer": f"Customer {n}", "customer_domain": f"customer{n}.example"}
        numbers = (f"D-1{n:05}", f"D-2{n:05}")
        for number, owner in zip(numbers, (FIRST, SECOND), strict=True):
            await house.submitted(number, owner, **customer)
        await asyncio.gather(*(job(number, 0, 0) for job, number in zip((here, there), numbers, strict=True)))
        states = [(await house.registration(number)).state for number in numbers]
        assert states.count(RegistrationState.APPROVED) == 1
        (late,) = [one for one, at in zip(numbers, states, strict=True) if at is not RegistrationState.APPROVED]
        assert (await house.screen(late)).state is not RegistrationState.APPROVED
    await other.aclose()


async def test_the_database_alone_keeps_a_customer_from_being_given_twice(house: House) -> None:
    """No other lock is held: the unique index decides, and who loses holds nothing, whatever it asked for."""
    other = Database(house.storage.postgres)
    products = (("Lumora Core", "Lumora Assist"), ("Lumora Assist", "Lumora Insights"))
    for n in range(TIMES):
        both = [
            replace(
                await house.submitted(f"D-{owner.id[-1]}{n:05}", owner, customer_domain=f"customer{n}.example"),
                products=wanted,
            )
            for owner, wanted in zip((FIRST, SECOND), products, strict=True)
        ]
        ready = asyncio.Barrier(2)
        taken = await asyncio.gather(
            *(_claim(db, one, ready) for db, one in zip((house.storage, other), both, strict=True))
        )
        (won,) = [one for one, in_the_way in zip(both, taken, strict=True) if in_the_way is None]
        async with house.storage.begin() as connection:
            held = (await connection.execute(desk_tables.claims.select().where(desk_tables.claims.c.active))).all()
        mine = [c for c in held if c.company_key == f"customer{n}.example"]
        assert sorted(c.product for c in mine) == sorted(won.products)
        assert {c.number for c in mine} == {won.number}
    await other.aclose()


async def _claim(database: Database, registration: Registration, ready: asyncio.Barrier) -> Claim | None:
    async with database.begin() as connection:
        await ready.wait()
        in_the_way = await claims.claim(connection, registration, TODAY)
        if in_the_way is None:
            until = TODAY + timedelta(days=90)
            accepted = replace(registration, state=RegistrationState.APPROVED, protected_until=until)
            await registrations.save(connection, accepted)
        return in_the_way


async def test_who_comes_while_the_other_is_still_undecided_waits_and_gets_it_when_that_is_undone(
    house: House,
) -> None:
    mine, theirs = await house.submitted("D-1", FIRST), await house.submitted("D-2", SECOND)
    other = Database(house.storage.postgres)
    try:
        async with house.storage.connect() as connection:
            undone = await connection.begin()
            assert await claims.claim(connection, mine, TODAY) is None
            waiting = asyncio.create_task(_claim(other, theirs, asyncio.Barrier(1)))
            await asyncio.sleep(0.2)
            assert not waiting.done()
            await undone.rollback()
            assert await waiting is None
    finally:
        await other.aclose()


async def test_a_claim_ends_with_the_state_and_another_may_have_the_customer(house: House) -> None:
    mine = await house.accepted("D-1", FIRST)
    theirs = await house.submitted("D-2", SECOND)
    async with house.storage.begin() as connection:
        assert await claims.claim(connection, theirs, TODAY) is not None
        holder = await claims.holder(connection, "vega.example", "Lumora Insights")
    assert holder is not None
    assert holder.number == "D-1"
    for state in (RegistrationState.WITHDRAWN, RegistrationState.EXPIRED, RegistrationState.DECLINED):
        await house.kept(replace(mine, state=state))
        async with house.storage.begin() as connection:
            assert await claims.holder(connection, "vega.example", "Lumora Insights") is None
            assert await claims.claim(connection, mine, TODAY) is None
