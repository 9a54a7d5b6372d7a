"""What is known of a partner's commission and statements when it asks, and what an invoice of it says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from crm.money import Money
from knowledge.commission.account import Account
from knowledge.commission.exchange import RateTable
from knowledge.commission.statement import Dispute, StatedLine, Statement
from knowledge.programs import Programs


@dataclass(frozen=True, slots=True)
class MoneyFacts:
    """The asking partner's own and nobody else's. `lines` are the posted ones with where they stand, `statements` all
    that were ever issued, the latest first; what is not posted yet the engine computes from `account`.
    """

    programs: Programs
    rates: RateTable
    account: Account
    lines: tuple[StatedLine, ...] = ()
    statements: tuple[Statement, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    earlier_tiers: tuple[TierChange, ...] = ()


@dataclass(frozen=True, slots=True)
class TierChange:
    """A change of tier that was made, and why in a word (review, crm, or a manager's reason)."""

    since: date
    was: str
    tier: str
    reason: str


@dataclass(frozen=True, slots=True)
class InvoiceRead:
    """What was read from an invoice: each part None or "" where the document does not say it plainly.

    `net` is without VAT, `vat` the tax, `total` with it. `statement` is the number of a statement that it names.
    """

    number: str = ""
    issued_on: date | None = None
    net: Money | None = None
    vat: Money | None = None
    total: Money | None = None
    vat_percent: Decimal | None = None
    statement: str = ""
    file: str = ""
