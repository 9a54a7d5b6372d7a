"""Takes up what a billing system tells, once each: to the mirror and the CRM's outbox in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.payouts.billed import Waits, ids_of, payments_of
from bot.payouts.selling import selling
from bot.storage import invoice_events, ledger, mirror, outbox, tasks
from bot.storage.crm_writes import payment_row
from bot.storage.database import Database
from bot.storage.outbox import Destination
from bot.storage.queue import Queue
from bot.vocabulary.billing import InvoiceEvent, Taken
from crm.csv_sums import by_name
from crm.records import Payment
from knowledge.programs import Programs

_LONG = timedelta(days=1)  # that a refund may come before its payment


@dataclass(frozen=True, slots=True)
class BillingDesk:
    database: Database
    queue: Queue
    programs: Programs
    now: Callable[[], datetime]

    async def take(self, event: InvoiceEvent) -> Taken:
        """Committed when this returns; the same event again changes nothing."""
        async with self.database.begin() as connection:
            await invoice_events.one_at_a_time(connection)
            kept = await invoice_events.keep(connection, event)
            if kept is not event:
                return Taken.KNOWN if kept == event else Taken.CONFLICT
            taken = await self._try(connection, event)
            if taken is Taken.TAKEN:
                await self._take_up(connection)
        if taken is Taken.TAKEN:
            await self.queue.deliver(Destination.CRM)
        return taken

    async def take_up(self) -> int:
        """Events that waited, and whose deal or payment is there by now; how many."""
        async with self.database.begin() as connection:
            if not await invoice_events.any_waiting(connection):
                return 0
            await invoice_events.one_at_a_time(connection)
            done = await self._take_up(connection)
            for event, waits_for in await invoice_events.waiting_since(connection, self.now() - _LONG):
                said = f"A refund of invoice {event.invoice!r} waits for the payment {waits_for!r}, which never came"
                await self._ask(connection, event, said)
        if done:
            await self.queue.deliver(Destination.CRM)
        return done

    async def _take_up(self, connection: AsyncConnection) -> int:
        """Until nothing more can be: what is taken up may be what another one waits for."""
        done = 0
        seen: set[str] = set()
        while events := [e for e in await invoice_events.awaited(connection) if e.id not in seen]:
            for event in events:
                seen.add(event.id)
                done += await self._try(connection, event) is Taken.TAKEN
        return done

    async def _try(self, connection: AsyncConnection, event: InvoiceEvent) -> Taken:
        sold = selling(self.programs.at(self.now()))
        deal = by_name(await mirror.deals_named(connection, [event.deal])).get(event.deal.casefold())
        paid = await mirror.of_deals(connection, Payment, [deal.id]) if deal else ()
        others = await mirror.some(connection, Payment, ids_of(event))
        found = payments_of(event, deal, paid, others, sold)
        if isinstance(found, Waits):
            await invoice_events.wait(connection, event.id, found.waits_for)
            if found.task:
                await self._ask(connection, event, f"{found.task}. It is kept, and counted once the CRM has it right.")
            return Taken.WAITING
        await self._write(connection, event, found, {payment.id: payment for payment in others})
        return Taken.TAKEN

    async def _write(
        self,
        connection: AsyncConnection,
        event: InvoiceEvent,
        payments: tuple[Payment, ...],
        known: dict[str, Payment],
    ) -> None:
        news = [payment for payment in payments if known.get(payment.id) != payment]
        await mirror.store(connection, news)
        await outbox.put(connection, [payment_row(payment, event.id) for payment in news])
        await invoice_events.done(connection, event.id)
        await tasks.close_keyed(connection, _task(event), "billing")
        for payment in news:
            said = {"event": event.id, "payment": payment.id, "amount": str(payment.amount.amount)}
            body = said | {"currency": payment.amount.currency, "deal": payment.deal_id}
            await ledger.append(connection, event.kind.value, "billing", body, partner_id=payment.partner_id or None)

    async def _ask(self, connection: AsyncConnection, event: InvoiceEvent, said: str) -> None:
        await tasks.open_task(connection, _task(event), "notice", said)


def _task(event: InvoiceEvent) -> str:
    return f"billing:{event.id}"
