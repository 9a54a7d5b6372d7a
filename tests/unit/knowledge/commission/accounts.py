"""Accounts for the engine's tests: a partner, what it sold, what was paid, and what that earns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from config.settings import SAMPLE_PROGRAM
from crm.money import Money
from crm.records import (
    AmountBasis,
    Deal,
    Milestone,
    MilestoneKind,
    Partner,
    PartnerType,
    Payment,
    PaymentKind,
    PaymentPart,
    Registration,
    Stage,
)
from knowledge.commission.account import Account, Earnings, Line, Posted, TierHistory, TierSince
from knowledge.commission.earning import earn
from knowledge.commission.element import Element
from knowledge.commission.exchange import ExchangeRate, RateTable
from knowledge.loading import load_program
from knowledge.program import Plan, Program
from knowledge.programs import Programs

CORE, INSIGHTS, ASSIST, CONNECT = "Lumora Core", "Lumora Insights", "Lumora Assist", "Lumora Connect"
ONBOARDING = "Onboarding Package"
START = date(2026, 7, 1)
TODAY = date(2030, 1, 1)
RECURRING, RENEWAL, ONE_OFF = PaymentKind.RECURRING, PaymentKind.RENEWAL, PaymentKind.ONE_OFF


@cache
def sample() -> Program:
    return load_program(SAMPLE_PROGRAM)


def paying(*elements: dict[str, object], **more: Any) -> Program:
    """The sample program with one plan of these elements, as a program file would write them."""
    read = tuple(Element.model_validate({"name": f"part{place}", **row}) for place, row in enumerate(elements))
    plan = Plan("own", "Own", "1", tuple(PartnerType), read, **more)
    return replace(sample(), plans=(plan,))


def money(amount: str | Decimal | int, currency: str = "EUR") -> Money:
    return Money(Decimal(amount), currency)


def rates(*rows: tuple[str, date, str]) -> RateTable:
    return RateTable.of("EUR", [ExchangeRate(currency, day, Decimal(rate), "bank") for currency, day, rate in rows])


@dataclass
class Desk:
    """An account that grows; days count from the first of July 2026."""

    tier: str = "Registered"
    kind: PartnerType = PartnerType.REFERRAL
    plan: str = ""
    target: str | None = None
    program: Program = field(default_factory=sample)
    exchange: RateTable = field(default_factory=rates)
    tiers: TierHistory = field(default_factory=TierHistory)
    deals: list[Deal] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    milestones: list[Milestone] = field(default_factory=list)
    registrations: list[Registration] = field(default_factory=list)
    posted: list[Posted] = field(default_factory=list)

    @property
    def partner(self) -> Partner:
        target = money(self.target) if self.target else None
        return Partner("p1", "Brightwater", (self.kind,), self.tier, plan=self.plan, quarterly_target=target)

    def deal(
        self, amount: str | None = None, *products: str, basis: AmountBasis | None = AmountBasis.ANNUAL,
        currency: str = "EUR", day: int = 0, **more: Any,
    ) -> Deal:  # fmt: skip
        number = len(self.deals) + 1
        won = START + timedelta(days=day)
        made = Deal(
            id=f"d{number}", number=f"D-{1000 + number}", partner_id="p1", customer=f"Customer {number}",
            customer_domain="", products=products or (CORE,), amount=money(amount, currency) if amount else None,
            amount_basis=basis, stage=Stage.WON, close_date=won, created_on=START, won_on=won,
        )  # fmt: skip
        self.deals.append(replace(made, **more))
        return self.deals[-1]

    def pay(self, deal: Deal, amount: str | Decimal, day: int = 0, *, currency: str = "EUR", **more: Any) -> Payment:
        number = len(self.payments) + 1
        on = START + timedelta(days=day)
        made = Payment(f"pay{number:03}", deal.id, "p1", money(amount, currency), on, parts=())
        self.payments.append(replace(made, **more))
        return self.payments[-1]

    def refund(self, paid: Payment, amount: str, day: int, **more: Any) -> Payment:
        deal = next(deal for deal in self.deals if deal.id == paid.deal_id)
        return self.pay(deal, f"-{amount}", day, currency=paid.amount.currency, refunds=paid.id, **more)

    def happens(
        self, kind: MilestoneKind, deal: Deal | None = None, day: int = 0, value: str | None = None, subject: str = ""
    ) -> Milestone:
        number = len(self.milestones) + 1
        on, exact = START + timedelta(days=day), Decimal(value) if value else None
        self.milestones.append(Milestone(f"m{number:03}", "p1", kind, on, deal.id if deal else "", subject, exact))
        return self.milestones[-1]

    def sale(self, amount: str, product: str = CORE, day: int = 0, **more: Any) -> Payment:
        """A deal of its own that is paid at once."""
        currency = str(more.pop("currency", "EUR"))
        return self.pay(self.deal(amount, product, currency=currency, day=day), amount, day, currency=currency, **more)

    @property
    def account(self) -> Account:
        return Account(
            self.partner, tuple(self.deals), tuple(self.payments), tuple(self.milestones), tuple(self.registrations),
            self.tiers, tuple(self.posted),
        )  # fmt: skip

    def earnings(self, today: date = TODAY) -> Earnings:
        return earn(Programs((self.program,)), self.account, self.exchange, today)

    def post(self, today: date = TODAY) -> list[Line]:
        """Posts what is new, as a statement run does, and gives it."""
        lines = list(self.earnings(today).lines)
        self.posted += (posted(line) for line in lines)
        return lines

    def amounts(self, today: date = TODAY) -> list[str]:
        """What each payment earned, in their order; several lines of one are joined by a plus."""
        found = self.earnings(today)
        every = sorted((*found.lines, *found.nothing), key=lambda line: (line.event, line.part))
        events = dict.fromkeys(p.id for p in sorted(self.payments, key=lambda p: (p.received_on, p.id)))
        return [
            " + ".join(str(line.amount.rounded().amount) for line in every if line.event == event) for event in events
        ]


def posted(line: Line) -> Posted:
    return Posted(line.key, line.series, line.event, line.part, line.earned_on, line.amount)


def history(*rows: tuple[date, str]) -> TierHistory:
    return TierHistory(tuple(TierSince(day, tier) for day, tier in rows))


def parts(*rows: tuple[str, str, PaymentKind]) -> tuple[PaymentPart, ...]:
    return tuple(PaymentPart(product, Decimal(amount), kind) for product, amount, kind in rows)


def total(lines: Iterable[Line]) -> Decimal:
    return sum((line.amount.amount for line in lines), start=Decimal(0))
