"""A statement for machines: every line with every step of its derivation, in a form that keeps its version."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from bot.documents.statement_sheet import Party, SheetRow, StatementSheet
from crm.money import Money
from knowledge.commission.derivation import Step, Value

SCHEMA = "partnerline.statement/1"
"""Grows by new names only; a name that goes or changes its meaning makes it /2."""


def statement_json(sheet: StatementSheet) -> bytes:
    """Decimals as strings, days ISO; the same sheet is the same bytes."""
    return json.dumps(_document(sheet), ensure_ascii=False, indent=1, allow_nan=False).encode("utf-8", "replace")


def _document(sheet: StatementSheet) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "number": sheet.number,
        "revision": sheet.revision,
        "period": sheet.period,
        "currency": sheet.currency,
        "total": _value(sheet.total.rounded()),
        "issued_on": sheet.issued_on.isoformat() if sheet.issued_on else None,
        "cut_off": sheet.cut_off.isoformat(),
        "disputable_until": sheet.disputable_until.isoformat() if sheet.disputable_until else None,
        "payment_days_after_approval": sheet.payment_days,
        "invoice_to": sheet.invoice_to,
        "vendor": _party(sheet.vendor),
        "partner": _party(sheet.partner) | {"purchase_order": sheet.purchase_order},
        "plan_versions": list(sheet.versions),
        "totals": [
            {"plan": t.plan, "version": t.version, "lines": t.lines, "total": _value(t.total.rounded())}
            for t in sheet.totals
        ],
        "notes": list(sheet.notes),
        "lines": [_line(row) for row in sheet.rows],
    }


def _party(party: Party) -> dict[str, Any]:
    return {"name": party.name, "address": list(party.address), "vat_id": party.vat_id, "email": party.email}


def _line(row: SheetRow) -> dict[str, Any]:
    line = row.line
    return {
        "line": row.place,
        "key": line.key,
        "date": line.earned_on.isoformat(),
        "deal": line.deal_number,
        "customer": line.customer,
        "event": {"id": line.event, "part": line.part, "text": row.event},
        "plan": {"id": line.plan_id, "name": line.plan, "version": line.version},
        "tier": line.tier,
        "base": _value(line.base),
        "rate": None if line.rate is None else str(line.rate),
        "amount": _value(line.amount.rounded()),
        "corrects": line.reverses or None,
        "derivation": [_step(step) | {"text": text} for step, text in zip(line.steps, row.derivation, strict=True)],
    }


def _step(step: Step) -> dict[str, Any]:
    return {"step": step.name, "rule": step.rule, "inputs": _values(step.inputs), "result": _value(step.result)}


def _values(values: Mapping[str, Value]) -> dict[str, Any]:
    return {name: _value(value) for name, value in values.items()}


def _value(value: Value) -> Any:
    match value:
        case Money(amount, currency):
            return {"amount": f"{amount:f}", "currency": currency}
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case tuple():
            return [_value(one) for one in value]
        case _:
            return value
