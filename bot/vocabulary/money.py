"""What is known of a partner's commission and statements when it asks, and what an invoice of it says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from crm.money import Money
from knowledge.commission.account import Account
from knowledge.commission.exchange import RateTable
from knowledge.commission.statement import Dispute, StatedLine, Statement
from knowledge.programs import Programs
from knowledge.tier_review import Notice


@dataclass(frozen=True, slots=True)
class MoneyFacts:
    """The asking partner's own and nobody else's. `lines` are the posted ones with where they stand, `statements` all
    that were ever issued, the latest first; what is not posted yet the engine computes from `account`. `earlier_tiers`
    are all changes of tier, the oldest first; `tier_notice` is the one that stands.
    """

    programs: Programs
    rates: RateTable
    account: Account
    lines: tuple[StatedLine, ...] = ()
    statements: tuple[Statement, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    earlier_tiers: tuple[TierChange, ...] = ()
    tier_notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class TierChange:
    """A change of tier that was made, and why in a word (review, crm, or a manager's reason)."""

    since: date
    was: str
    tier: str
    reason: str


class InvoiceFault(StrEnum):
    """Why nothing was read from a document; each has a text of its own.

    encrypted (asks for a password), no_text (pictures of pages only), too_large (pages, bytes or time beyond the
    limits), broken (no document that can be opened), no_invoice (it says nothing that an invoice says).
    """

    ENCRYPTED = "encrypted"
    NO_TEXT = "no_text"
    TOO_LARGE = "too_large"
    BROKEN = "broken"
    NO_INVOICE = "no_invoice"


@dataclass(frozen=True, slots=True)
class InvoiceRead:
    """What was read from an invoice: each part None or "" where the document does not say it plainly.

    `net` is without VAT, `vat` the tax, `total` with it. `statement` is the number of a statement that it names,
    `purchase_order` that of the vendor's order. `credit_note` where the document takes back instead of asking for
    money. Where there is a `fault`, nothing else is known but the `file`.
    """

    number: str = ""
    issued_on: date | None = None
    net: Money | None = None
    vat: Money | None = None
    total: Money | None = None
    vat_percent: Decimal | None = None
    statement: str = ""
    file: str = ""
    purchase_order: str = ""
    credit_note: bool = False
    fault: InvoiceFault | None = None
