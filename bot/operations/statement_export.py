"""The statements of a month for accounting: as CSV, a row for each statement or line, or as JSON with both."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.documents.statement_csv import harmless
from bot.storage import lines, mirror, statements
from crm.money import Money
from crm.records import Partner
from knowledge.business_days import vendors_day
from knowledge.commission.statement import StatedLine, Statement
from knowledge.program import Vendor

STATEMENT_COLUMNS = (
    "statement", "revision", "partner", "partner_id", "vat_id", "purchase_order", "period", "state", "total",
    "currency", "lines", "issued_on", "invoice", "approved_on", "approved_by", "pay_by", "paid_on", "reference",
    "pdf_sha256",
)  # fmt: skip
LINE_COLUMNS = (
    "statement", "partner", "partner_id", "earned_on", "deal", "customer", "plan", "plan_version", "tier", "base",
    "rate_percent", "commission", "currency", "state", "reverses", "key",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Exported:
    """A statement of the month with its partner (None where the CRM has it no more) and its lines."""

    statement: Statement
    partner: Partner | None
    lines: tuple[StatedLine, ...]


async def of_period(connection: AsyncConnection, period: str) -> tuple[Exported, ...]:
    """By partner and number."""
    found = []
    for statement in await statements.of_period(connection, period):
        partner = await mirror.one(connection, Partner, statement.partner_id)
        found.append(Exported(statement, partner, await lines.of_statement(connection, statement.id)))
    return tuple(found)


def statements_csv(found: Iterable[Exported], vendor: Vendor) -> str:
    return _csv(STATEMENT_COLUMNS, (_statement(one, vendor) for one in found))


def lines_csv(found: Iterable[Exported]) -> str:
    return _csv(LINE_COLUMNS, (_line(one, stated) for one in found for stated in one.lines))


def as_json(found: Sequence[Exported], vendor: Vendor) -> str:
    """Sums as decimal texts, days in ISO form."""
    said = [_statement(one, vendor) | {"line_items": [_line(one, stated) for stated in one.lines]} for one in found]
    return json.dumps({"statements": said}, ensure_ascii=False, indent=2)


def _csv(columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> str:
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        # Sums may begin with a minus: they are figures and stay so.
        writer.writerow([row[name] if name in _FIGURES else harmless(str(row[name])) for name in columns])
    return out.getvalue()


def _statement(one: Exported, vendor: Vendor) -> dict[str, Any]:
    said, partner = one.statement, one.partner
    return {
        "statement": said.number,
        "revision": said.revision,
        "partner": partner.name if partner else "",
        "partner_id": said.partner_id,
        "vat_id": partner.vat_id if partner else "",
        "purchase_order": partner.purchase_order if partner else "",
        "period": said.period,
        "state": said.shown.value if said.state.live else "cancelled",
        "total": _sum(said.total),
        "currency": said.total.currency,
        "lines": len(one.lines),
        "issued_on": _day(said.issued_at, vendor),
        "invoice": said.invoice_number,
        "approved_on": _day(said.approved_at, vendor),
        "approved_by": said.approved_by,
        "pay_by": _iso(said.pay_by),
        "paid_on": _iso(said.paid_on),
        "reference": said.reference,
        "pdf_sha256": said.pdf,
    }


def _line(one: Exported, stated: StatedLine) -> dict[str, Any]:
    line = stated.line
    return {
        "statement": one.statement.number,
        "partner": one.partner.name if one.partner else "",
        "partner_id": line.partner_id,
        "earned_on": line.earned_on.isoformat(),
        "deal": line.deal_number,
        "customer": line.customer,
        "plan": line.plan,
        "plan_version": line.version,
        "tier": line.tier,
        "base": _sum(line.base),
        "rate_percent": "" if line.rate is None else f"{(line.rate * 100).normalize():f}",
        "commission": _sum(line.amount),
        "currency": line.amount.currency,
        "state": stated.state.value,
        "reverses": line.reverses,
        "key": line.key,
    }


_FIGURES = frozenset({"total", "base", "commission", "rate_percent"})


def _sum(amount: Money) -> str:
    return f"{amount.amount:f}"


def _day(moment: datetime | None, vendor: Vendor) -> str:
    return vendors_day(moment, vendor).isoformat() if moment else ""


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
