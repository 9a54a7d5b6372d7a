"""What the import of payments and milestones asks of the program and of the records there are."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import mirror
from crm.csv_sums import Selling
from crm.records import Partner
from knowledge.program import Program


def selling(program: Program) -> Selling:
    """The program's products by each of their names, and its currencies."""
    named = {alias.casefold(): product.name for product in program.products for alias in product.aliases}
    named |= {product.name.casefold(): product.name for product in program.products}
    once = frozenset(product.name for product in program.products if product.billing == "one_off")
    return Selling(named, once, program.vendor.currencies)


async def partner_named(connection: AsyncConnection, name: str) -> Partner | None:
    """By id, or by name in any case."""
    wanted = name.strip().casefold()
    partners = await mirror.everyone(connection, Partner)
    return next((p for p in partners if wanted in (p.id.casefold(), p.name.casefold())), None)
