"""Values for outcomes that themselves are texts: field names, read-back lines, lists of deals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.intents.own_deals import OwnDeal
from bot.vocabulary.decisions import Value
from bot.vocabulary.web_domains import in_letters
from crm.money import Money
from crm.records import Registration
from knowledge.program import Program

_READ_BACK = (
    "customer",
    "customer_domain",
    "contact_name",
    "contact_email",
    "contact_phone",
    "products",
    "quantity",
    "term_months",
    "close_date",
)
_VALUE = ("amount", "currency", "amount_basis")
_WHILE_OPEN = ("state", "protected_until", "next_step")


def text(key: str, **values: Value) -> Mapping[str, Value]:
    """A text of the catalogue as a value inside another one."""
    return {"text": key, **values}


def field_names(fields: Iterable[str]) -> tuple[Value, ...]:
    """The names of fields for a reader; a missing value and its currency are one thing to ask for."""
    names = list(fields)
    if "amount" in names and "currency" in names:
        names[names.index("amount")] = "amount_with_currency"
        names.remove("currency")
    return tuple(text(f"field.{name}") for name in names)


def read_back(registration: Registration) -> tuple[Value, ...]:
    """One line for each field that is filled, in the order of the form."""
    lines = [(name, getattr(registration, name)) for name in _READ_BACK]
    said = [_line(name, _as_written(name, value)) for name, value in lines if value]
    return (*said, *_amount_lines(registration))


def changes(before: Registration, after: Registration) -> tuple[Value, ...]:
    """One line for each field that said something else before, in the order of the form: the new and the old value."""
    pairs = [(name, getattr(before, name), getattr(after, name)) for name in _READ_BACK]
    if any(_differ(getattr(before, name), getattr(after, name)) for name in _VALUE):
        pairs.append(("amount", _amount(before), _amount(after)))
    return tuple(
        text("register.change", label=text(f"field.{name}"), new=_as_written(name, new), old=_as_written(name, old))
        for name, old, new in pairs
        if _differ(old, new)
    )


def deal_line(deal: OwnDeal) -> Mapping[str, Value]:
    """A deal in one line: number, customer, and whatever is known of the rest of the safelist."""
    return text("line.deal", number=deal.number, customer=deal.customer or text("line.no_customer"), parts=_parts(deal))


def table_line(deal: OwnDeal) -> Mapping[str, Value]:
    """The same for a table, where a deal's stage, or the state of what is no deal yet, is its one status."""
    status: Value | None = deal.stage or deal.state
    known = [("status", status), *((n, v) for n, v in _known(deal) if n not in ("stage", "state"))]
    parts = tuple(text(f"deal.{name}", value=value) for name, value in known if value is not None)
    return text("line.deal", number=deal.number, customer=deal.customer or text("line.no_customer"), parts=parts)


def choices(program: Program) -> dict[str, Value]:
    """What a value may be, where there is a list of it."""
    return {"currencies": program.vendor.currencies, "products": tuple(p.name for p in program.products)}


def in_words(said: dict[str, object]) -> str:
    """Fields for a manager, in English: `customer Acme; close date 2027-03-31`."""
    return "; ".join(f"{name.replace('_', ' ')} {_worded(value)}" for name, value in said.items())


def _worded(value: object) -> str:
    return ", ".join(str(v) for v in value) if isinstance(value, tuple) else str(value)


def _line(name: str, value: Value) -> Mapping[str, Value]:
    return text("line.field", label=text(f"field.{name}"), value=value)


def _as_written(name: str, value: Value) -> Value:
    """Hosts in their own letters, which are kept in those of DNS."""
    if not isinstance(value, str) or name not in ("customer_domain", "contact_email"):
        return value
    local, at, host = value.rpartition("@")
    return f"{local}{at}{in_letters(host)}"


def _differ(old: object, new: object) -> bool:
    """What was empty did not say something else."""
    return bool(old and new) and old != new


def _amount_lines(registration: Registration) -> tuple[Value, ...]:
    value = _amount(registration)
    return () if value is None else (_line("amount", value),)


def _amount(registration: Registration) -> Value | None:
    """The value as far as it is known: with its currency, and what it is for."""
    if not registration.amount:
        return None
    value: Value = Money(registration.amount, registration.currency) if registration.currency else registration.amount
    return text("line.amount", amount=value, basis=registration.amount_basis) if registration.amount_basis else value


def _parts(deal: OwnDeal) -> tuple[Value, ...]:
    return tuple(text(f"deal.{name}", value=value) for name, value in _known(deal))


def _known(deal: OwnDeal) -> list[tuple[str, Value]]:
    """Of a deal that is won or lost, its registration and next step are history."""
    known: list[tuple[str, Value | None]] = [
        ("stage", deal.stage),
        ("state", deal.state),
        ("amount", deal.amount),
        ("close_date", deal.close_date),
        ("protected_until", deal.protected_until),
        ("next_step", deal.next_step or None),
    ]
    closed = deal.stage is not None and not deal.stage.open
    return [(name, value) for name, value in known if value is not None and not (closed and name in _WHILE_OPEN)]
