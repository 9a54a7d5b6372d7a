"""The body of a billing system's call as an event; docs/connect-billing.md tells its fields."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from bot.vocabulary.billing import InvoiceEvent, InvoiceEventKind, InvoiceLine
from crm.csv_cells import word
from crm.money import Money
from crm.records import PaymentKind

_LONGEST = 200
_MOST_LINES = 500
_SUM = re.compile(r"[0-9]{1,15}(\.[0-9]{1,4})?", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class NotJson(Exception):
    """The body is no JSON at all."""


class NotAnEvent(Exception):
    """A field is lacking or wrong; `faults` name each, and hold nothing of what was sent."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty")
    return word(value, _LONGEST)


def _sum(value: object) -> Decimal:
    if not isinstance(value, str) or not _SUM.fullmatch(value) or not Decimal(value):
        raise ValueError("write a sum above zero as a text with a decimal point, such as 1200.50")
    return Decimal(value)


def _day(value: object) -> date:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("write a day such as 2026-10-12")
    return date.fromisoformat(value)


def _currency(value: str) -> str:
    return Money.zero(value).currency


_Text = Annotated[str, AfterValidator(_text)]
_Word = Annotated[str, AfterValidator(lambda value: word(value, _LONGEST))]
_Sum = Annotated[Decimal, BeforeValidator(_sum)]
_Day = Annotated[date, BeforeValidator(_day)]


class _Body(BaseModel):
    # Strict, so that a number is never taken for a sum: it may have gone through a float on its way.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Line(_Body):
    net: _Sum
    product: _Word = ""
    kind: Annotated[PaymentKind | None, Field(strict=False)] = None
    period_start: _Day | None = None
    period_end: _Day | None = None

    @model_validator(mode="after")
    def _whole_period(self) -> Self:
        if (self.period_start is None) is not (self.period_end is None):
            raise ValueError("a period needs both period_start and period_end")
        if self.period_start and self.period_end and self.period_end < self.period_start:
            raise ValueError("the period ends before it begins")
        return self

    def line(self) -> InvoiceLine:
        return InvoiceLine(self.product, self.net, self.kind, self.period_start, self.period_end)


class _Event(_Body):
    id: _Text
    type: Annotated[InvoiceEventKind, Field(strict=False)]
    deal: _Text
    paid_at: _Text
    currency: Annotated[str, AfterValidator(_currency)]
    net: _Sum
    tax: str | None = None
    invoice: _Word = ""
    payment: Annotated[_Text | None, Field(pattern=r"^[^#]*$")] = None
    lines: Annotated[tuple[_Line, ...], Field(max_length=_MOST_LINES, strict=False)] = ()
    refund_of: _Text | None = None

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        decimals = get_currency_precision(self.currency)
        sums = [line.net for line in self.lines]
        if any(one != round(one, decimals) for one in (self.net, *sums)):
            raise ValueError(f"{self.currency} has {decimals} decimals")
        if sums and sum(sums, Decimal(0)) != self.net:
            raise ValueError(f"the lines come to {sum(sums, Decimal(0))}, and net is {self.net}")
        if self.refund_of and self.type is InvoiceEventKind.PAID:
            raise ValueError("refund_of is for refunds")
        return self


def read_event(body: bytes, zone: ZoneInfo, today: date) -> InvoiceEvent:
    """Raises NotJson or NotAnEvent; `zone` is the vendor's, by which a moment becomes a day."""
    try:
        said = _Event.model_validate_json(body)
        paid_on = _paid_on(said.paid_at, zone)
    except ValidationError as fault:
        if any(error["type"] == "json_invalid" for error in fault.errors(include_input=False, include_url=False)):
            raise NotJson from fault
        raise NotAnEvent(_told(fault)) from fault
    except ValueError as fault:
        raise NotAnEvent((f"paid_at: {fault}",)) from fault
    if (paid_on - today).days > 1:
        raise NotAnEvent(("paid_at: lies ahead",))
    return InvoiceEvent(
        id=said.id,
        kind=said.type,
        payment=said.payment or said.id,
        invoice=said.invoice,
        deal=said.deal.strip(),
        paid_on=paid_on,
        net=Money(said.net, said.currency),
        lines=tuple(line.line() for line in said.lines),
        refund_of=said.refund_of or "",
    )


def _paid_on(said: str, zone: ZoneInfo) -> date:
    if _DAY.fullmatch(said):
        return date.fromisoformat(said)
    try:
        moment = datetime.fromisoformat(said)
    except ValueError as fault:
        raise ValueError("write a moment with its time zone, or a day such as 2026-10-12") from fault
    if moment.tzinfo is None:
        raise ValueError("has no time zone")
    try:
        return moment.astimezone(zone).date()
    except OverflowError as fault:
        raise ValueError("is out of range") from fault


def _told(fault: ValidationError) -> tuple[str, ...]:
    errors = fault.errors(include_input=False, include_url=False, include_context=False)
    named = ((".".join(str(part) for part in error["loc"]), error["msg"]) for error in errors[:20])
    return tuple(f"{place}: {said}" if place else said for place, said in named)
