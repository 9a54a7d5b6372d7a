"""The mirror holds what commission rests on, and shows a partner's part in a deal of others for commission alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.storage import mirror
from bot.storage.database import Database
from crm.money import Money
from crm.records import Attribution, Deal, DealPartner, Milestone, MilestoneKind, Payment, PaymentKind, PaymentPart
from tests.builders import deal, partner

PAYMENT = Payment(
    "pay-1", "d-1", "p-1", Money(Decimal("6000.00"), "EUR"), date(2026, 11, 2), PaymentKind.RENEWAL,
    (PaymentPart("Lumora Core", Decimal("6000.00"), PaymentKind.RENEWAL),), date(2026, 11, 1), date(2027, 1, 31),
    invoice="INV-7",
)  # fmt: skip
GO_LIVE = Milestone("m-1", "p-1", MilestoneKind.GO_LIVE, date(2026, 11, 3), "d-1", value=Decimal("4.19"))
INFLUENCED = (DealPartner("p-2", Attribution.INFLUENCED, Decimal("0.3")),)


async def stored(storage: Database, *records: Any) -> None:
    async with storage.begin() as connection:
        await mirror.store(connection, list(records))


def shared(**changes: Any) -> Deal:
    return replace(deal(), id="d-1", others=INFLUENCED, **changes)


async def test_one_look_gives_payments_and_milestones_whole(storage: Database) -> None:
    await stored(storage, partner(), shared(), PAYMENT, GO_LIVE)
    async with storage.begin() as connection:
        held = await mirror.held(connection, "p-1")
    assert held is not None
    assert (held.payments, held.milestones, held.deals) == ((PAYMENT,), (GO_LIVE,), (shared(),))


async def test_a_part_in_anothers_deal_is_found_with_its_payments(storage: Database) -> None:
    await stored(storage, partner(), partner(id="p-2"), shared(), PAYMENT, GO_LIVE, replace(deal(), id="d-2"))
    async with storage.begin() as connection:
        found = await mirror.influenced_by(connection, "p-2")
        ids = [found_deal.id for found_deal in found]
        assert await mirror.of_deals(connection, Payment, ids) == (PAYMENT,)
        assert await mirror.of_deals(connection, Milestone, ids) == (GO_LIVE,)
    assert found == (shared(),)


async def test_nothing_of_it_is_among_the_partners_own(storage: Database) -> None:
    await stored(storage, partner(), partner(id="p-2"), shared(), PAYMENT, GO_LIVE)
    async with storage.begin() as connection:
        held = await mirror.held(connection, "p-2")
        assert await mirror.of_partner(connection, Deal, "p-2") == ()
    assert held is not None
    assert (held.deals, held.payments, held.milestones) == ((), (), ())


async def test_the_owner_has_no_part_beside_its_own(storage: Database) -> None:
    await stored(storage, replace(shared(), others=(DealPartner("p-1", Attribution.INFLUENCED),)))
    async with storage.begin() as connection:
        assert await mirror.influenced_by(connection, "p-1") == ()


async def test_a_deal_of_the_vendors_own_may_have_been_influenced(storage: Database) -> None:
    await stored(storage, shared(partner_id=""))
    async with storage.begin() as connection:
        assert await mirror.influenced_by(connection, "p-2") == (shared(partner_id=""),)


@pytest.mark.parametrize("name", ["", "p", "p-2%", "p-22", '"p-2"', "' or true --"])
async def test_only_the_very_partner_has_a_part(storage: Database, name: str) -> None:
    await stored(storage, shared())
    async with storage.begin() as connection:
        assert await mirror.influenced_by(connection, name) == ()


async def test_no_deal_has_no_payments(storage: Database) -> None:
    await stored(storage, replace(GO_LIVE, deal_id=""))
    async with storage.begin() as connection:
        assert await mirror.of_deals(connection, Milestone, [""]) == ()


@pytest.mark.parametrize("record", [shared(next_step="x"), PAYMENT, GO_LIVE, replace(shared(), others=())])
async def test_who_has_a_part_starts_again_when_something_of_the_deal_changes(storage: Database, record: Any) -> None:
    await stored(storage, shared())
    async with storage.begin() as connection:
        before = await mirror.version(connection, "p-2")
    await stored(storage, record)
    async with storage.begin() as connection:
        assert await mirror.version(connection, "p-2") == before + 1
