"""Accepting and refusing: by who may, once, and never a customer and product to two partners."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.bootstrap.deal_desk import deal_desk
from bot.desk.deciding import RegistrationDesk
from bot.storage import mirror, registrations
from bot.storage.database import Database
from bot.storage.queue import Queue
from bot.vocabulary.results import Done, NotDone
from crm.records import Deal, Partner, Registration, RegistrationState, Stage
from tests.builders import NOW, contact, deal, partner, program, registration
from tests.fakes.crm import InMemoryCrm, Mood
from tests.unit.bot.storage.conftest import queue, storage

__all__ = ["queue", "storage"]

NOOR, JONAS = "noor@lumora.example", "jonas@lumora.example"
FIRST = partner(id="p-1", name="Brightpath", region="Benelux")
SECOND = partner(id="p-2", name="Harbour", region="DACH")


@pytest.fixture
async def crm(storage: Database) -> InMemoryCrm:
    made = InMemoryCrm()
    people = (
        contact(id="c-1", partner_id="p-1", email="a@brightpath.example"),
        contact(id="c-2", partner_id="p-2", email="b@harbour.example"),
    )
    for one in (FIRST, SECOND):
        await made.save_partner(one)
    async with storage.begin() as connection:
        await mirror.store(connection, [FIRST, SECOND, *people])
    return made


@pytest.fixture
def desk(storage: Database, queue: Queue, crm: InMemoryCrm) -> RegistrationDesk:
    return deal_desk(storage, queue, crm, program(), lambda: NOW, "lumora.example").registrations


async def submitted(storage: Database, number: str, owner: Partner, **changes: object) -> Registration:
    made = replace(
        registration(
            number=number, partner_id=owner.id, contact_id=f"c-{owner.id[-1]}", state=RegistrationState.SUBMITTED
        ),
        submitted_at=NOW,
        **changes,  # type: ignore[arg-type]
    )
    async with storage.begin() as connection:
        await registrations.save(connection, made)
    return made


async def state(storage: Database, number: str) -> RegistrationState:
    async with storage.begin() as connection:
        kept = await registrations.find(connection, number)
    assert kept is not None
    return kept.registration.state


async def test_what_is_accepted_becomes_a_deal_under_the_same_number(desk: RegistrationDesk, storage: Database) -> None:
    await submitted(storage, "D-10001", FIRST)
    assert isinstance(await desk.approve("d-10001 ", NOOR), Done)
    async with storage.begin() as connection:
        deals = await mirror.of_partner(connection, Deal, "p-1")
        kept = await registrations.find(connection, "D-10001")
    assert [(d.number, d.stage) for d in deals] == [("D-10001", Stage.QUALIFIED)]
    assert kept is not None
    assert kept.registration.protected_until is not None
    assert (kept.registration.protected_until - NOW.date()).days == 90


async def test_deciding_twice_in_two_places_acts_once(desk: RegistrationDesk, storage: Database) -> None:
    await submitted(storage, "D-10001", FIRST)
    results = await asyncio.gather(*(desk.approve("D-10001", NOOR) for _ in range(4)))
    assert sorted(type(r).__name__ for r in results) == ["Done", "NotDone", "NotDone", "NotDone"]
    again = await desk.refuse("D-10001", NOOR, "too late")
    assert isinstance(again, NotDone)
    assert "approved already by noor" in again.text


async def test_a_customer_and_product_are_given_to_one_partner_only(desk: RegistrationDesk, storage: Database) -> None:
    await submitted(storage, "D-10001", FIRST)
    await submitted(storage, "D-10002", SECOND)
    results = await asyncio.gather(desk.approve("D-10001", NOOR), desk.approve("D-10002", NOOR))
    assert sorted(type(r).__name__ for r in results) == ["Done", "NotDone"]
    (refusal,) = [r for r in results if isinstance(r, NotDone)]
    assert "protects this customer and product" in refusal.text


async def test_another_product_of_the_same_customer_is_free(desk: RegistrationDesk, storage: Database) -> None:
    await submitted(storage, "D-10001", FIRST, products=("Lumora Core",))
    await submitted(storage, "D-10002", SECOND, products=("Lumora Assist",))
    assert isinstance(await desk.approve("D-10001", NOOR), Done)
    # The deal that the first became is younger than the second registration, so it is in nobody's way.
    assert isinstance(await desk.approve("D-10002", NOOR), Done)


async def test_an_older_open_deal_with_the_customer_stands_in_the_way(
    desk: RegistrationDesk, storage: Database, crm: InMemoryCrm
) -> None:
    wanted = await submitted(storage, "D-10001", FIRST)
    older = replace(
        deal(number="D-777", partner_id="p-2", customer_domain=wanted.customer_domain, stage=Stage.PROPOSAL),
        created_on=date(2026, 1, 5),
    )
    await crm.save_deal(older)
    result = await desk.approve("D-10001", NOOR)
    assert isinstance(result, NotDone)
    assert "older" in result.text
    assert await state(storage, "D-10001") is RegistrationState.SUBMITTED


@pytest.mark.parametrize(
    ("owner", "changes", "why"),
    [
        (FIRST, {}, "decides for DACH"),
        (SECOND, {"amount": 100_001}, "up to EUR 100,000"),
        (SECOND, {"currency": "USD"}, "another currency"),
    ],
)
async def test_a_manager_decides_what_is_his(
    desk: RegistrationDesk, storage: Database, owner: Partner, changes: dict[str, object], why: str
) -> None:
    given = {k: Decimal(v) if isinstance(v, int) else v for k, v in changes.items()}
    await submitted(storage, "D-10001", owner, **given)
    result = await desk.approve("D-10001", JONAS)
    assert isinstance(result, NotDone)
    assert why in result.text


async def test_nothing_is_granted_while_the_crm_cannot_be_read(
    desk: RegistrationDesk, storage: Database, crm: InMemoryCrm
) -> None:
    await submitted(storage, "D-10001", FIRST)
    crm.mood = Mood.UNAVAILABLE
    result = await desk.approve("D-10001", NOOR)
    assert isinstance(result, NotDone)
    assert await state(storage, "D-10001") is RegistrationState.SUBMITTED


@pytest.mark.parametrize(("by", "why"), [("somebody@else.example", "no manager"), (NOOR, "no registration")])
async def test_a_stranger_or_an_unknown_number_is_told_apart(desk: RegistrationDesk, by: str, why: str) -> None:
    result = await desk.approve("D-99999", by)
    assert isinstance(result, NotDone)
    assert why in result.text


async def test_a_refusal_needs_a_reason(desk: RegistrationDesk, storage: Database) -> None:
    await submitted(storage, "D-10001", FIRST)
    assert isinstance(await desk.refuse("D-10001", NOOR, " \n "), NotDone)
    assert isinstance(await desk.refuse("D-10001", NOOR, "The customer asked us not to."), Done)
    assert await state(storage, "D-10001") is RegistrationState.DECLINED


async def test_a_draft_is_not_decided(desk: RegistrationDesk, storage: Database) -> None:
    await submitted(storage, "D-10001", FIRST, state=RegistrationState.DRAFT)
    result = await desk.approve("D-10001", NOOR)
    assert isinstance(result, NotDone)
    assert "draft" in result.text
