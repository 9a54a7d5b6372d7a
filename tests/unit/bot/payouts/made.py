"""Lines and statements with sane defaults, so that a test names only what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from crm.money import Money
from knowledge.commission.account import Line
from knowledge.commission.derivation import Said, Step, rounding, step
from knowledge.commission.statement import Statement, StatementState
from tests.builders import NOW, euro

STEPS = (
    step("base", "collected", Said.COLLECTED, euro(6000), amount=euro(6000), collected=euro(6000), base=euro(6000)),
    Step("rate", "referral", {"plan": "Referral"}, Decimal("0.15"), Said.RATE, {"rate": Decimal("0.15")}),
    step("base", "referral", Said.ONE_OFF_LEFT_OUT, 3, products=("Onboarding", "0.15"), amount=euro(1), base=euro(2)),
    rounding("referral", euro("900.000")),
)


def line(key: str = "k-1", amount: str = "900.00", currency: str = "EUR", **changes: Any) -> Line:
    made = Line(
        key=key,
        partner_id="p-1",
        plan_id="referral-2026",
        plan="Referral 2026",
        version="2026.1",
        series="deal|h-1",
        event=f"pay-{key}",
        part="first_year",
        earned_on=date(2026, 10, 12),
        amount=Money(Decimal(amount), currency),
        base=Money(Decimal(6000), currency),
        rate=Decimal("0.15"),
        tier="Registered",
        steps=STEPS,
        deal_id="h-1",
        deal_number="D-1042",
        customer="Acme GmbH",
    )
    return replace(made, **changes)


def statement(*lines: Line, **changes: Any) -> Statement:
    total = Money(sum((one.amount.amount for one in lines), Decimal(0)), "EUR")
    made = Statement(
        id=str(uuid4()),
        number="S-2026-10",
        partner_id="p-1",
        period="2026-10",
        state=StatementState.ISSUED,
        total=total,
        cut_off=date(2026, 10, 31),
        lines=tuple(one.key for one in lines),
        versions=("referral-2026@2026.1",),
        issued_at=NOW,
        disputable_until=NOW.date() + timedelta(days=30),
    )
    return replace(made, **changes)
