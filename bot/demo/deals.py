"""Makes a demo partner's deals for a given day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import cycle
from random import Random

from bot.demo.calendar import in_quarter, last_month, quarter_starts
from bot.demo.files import QUARTERS, PartnerFile, RegistrationTable, SoldTable
from bot.demo.numbers import Numbers
from bot.demo.pricing import PriceList
from crm.money import Money
from crm.records import AmountBasis, Attribution, Deal, DealPartner, Stage

_NEXT_STEPS = {
    Stage.QUALIFIED: "Demo for the customer's team",
    Stage.PROPOSAL: "Waiting for the customer's feedback on the proposal",
    Stage.NEGOTIATION: "Contract with the customer's legal department",
    Stage.ON_HOLD: "Customer decides after the budget round",
}
_LOST_FOR = "Customer stays with its present supplier"
_NOTES = ("Champion changed jobs; keep an eye on it.", "", "Discount up to 8 % agreed internally.", "")
_PAID_AFTER = timedelta(days=20)
_A_YEAR = timedelta(days=385)
_CREATED_BEFORE = timedelta(days=45)
_SMALL = 9000  # what an open deal is worth at a partner that never won one


class DealMaker:
    """Draws in the same order on every day, so that `today` moves the dates and changes nothing else."""

    def __init__(self, file: PartnerFile, prices: PriceList, numbers: Numbers, today: date) -> None:
        self._file, self._said, self._prices, self._numbers = file, file.deals, prices, numbers
        self._today = today
        self._random = Random(f"partnerline demo {file.partner.key}")  # noqa: S311 - to look random, not a secret
        self._customers = cycle(file.customers.items())
        self._products = cycle(file.deals.products)

    def deals(self) -> tuple[Deal, ...]:
        """Won ones first, the oldest at the start."""
        return (*self._won(), *self._open(), *self._lost())

    def registered(self, registration: RegistrationTable) -> Deal:
        """What a registration of the file is about, as the open deal that it becomes when it is approved."""
        customer = (registration.customer, registration.domain)
        deal = self._deal(customer, registration.products, registration.seats, Stage.PROPOSAL)
        created_on = self._today - timedelta(days=registration.days_ago)
        close_date = self._today + timedelta(days=registration.closes_in)
        return self._under_way(replace(deal, created_on=created_on, close_date=close_date))

    def sold(self, said: SoldTable) -> Deal:
        """A won deal of the file; one that was renewed was won a year earlier."""
        customer = (said.customer, self._file.customers[said.customer])
        deal = self._deal(customer, said.products, said.quantity, Stage.WON)
        assert deal.amount is not None
        paid_on = last_month(self._today) + timedelta(days=said.paid_day - 1)
        won_on = paid_on - (_A_YEAR if said.renewed else _PAID_AFTER)
        others = (DealPartner(f"demo-{said.influenced_by}", Attribution.INFLUENCED),) if said.influenced_by else ()
        return replace(
            deal,
            amount=Money(deal.amount.amount, said.currency or deal.amount.currency),
            created_on=won_on - _CREATED_BEFORE,
            close_date=won_on,
            won_on=won_on,
            stage_since=won_on,
            others=others,
        )

    def _won(self) -> Iterator[Deal]:
        for start, revenue in zip(quarter_starts(self._today, QUARTERS), self._said.revenue, strict=True):
            for value in self._shares(revenue):
                yield self._won_deal(value, in_quarter(start, self._random.randrange(5, 56), self._today))
        if self._said.last_month:
            paid_on = last_month(self._today) + timedelta(days=self._random.randrange(4, 19))
            yield self._won_deal(self._said.last_month, paid_on - timedelta(days=20))

    def _won_deal(self, value: int, won_on: date) -> Deal:
        products = next(self._products)
        deal = self._deal(next(self._customers), products, self._prices.quantity(products, value), Stage.WON)
        created_on = won_on - timedelta(days=self._random.randrange(30, 76))
        return replace(deal, created_on=created_on, close_date=won_on, won_on=won_on, stage_since=won_on)

    def _open(self) -> Iterator[Deal]:
        for stage, _ in zip(cycle(_NEXT_STEPS), range(self._said.open), strict=False):
            created_on = self._today - timedelta(days=self._random.randrange(10, 80))
            close_date = self._today + timedelta(days=self._random.randrange(10, 100))
            yield self._under_way(replace(self._unwon(stage), created_on=created_on, close_date=close_date))

    def _lost(self) -> Iterator[Deal]:
        for _ in range(self._said.lost):
            created_on = self._today - timedelta(days=self._random.randrange(100, 300))
            lost_on = created_on + timedelta(days=60)
            yield replace(
                self._unwon(Stage.LOST), created_on=created_on, close_date=lost_on, stage_since=lost_on,
                lost_reason=_LOST_FOR,
            )  # fmt: skip

    def _under_way(self, deal: Deal) -> Deal:
        """Half of its life in its stage, so that younger deals moved on within the last month and older ones did not; a
        deal in the first stage never moved.
        """
        moved = timedelta() if deal.stage is Stage.QUALIFIED else (self._today - deal.created_on) // 2
        return replace(deal, stage_since=deal.created_on + moved)

    def _unwon(self, stage: Stage) -> Deal:
        products = next(self._products)
        usual = self._said.revenue[-2] // max(self._said.per_quarter, 1) or _SMALL
        quantity = self._prices.quantity(products, usual * self._random.randrange(40, 120) // 100)
        return self._deal(next(self._customers), products, quantity, stage)

    def _deal(self, customer: tuple[str, str], products: tuple[str, ...], quantity: int, stage: Stage) -> Deal:
        """Without its dates."""
        number, basis = self._numbers.next(), self._prices.basis(products)
        return Deal(
            id=f"demo-deal-{number}",
            number=number,
            partner_id=self._file.partner_id,
            customer=customer[0],
            customer_domain=customer[1],
            products=products,
            amount=Money(self._prices.value(products, quantity), self._file.partner.currency),
            amount_basis=basis,
            stage=stage,
            close_date=None,
            created_on=self._today,
            quantity=quantity,
            term_months=self._said.term_months if basis is AmountBasis.ANNUAL else None,
            next_step=_NEXT_STEPS.get(stage, ""),
            attribution=Attribution.INFLUENCED if customer[0] in self._said.influenced else Attribution.SOURCED,
            internal_notes=self._random.choice(_NOTES),
        )

    def _shares(self, total: int) -> list[int]:
        """A quarter's revenue in unequal parts."""
        weights = [self._random.randrange(60, 141) for _ in range(self._said.per_quarter)]
        return [total * weight // sum(weights) for weight in weights]
