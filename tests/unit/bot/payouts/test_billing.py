"""What a billing system tells counts once, in whatever order it comes, and reaches the CRM."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import make_url, select

from bot.payouts.billing import BillingDesk
from bot.storage import mirror, outbox, tasks
from bot.storage.crm_writes import write
from bot.storage.database import Database
from bot.storage.outbox import Destination
from bot.storage.postgres import Postgres
from bot.storage.queue import Queue
from bot.storage.tables import ledger
from bot.vocabulary.billing import InvoiceEvent, InvoiceEventKind, InvoiceLine, Taken
from bot.worker.mirroring import MirrorJob
from crm.money import Money
from crm.records import Deal, Payment, PaymentKind, PaymentPart
from knowledge.programs import Programs
from tests.builders import NOW, deal, partner, program
from tests.fakes.crm import InMemoryCrm

SOLD = replace(deal(), id="d-1", number="D-10482", products=("Lumora Core",), amount=Money(Decimal(24000), "EUR"))
PAID = InvoiceEvent(
    "evt-1", InvoiceEventKind.PAID, "pay-1", "INV-7", "D-10482", date(2026, 10, 12), Money(Decimal("6000.00"), "EUR")
)
REFUND = InvoiceEvent(
    "evt-2", InvoiceEventKind.REFUNDED, "ref-1", "INV-7-C", "D-10482", date(2026, 10, 20),
    Money(Decimal("1000.00"), "EUR"), refund_of="pay-1",
)  # fmt: skip


class Shop:
    """A billing desk with a database, a mirror and a CRM."""

    def __init__(self, storage: Database, queue: Queue) -> None:
        self.storage, self.crm, self.now = storage, InMemoryCrm(), NOW
        self.desk = BillingDesk(storage, queue, Programs((program(),)), lambda: self.now)
        self.follow = MirrorJob(storage, self.crm, billing=self.desk)

    async def sell(self, *deals: Deal) -> None:
        """The CRM has the deal, and the mirror has looked."""
        await self.crm.save_partner(partner())
        for one in deals:
            await self.crm.save_deal(one)
        await self.follow()

    async def payments(self) -> dict[str, Payment]:
        async with self.storage.begin() as connection:
            return {payment.id: payment for payment in await mirror.everyone(connection, Payment)}

    async def deliver(self) -> None:
        """What waits in the outbox goes to the CRM."""
        async with self.storage.begin() as connection:
            for row in await outbox.due(connection, Destination.CRM):
                await write(self.crm, row.kind, row.payload)

    async def asked(self) -> list[str]:
        async with self.storage.begin() as connection:
            return [task.summary for task in await tasks.open_tasks(connection)]


@pytest.fixture
async def shop(database: str) -> AsyncIterator[Shop]:
    storage = Database(Postgres(make_url(database), "a test's"))
    queue = Queue(storage.postgres)
    await queue.open()
    yield Shop(storage, queue)
    await queue.aclose()
    await storage.aclose()


async def test_a_payment_counts_at_once_and_goes_to_the_crm(shop: Shop) -> None:
    await shop.sell(SOLD)
    assert await shop.desk.take(PAID) is Taken.TAKEN
    expected = Payment(
        "pay-1", "d-1", SOLD.partner_id, PAID.net, date(2026, 10, 12), PaymentKind.RECURRING, invoice="INV-7"
    )
    assert await shop.payments() == {"pay-1": expected}
    await shop.deliver()
    assert shop.crm.held("payments") == [expected]
    assert await shop.asked() == []


async def test_the_same_event_again_changes_nothing(shop: Shop) -> None:
    await shop.sell(SOLD)
    answers = [await shop.desk.take(PAID) for _ in range(3)]
    assert answers == [Taken.TAKEN, Taken.KNOWN, Taken.KNOWN]
    async with shop.storage.begin() as connection:
        assert len(await outbox.due(connection, Destination.CRM)) == 1
        assert len((await connection.execute(select(ledger).where(ledger.c.kind == "invoice.paid"))).all()) == 1


async def test_the_same_event_at_once_counts_once(shop: Shop) -> None:
    await shop.sell(SOLD)
    answers = await asyncio.gather(*(shop.desk.take(PAID) for _ in range(5)))
    assert sorted(answers) == [Taken.KNOWN] * 4 + [Taken.TAKEN]


async def test_an_id_names_one_event(shop: Shop) -> None:
    await shop.sell(SOLD)
    await shop.desk.take(PAID)
    assert await shop.desk.take(replace(PAID, net=Money(Decimal(1), "EUR"))) is Taken.CONFLICT
    assert (await shop.payments())["pay-1"].amount == PAID.net


async def test_a_payment_told_by_another_event_and_with_another_sum_is_corrected(shop: Shop) -> None:
    await shop.sell(SOLD)
    await shop.desk.take(PAID)
    assert await shop.desk.take(replace(PAID, id="evt-9", net=Money(Decimal(5000), "EUR"))) is Taken.TAKEN
    assert (await shop.payments())["pay-1"].amount == Money(Decimal(5000), "EUR")
    await shop.deliver()
    [kept] = shop.crm.held("payments")
    assert kept.amount == Money(Decimal(5000), "EUR")


@pytest.mark.parametrize("name", ["D-10482", "d-10482", "d-1"])
async def test_a_deal_is_named_by_number_or_id(shop: Shop, name: str) -> None:
    await shop.sell(SOLD)
    assert await shop.desk.take(replace(PAID, deal=name)) is Taken.TAKEN


async def test_lines_are_parts_and_periods_are_payments(shop: Shop) -> None:
    await shop.sell(SOLD)
    later = (date(2027, 10, 1), date(2028, 9, 30))
    first = (date(2026, 10, 1), date(2027, 9, 30))
    lines = (
        InvoiceLine("core", Decimal("14400.00"), None, *later),
        InvoiceLine("Lumora Core", Decimal("14400.00"), PaymentKind.RECURRING, *first),
        InvoiceLine("onboarding", Decimal("9500.00")),
        InvoiceLine("Something else", Decimal("1.00"), PaymentKind.ONE_OFF),
    )
    event = replace(PAID, net=Money(Decimal("38301.00"), "EUR"), lines=lines)
    assert await shop.desk.take(event) is Taken.TAKEN
    found = await shop.payments()
    assert found["pay-1"].parts == (
        PaymentPart("Lumora Core", Decimal("14400.00"), PaymentKind.RECURRING),
        PaymentPart("Onboarding Package", Decimal("9500.00"), PaymentKind.ONE_OFF),
        PaymentPart("Something else", Decimal("1.00"), PaymentKind.ONE_OFF),
    )
    assert (found["pay-1"].period_start, found["pay-1"].period_end) == first
    assert found["pay-1"].amount == Money(Decimal("23901.00"), "EUR")
    assert (found["pay-1#2"].period_start, found["pay-1#2"].amount.amount) == (later[0], Decimal("14400.00"))
    back = replace(
        REFUND, net=Money(Decimal("14400.00"), "EUR"), lines=(InvoiceLine("core", Decimal("14400.00"), None, *later),)
    )
    assert await shop.desk.take(back) is Taken.TAKEN
    refund = (await shop.payments())["ref-1"]
    assert (refund.refunds, refund.amount.amount, refund.parts[0].amount) == (
        "pay-1#2",
        Decimal(-14400),
        Decimal(-14400),
    )


async def test_a_refund_is_below_zero_and_names_what_it_pays_back(shop: Shop) -> None:
    await shop.sell(SOLD)
    await shop.desk.take(PAID)
    assert await shop.desk.take(REFUND) is Taken.TAKEN
    refund = (await shop.payments())["ref-1"]
    assert (refund.amount, refund.refunds) == (Money(Decimal("-1000.00"), "EUR"), "pay-1")


async def test_a_refund_before_its_payment_waits_and_is_taken_up_with_it(shop: Shop) -> None:
    await shop.sell(SOLD)
    assert await shop.desk.take(REFUND) is Taken.WAITING
    assert await shop.payments() == {}
    assert await shop.desk.take(PAID) is Taken.TAKEN
    assert set(await shop.payments()) == {"pay-1", "ref-1"}
    assert await shop.desk.take(REFUND) is Taken.KNOWN


async def test_a_refund_that_comes_at_the_same_time_as_its_payment_is_not_lost(shop: Shop) -> None:
    await shop.sell(SOLD)
    await asyncio.gather(shop.desk.take(REFUND), shop.desk.take(PAID))
    assert set(await shop.payments()) == {"pay-1", "ref-1"}


async def test_a_refund_waits_for_a_payment_that_comes_through_the_crm(shop: Shop) -> None:
    await shop.sell(SOLD)
    await shop.desk.take(REFUND)
    await shop.crm.save_payment(Payment("pay-1", "d-1", SOLD.partner_id, PAID.net, PAID.paid_on))
    await shop.follow()
    assert set(await shop.payments()) == {"pay-1", "ref-1"}


async def test_a_refund_whose_payment_never_comes_is_asked_about_after_a_day(shop: Shop) -> None:
    await shop.sell(SOLD)
    await shop.desk.take(REFUND)
    await shop.follow()
    assert await shop.asked() == []
    shop.now = NOW + timedelta(days=400)
    await shop.follow()
    await shop.follow()
    [asked] = await shop.asked()
    assert "waits for the payment 'pay-1', which never came" in asked


async def test_a_payment_of_an_unknown_deal_is_kept_asked_about_and_counted_when_the_deal_comes(shop: Shop) -> None:
    assert await shop.desk.take(PAID) is Taken.WAITING
    assert await shop.desk.take(REFUND) is Taken.WAITING
    asked = await shop.asked()
    assert any("INV-7' over 6000.00 EUR names the deal 'D-10482', which is not in the CRM" in one for one in asked)
    await shop.sell(SOLD)
    assert set(await shop.payments()) == {"pay-1", "ref-1"}
    assert await shop.asked() == []
    assert await shop.desk.take_up() == 0


async def test_a_payment_in_another_currency_than_the_deal_waits_for_a_person(shop: Shop) -> None:
    await shop.sell(SOLD)
    dollars = replace(PAID, net=Money(Decimal(6000), "USD"))
    assert await shop.desk.take(dollars) is Taken.WAITING
    [asked] = await shop.asked()
    assert "is in USD, and D-10482 was sold in EUR" in asked
    await shop.sell(replace(SOLD, amount=Money(Decimal(24000), "USD")))
    assert set(await shop.payments()) == {"pay-1"}
    assert await shop.asked() == []


async def test_a_payment_never_moves_to_another_deal(shop: Shop) -> None:
    await shop.sell(SOLD, replace(SOLD, id="d-2", number="D-20000"))
    await shop.desk.take(PAID)
    assert await shop.desk.take(replace(PAID, id="evt-9", deal="D-20000")) is Taken.WAITING
    assert (await shop.payments())["pay-1"].deal_id == "d-1"
    [asked] = await shop.asked()
    assert "another deal's" in asked


async def test_a_refund_never_takes_the_place_of_its_payment(shop: Shop) -> None:
    await shop.sell(SOLD)
    await shop.desk.take(PAID)
    assert await shop.desk.take(replace(REFUND, payment="pay-1")) is Taken.WAITING
    assert (await shop.payments())["pay-1"].amount == PAID.net
    [asked] = await shop.asked()
    assert "need an id each" in asked
    assert await shop.desk.take(replace(REFUND, id="evt-3")) is Taken.TAKEN
    assert await shop.desk.take(replace(PAID, id="evt-4", payment="ref-1")) is Taken.WAITING
    assert (await shop.payments())["ref-1"].amount == -REFUND.net


async def test_a_payment_that_is_told_again_with_fewer_periods_does_not_count_twice(shop: Shop) -> None:
    await shop.sell(SOLD)
    years = [(date(year, 10, 1), date(year + 1, 9, 30)) for year in (2026, 2027)]
    lines = tuple(InvoiceLine("core", Decimal(3000), None, *year) for year in years)
    await shop.desk.take(replace(PAID, lines=lines))
    before = await shop.payments()
    assert await shop.desk.take(replace(PAID, id="evt-9")) is Taken.WAITING
    assert await shop.payments() == before
    [asked] = await shop.asked()
    assert "leaves out what was told of pay-1#2 before" in asked


async def test_a_refund_of_another_deals_payment_does_not_count(shop: Shop) -> None:
    await shop.sell(SOLD, replace(SOLD, id="d-2", number="D-20000"))
    await shop.desk.take(PAID)
    assert await shop.desk.take(replace(REFUND, deal="D-20000")) is Taken.WAITING
    assert set(await shop.payments()) == {"pay-1"}


async def test_what_is_paid_on_the_vendors_own_deal_is_nobodys(shop: Shop) -> None:
    await shop.sell(replace(SOLD, partner_id=""))
    assert await shop.desk.take(PAID) is Taken.TAKEN
    await shop.deliver()
    assert [payment.partner_id for payment in shop.crm.held("payments")] == [""]


async def test_whoever_had_read_the_partners_money_starts_again(shop: Shop) -> None:
    await shop.sell(SOLD)
    async with shop.storage.begin() as connection:
        before = await mirror.version(connection, SOLD.partner_id)
    await shop.desk.take(PAID)
    async with shop.storage.begin() as connection:
        assert await mirror.version(connection, SOLD.partner_id) == before + 1
