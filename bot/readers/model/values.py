"""One check for each field: a proposed string becomes its typed value, or None where the text does not bear it out."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from bot.ports import Readable
from bot.readers.model.evidence import Evidence, folded
from bot.readers.model.words import FREE_MAIL
from crm.records import AmountBasis, Stage
from knowledge.program import Product

Check = Callable[[str, Evidence, Readable], object | None]

LONGEST_NAME = 120
LONGEST_TOPIC = 200
HIGHEST_AMOUNT = Decimal(10) ** 11
_DOMAIN = re.compile(r"(?=.{4,253}$)[a-z0-9](?:[\w-]*\w)?(?:\.[a-z0-9](?:[\w-]*\w)?)*\.[a-z]{2,24}")
_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.-]{4,253}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_DEAL = re.compile(r"D-\d{3,8}")
_STATEMENT = re.compile(r"S-\d{4}-\d{2}(?:-[A-Z]{3})?")
_PERIOD = re.compile(r"(20\d\d)(?:-(?:(0[1-9]|1[0-2])|Q([1-4])))?")
_BEFORE, _AFTER = timedelta(days=366), timedelta(days=366 * 6)


def products(names: list[str], catalogue: tuple[Product, ...]) -> tuple[str, ...] | None:
    """Catalogue names for names and aliases in any case; unknown ones are left out, None where none is known."""
    known = {folded(name): p.name for p in catalogue for name in (p.name, *p.aliases)}
    found = dict.fromkeys(known[key] for name in names if (key := folded(name)) in known)
    return tuple(found) or None


def _customer(value: str, evidence: Evidence, _: Readable) -> str | None:
    return value if len(value) <= LONGEST_NAME and evidence.name(value) else None


def _contact_name(value: str, evidence: Evidence, _: Readable) -> str | None:
    return value if len(value) <= LONGEST_NAME and evidence.person(value) else None


def _customer_domain(value: str, evidence: Evidence, _: Readable) -> str | None:
    domain = value.casefold().removeprefix("www.")
    if domain in FREE_MAIL or not _DOMAIN.fullmatch(domain):
        return None
    return domain if evidence.literally(domain) else None


def _contact_email(value: str, evidence: Evidence, _: Readable) -> str | None:
    address = value.casefold().removeprefix("mailto:")
    return address if _EMAIL.fullmatch(address) and evidence.literally(address) else None


def _contact_phone(value: str, evidence: Evidence, _: Readable) -> str | None:
    return evidence.phone(value)


def _amount(value: str, evidence: Evidence, _: Readable) -> Decimal | None:
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return None
    # The range is asked for first: a huge exponent must not reach arithmetic.
    if not amount.is_finite() or not 0 < amount < HIGHEST_AMOUNT:
        return None
    return amount if evidence.amount(amount) else None


def _currency(value: str, evidence: Evidence, _: Readable) -> str | None:
    code = value.upper()
    return code if _CURRENCY.fullmatch(code) and evidence.currency(code) else None


def _amount_basis(value: str, _: Evidence, __: Readable) -> AmountBasis | None:
    return next((basis for basis in AmountBasis if basis.value == value.lower()), None)


def _close_date(value: str, evidence: Evidence, readable: Readable) -> date | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    received = readable.received.date()
    near = received - _BEFORE <= day <= received + _AFTER
    return day if near and evidence.day(day) else None


def _quantity(value: str, evidence: Evidence, _: Readable) -> int | None:
    number = _whole(value, 1_000_000)
    return number if number is not None and evidence.number(number) else None


def _term_months(value: str, evidence: Evidence, _: Readable) -> int | None:
    number = _whole(value, 240)
    return number if number is not None and evidence.months(number) else None


def _whole(value: str, highest: int) -> int | None:
    digits = value.removesuffix(".0")
    if not digits.isascii() or not digits.isdecimal() or len(digits) > 7:
        return None
    return int(digits) if 0 < int(digits) <= highest else None


def _deal_ref(value: str, evidence: Evidence, _: Readable) -> str | None:
    ref = value.upper()
    return ref if _DEAL.fullmatch(ref) and evidence.reference(ref) else None


def _statement_ref(value: str, evidence: Evidence, _: Readable) -> str | None:
    ref = value.upper()
    return ref if _STATEMENT.fullmatch(ref) and evidence.reference(ref) else None


def _invoice_number(value: str, evidence: Evidence, _: Readable) -> str | None:
    sensible = len(value) <= 60 and any(c.isdecimal() for c in value)
    return value if sensible and evidence.literally(value) else None


def _stage(value: str, _: Evidence, __: Readable) -> Stage | None:
    return next((stage for stage in Stage if stage.value == value.lower()), None)


def _period(value: str, evidence: Evidence, _: Readable) -> str | None:
    found = _PERIOD.fullmatch(value.upper())
    if not found:
        return None
    year, month, quarter = found.groups()
    if month:
        said = evidence.month(date(int(year), int(month), 1))
    elif quarter:
        said = evidence.time() or evidence.number(int(quarter))
    else:
        said = evidence.year(int(year))
    return found.group() if said else None


def _answer(value: str, _: Evidence, __: Readable) -> str | None:
    return value.lower() if value.lower() in ("yes", "no", "maybe") else None


def _topic(value: str, evidence: Evidence, _: Readable) -> str | None:
    return value if len(value) <= LONGEST_TOPIC and (evidence.passage(value) or evidence.any_word(value)) else None


CHECKS: dict[str, Check] = {
    "customer": _customer,
    "customer_domain": _customer_domain,
    "contact_name": _contact_name,
    "contact_email": _contact_email,
    "contact_phone": _contact_phone,
    "amount": _amount,
    "currency": _currency,
    "amount_basis": _amount_basis,
    "close_date": _close_date,
    "quantity": _quantity,
    "term_months": _term_months,
    "deal_ref": _deal_ref,
    "stage": _stage,
    "period": _period,
    "statement_ref": _statement_ref,
    "invoice_number": _invoice_number,
    "answer": _answer,
    "topic": _topic,
}
"""By the field's name; `products` is checked against the catalogue instead of the text."""
