"""Partners in a database as `partners import` leaves them, and what partners sent since."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.bootstrap import storage
from bot.bootstrap.office import Office
from bot.storage import mirror, registrations
from bot.storage.inbox import Arrival, Inbox, InboxState, mark
from config import load_settings
from crm.money import Money
from crm.records import AmountBasis, Channel, Deal, Partner, Registration, RegistrationState, Stage

T = TypeVar("T")

PARTNERS = """\
partner;types;tier;region;country;language;contact_name;contact_email;contact_opted_out
Quaywise Advisory;referral;Registered;UK & Ireland;IE;en;Aoife Brannigan;aoife@quaywise.example;
;;;;;;Declan Moyne;declan@quaywise.example;yes
Lindgrün;reseller;Elite;DACH;DE;de;Mareike Aßmuth;m.assmuth@lindgruen.example;
"""


def write_partners(folder: Path) -> Path:
    file = folder / "partners.csv"
    file.write_text(PARTNERS, encoding="utf-8")
    return file


async def save_won_deal(at: Office, customer: str) -> str:
    """A deal of Quaywise, won on 1 September 2026 for EUR 24,000 a year; its partner's id."""
    async with at.database.begin() as connection:
        partners = await mirror.everyone(connection, Partner)
    owner = next(p.id for p in partners if p.name.startswith("Quaywise"))
    await at.crm.save_deal(
        Deal(
            "d-1", "D-10482", owner, customer, "harbour.example", ("Lumora Core",),
            Money(Decimal(24000), "EUR"), AmountBasis.ANNUAL, Stage.WON, date(2026, 9, 1), date(2026, 8, 1),
            won_on=date(2026, 9, 1),
        )
    )  # fmt: skip
    return owner


def on(url: str, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    """What `work` gives, done in one transaction on the database."""

    async def run() -> T:
        async with (
            storage(load_settings(environ={"DATABASE_URL": url})) as (database, _),
            database.begin() as connection,
        ):
            return await work(connection)

    return asyncio.run(run())


def submit(url: str, number: str = "D-10482", amount: Decimal = Decimal(17280)) -> None:
    """A registration of Quaywise that waits for a decision."""

    async def put(connection: AsyncConnection) -> None:
        partners = await mirror.everyone(connection, Partner)
        partner = next(p for p in partners if p.name.startswith("Quaywise"))
        await registrations.save(
            connection,
            Registration(
                number=number,
                partner_id=partner.id,
                contact_id=None,
                state=RegistrationState.SUBMITTED,
                customer="Harbour [red]Foods",
                customer_domain="harbourfoods.example",
                amount=amount,
                currency="EUR",
                decide_by=date(2026, 11, 27),
            ),
        )

    on(url, put)


def shunt(url: str, error: str, sender: str = "x@y.example") -> str:
    """A message that was accepted and could not be read; its id."""
    arrival = Arrival(Channel.EMAIL, b"raw", {"mail_from": sender}, datetime(2026, 11, 26, tzinfo=UTC), "x")

    async def run() -> None:
        async with storage(load_settings(environ={"DATABASE_URL": url})) as (database, queue):
            await Inbox(database, queue).accept([arrival])
            async with database.begin() as connection:
                await connection.execute(text("delete from procrastinate_jobs"))
                await mark(connection, arrival.id, InboxState.SHUNTED, error=error)

    asyncio.run(run())
    return arrival.id


def hold(url: str, sender: str, subject: str) -> str:
    """A mail that nothing proves and that waits for a manager; its id."""
    arrival = Arrival(Channel.EMAIL, b"raw", {"mail_from": sender}, datetime(2026, 11, 26, tzinfo=UTC), sender)
    said = {"sender": {"address": sender}, "subject": subject, "text": "Where do our deals stand?"}

    async def run() -> None:
        async with storage(load_settings(environ={"DATABASE_URL": url})) as (database, queue):
            await Inbox(database, queue).accept([arrival])
            async with database.begin() as connection:
                await connection.execute(text("delete from procrastinate_jobs"))
                await mark(
                    connection, arrival.id, InboxState.HELD, sender=sender, message=said, outcome="not_verified_claimed"
                )

    asyncio.run(run())
    return arrival.id
