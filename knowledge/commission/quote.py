"""A deal's figure for callers that have a partner and nothing else; `expecting` is the same with all that is known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from crm.records import Partner
from knowledge.commission.account import Account
from knowledge.commission.derivation import Derivation, NoQuote
from knowledge.commission.exchange import ExchangeRate, RateTable
from knowledge.commission.expecting import expect
from knowledge.commission.worth import DealLike
from knowledge.program import Program
from knowledge.programs import Programs

__all__ = ["DealLike", "quote"]


def quote(
    program: Program, partner: Partner, deal: DealLike, today: date, *, exchange: Decimal | None = None
) -> Derivation | NoQuote:
    """What `deal` would earn; `exchange` is what one unit of its currency is worth in the program's."""
    known = [ExchangeRate(deal.amount.currency, today, exchange, "")] if exchange and deal.amount else []
    rates = RateTable.of(program.vendor.currency, known)
    return expect(Programs((program,)), Account(partner), deal, rates, today)
