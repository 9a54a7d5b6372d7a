"""A statement sheet with sane defaults, so that a test names only what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot.documents.statement_sheet import StatementSheet
from bot.documents.statement_words import Happening, statement_sheet
from crm.money import Money
from crm.records import Partner, Payment
from knowledge.commission.account import Line
from knowledge.program import Program
from tests.builders import partner, program
from tests.unit.bot.payouts.made import line, statement

HARBOUR = partner(
    name="Harbour Consulting GmbH", country="DE", address="Kai 1\n20457 Hamburg", vat_id="DE811234567",
    purchase_order="PO-4711",
)  # fmt: skip


def vendor_program() -> Program:
    made = program()
    vendor = replace(made.vendor, address="Zuidkade 14\n2000 Antwerp", vat_id="BE 0700.000.000")
    return replace(made, vendor=vendor)


def sheet(
    *lines: Line,
    language: str = "en",
    whose: Partner = HARBOUR,
    happenings: dict[str, Happening] | None = None,
    of: Program | None = None,
    **changes: Any,
) -> StatementSheet:
    given = lines or (line(),)
    total = sum((one.amount for one in given[1:]), given[0].amount)
    return statement_sheet(
        statement(*given, **({"total": total} | changes)), given, of or vendor_program(), whose, language,
        issued_on=date(2026, 11, 5), happenings=happenings or {},
    )  # fmt: skip


def payments(lines: Sequence[Line]) -> dict[str, Happening]:
    return {one.event: Payment(one.event, one.deal_id, one.partner_id, one.base, one.earned_on) for one in lines}


def euros(amount: str) -> Money:
    return line(amount=amount).amount
