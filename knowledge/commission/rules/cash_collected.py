"""Trigger: cash collected on the deal, of the kinds and for the products that the plan names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field

from crm.records import PaymentKind
from knowledge.commission.case import Case
from knowledge.commission.cash import Cash
from knowledge.commission.derivation import Step
from knowledge.commission.rate_line import RateKey, RateLine
from knowledge.commission.rule import NOTHING, Entry, Nothing
from knowledge.commission.telling import paid
from knowledge.values import Checked


class CashCollected(Checked):
    """`kinds` of payments, `only_products` of them where named; `statements_of_work` adds work without a product."""

    rule: ClassVar[str] = "cash_collected"
    cash: ClassVar[bool] = True
    kinds: Annotated[tuple[PaymentKind, ...], Field(min_length=1)] = tuple(PaymentKind)
    only_products: tuple[str, ...] = ()
    statements_of_work: bool = False

    def entries(self, case: Case) -> Iterator[Entry | Nothing]:
        for cash in case.cash:
            found = self._entry(case, cash)
            if found is not None:
                yield found

    def _entry(self, case: Case, cash: Cash) -> Entry | None:
        items = [(item.product, item.amount) for item in cash.items if self.covers(item.product, item.kind)]
        if not items:
            return None
        amount = items[0][1] if len(items) == 1 else sum((part for _, part in items), start=NOTHING)
        return Entry(case, cash.event, cash.on, cash.currency, amount, items, cash, piece=cash.piece)

    def tells(self, entry: Entry) -> Step:
        return paid(entry, self.rule)

    def covers(self, product: str, kind: PaymentKind) -> bool:
        if kind not in self.kinds:
            return False
        return not self.only_products or product in self.only_products or (self.statements_of_work and not product)

    def products(self) -> tuple[str, ...]:
        return self.only_products

    def rated(self, line: RateLine) -> RateLine:
        """A rate on named products is told with their names."""
        if not self.only_products or "rate" not in line.values:
            return line
        key = RateKey.SERVICES_VALUE if self.statements_of_work else RateKey.PRODUCTS_VALUE
        return RateLine(key, {**line.values, "products": self.only_products})

    def lines(self) -> tuple[RateLine, ...]:
        """What is not paid for; a plan for named products only has said so with its rate."""
        if self.only_products:
            return ()
        left_out = ((PaymentKind.ONE_OFF, RateKey.ONE_OFF_EXCLUDED), (PaymentKind.RENEWAL, RateKey.RENEWALS_EXCLUDED))
        return tuple(RateLine(key) for kind, key in left_out if kind not in self.kinds)
