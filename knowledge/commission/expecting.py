"""What a deal would earn if it closed as entered, by the rules that pay; nothing here is a promise."""

from __future__ import annotations

from datetime import date

from crm.records import Deal
from knowledge.commission.account import Account
from knowledge.commission.derivation import Derivation, NoQuote
from knowledge.commission.exchange import RateTable
from knowledge.commission.quote import DealLike, quote
from knowledge.programs import Programs


def expect(
    programs: Programs, account: Account, deal: DealLike | Deal, rates: RateTable, today: date
) -> Derivation | NoQuote:
    """What `deal`, on file or made up, would bring the partner in all if it closed today."""
    like = DealLike.of(deal) if isinstance(deal, Deal) else deal
    rate = rates.on(like.amount.currency, today) if like.amount else None
    return quote(programs.on(today), account.partner, like, today, exchange=rate.rate if rate else None)
