"""Makes the vendor's own deals of the demo, in which no partner had a part."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources import files
from itertools import cycle
from random import Random

from pydantic import BaseModel, ConfigDict

from bot.demo.calendar import in_quarter, quarter_starts
from bot.demo.files import QUARTERS
from bot.demo.numbers import Numbers
from bot.demo.pricing import PriceList
from crm.money import Money
from crm.records import AmountBasis, Deal, Stage

_OPEN = (Stage.QUALIFIED, Stage.PROPOSAL, Stage.NEGOTIATION)
_LOST_FOR = ("Customer stays with its present supplier", "No budget this year", "Customer chose a competitor")
_YEAR = 12


class OwnTable(BaseModel):
    """The file's own form; `config/demo/README.md` tells what it means."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    won: int
    lost: int
    open: int
    value: tuple[int, int]
    products: tuple[tuple[str, ...], ...]
    customers: dict[str, str]


def read_own() -> OwnTable:
    file = files("config") / "demo" / "own" / "deals.toml"
    return OwnTable.model_validate(tomllib.loads(file.read_text("utf-8")))


def own_deals(said: OwnTable, prices: PriceList, numbers: Numbers, currency: str, today: date) -> Iterator[Deal]:
    """The same on every day, with other dates."""
    draw = Random("partnerline demo own deals")  # noqa: S311 - to look random, not to be a secret
    customers, products = cycle(said.customers.items()), cycle(said.products)

    def deal(stage: Stage, created_on: date, moved_on: date, closes_on: date, lost_reason: str = "") -> Deal:
        sold, (customer, domain), number = next(products), next(customers), numbers.next()
        low, high = said.value
        quantity = prices.quantity(sold, round(low + (high - low) * draw.random() ** 2))
        basis = prices.basis(sold)
        return Deal(
            id=f"demo-own-{number}",
            number=number,
            partner_id="",
            customer=customer,
            customer_domain=domain,
            products=sold,
            amount=Money(prices.value(sold, quantity), currency),
            amount_basis=basis,
            stage=stage,
            close_date=closes_on,
            created_on=created_on,
            quantity=quantity,
            term_months=_YEAR if basis is AmountBasis.ANNUAL else None,
            won_on=closes_on if stage is Stage.WON else None,
            stage_since=moved_on,
            lost_reason=lost_reason,
        )

    for start in quarter_starts(today, QUARTERS):
        for place in range(said.won + said.lost):
            closed_on = in_quarter(start, draw.randrange(3, 88), today)
            won, days = place < said.won, draw.randrange(28, 80)
            reason = "" if won else draw.choice(_LOST_FOR)
            yield deal(
                Stage.WON if won else Stage.LOST, closed_on - timedelta(days=days), closed_on, closed_on, reason
            )  # fmt: skip
    for stage, _ in zip(cycle(_OPEN), range(said.open), strict=False):
        created_on = today - timedelta(days=draw.randrange(5, 70))
        yield deal(stage, created_on, created_on, today + timedelta(days=draw.randrange(10, 100)))
