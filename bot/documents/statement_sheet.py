"""What stands on a statement that finance can book: parties, lines with derivation, totals and terms, in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from bot.texts.catalogue import Catalogue, catalogue
from crm.money import Money
from knowledge.brand import Brand
from knowledge.commission.account import Line
from knowledge.commission.derivation import Said


@dataclass(frozen=True, slots=True)
class Party:
    """A company as it stands on papers: `name` as in law where that is known, `address` in lines."""

    name: str
    address: tuple[str, ...] = ()
    vat_id: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A line under its number on the statement, with the plan's name in the reader's words, what earned it and how it
    comes about in sentences.
    """

    place: int
    line: Line
    plan: str
    event: str
    derivation: tuple[str, ...]

    @property
    def several_rates(self) -> bool:
        """Whether parts of its base earned at different rates, so that no single one can be named."""
        return self.line.rate is None and any(step.sentence in _PARTS for step in self.line.steps)


_PARTS = (Said.BAND_PART, Said.TIER_POINTS, Said.PRODUCT_POINTS, Said.ACCELERATED)


@dataclass(frozen=True, slots=True)
class PlanTotal:
    """What the lines of one plan come to."""

    plan: str
    version: str
    lines: int
    total: Money


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that holds for the whole statement: how to invoice, when it is paid, what of tax."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class StatementSheet:
    """A statement in one language, ready to be set. `period` is an ISO month; `country` (ISO 3166) says how that
    language writes figures there. `notes` are sentences about the lines as a whole: late ones, a revision.
    `totals` sum up to `total`, which is what the partner invoices. `texts` are those that its labels are taken from.
    """

    number: str
    revision: int
    period: str
    total: Money
    cut_off: date
    issued_on: date | None
    disputable_until: date | None
    payment_days: int
    invoice_to: str
    vendor: Party
    partner: Party
    purchase_order: str
    rows: tuple[SheetRow, ...]
    totals: tuple[PlanTotal, ...]
    notes: tuple[str, ...]
    terms: tuple[Term, ...]
    versions: tuple[str, ...]
    language: str
    country: str
    brand: Brand = field(default_factory=Brand, repr=False)
    texts: Catalogue = field(default_factory=catalogue, repr=False, compare=False)

    @property
    def currency(self) -> str:
        return self.total.currency

    @property
    def file_name(self) -> str:
        """Without an ending; the same statement always has the same name, and a revision one of its own."""
        return self.number + (f"-r{self.revision}" if self.revision > 1 else "")
