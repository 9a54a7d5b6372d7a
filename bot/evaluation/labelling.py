"""What the evaluation guide holds labels to: which fields an intent has, and how each value is written."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from difflib import get_close_matches

from bot.evaluation.cases import Case, CasesError, Wanted
from bot.vocabulary.requests import FIELDS_OF, Intent
from crm.records import AmountBasis, Stage

ALONE = frozenset({"thanks", "other", "auto_reply"})
_ALSO_PROVIDED = ("deal_ref", "statement_ref", "invoice_number")
_MOST_TOLD = 5
_LONGEST = 400  # days that a close date may lie back, and three times as many ahead
WRITTEN = frozenset({"customer", "contact_name", "contact_email", "invoice_number"})
"""Fields whose value stands in the message as it is."""

FIELDS: Mapping[str, tuple[str, ...]] = {
    intent.value: tuple("product" if field.name == "products" else field.name for field in fields(kind))
    + (_ALSO_PROVIDED if intent is Intent.PROVIDE_FIELD else ())
    for intent, kind in FIELDS_OF.items()
}
CHOICES: Mapping[str, tuple[str, ...]] = {
    "stage": tuple(stage.value for stage in Stage),
    "answer": ("yes", "no", "maybe"),
    "amount_basis": tuple(basis.value for basis in AmountBasis),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """How a value is written: a pattern for the whole of it, and words with an example for people."""

    pattern: str
    words: str


SHAPES: Mapping[str, Shape] = {
    "amount": Shape(r"[0-9]+(\.[0-9]+)?", "a plain decimal number without thousands marks, such as 45000 or 17280.50"),
    "currency": Shape(r"[A-Z]{3}", "an ISO 4217 code, such as EUR"),
    "quantity": Shape(r"[1-9][0-9]*", "a whole number, such as 60"),
    "term_months": Shape(r"[1-9][0-9]*", "a whole number of months, such as 36"),
    "deal_ref": Shape(r"D-[0-9]{3,6}", "a number such as D-1042"),
    "statement_ref": Shape(r"S-[0-9]{4}-[0-9]{2}", "a number such as S-2026-10"),
    "period": Shape(r"[0-9]{4}(-(0[1-9]|1[0-2])|-Q[1-4])?", "2026-10, 2026-Q3 or 2026"),
    "customer_domain": Shape(
        r"(?!www\.)[^\W_A-Z-]([\w-]*\w)?(\.[\w-]+)+", "a domain in lower case without www., such as acme.example"
    ),
    "contact_email": Shape(r"[^@\s]+@[^@\s]+", "an address, such as ida@acme.example"),
    "contact_phone": Shape(r"[+\d(][\d\s()+./-]{4,}.*", "a telephone number, such as +49 40 5550 2214"),
}


def faults_of(
    requests: Sequence[Wanted], said: str, received: datetime, products: Collection[str] | None = None
) -> Iterator[str]:
    """What is wrong with the labels of a message, each with what would be right.

    `said` is all that the message says; `products` are the catalogue's names, None where any will do.
    """
    if not requests:
        yield "no request is given; a message that wants nothing is thanks, auto_reply or other"
    names = [request.intent for request in requests]
    for alone in dict.fromkeys(name for name in names if name in ALONE and len(names) > 1):
        yield f"{alone} stands alone, but there are {len(names)} requests"
    said = " ".join(said.split()).casefold()
    for request in requests:
        yield from _unknown(request)
        known = FIELDS.get(request.intent, ())
        for name, value in request.fields.items():
            if name in known:
                yield from _value_faults(name, value, said, received, products)


def _value_faults(
    name: str, value: str, said: str, received: datetime, products: Collection[str] | None
) -> Iterator[str]:
    if not value:
        yield f"{name} is empty; leave out what the message does not say"
    elif name in CHOICES and value not in CHOICES[name]:
        yield f"{name} `{value}` is none of {', '.join(CHOICES[name])}"
    elif name in SHAPES and not re.fullmatch(SHAPES[name].pattern, value):
        yield f"{name} `{value}` is not in the guide's form: write {SHAPES[name].words}"
    elif name in WRITTEN and " ".join(value.split()).casefold() not in said:
        yield f"{name} `{value}` does not stand in the message: write it as the message does"
    elif name == "product" and products is not None:
        yield from _product_faults(value, products)
    elif name == "close_date":
        yield from _day_faults(value, received)


def _product_faults(value: str, products: Collection[str]) -> Iterator[str]:
    for part in value.split("; "):
        if part not in products:
            yield f"product `{part}` is not in the catalogue{_meant(part, products)}; several are parted by `; `"


def _day_faults(value: str, received: datetime) -> Iterator[str]:
    try:
        days = (date.fromisoformat(value) - received.date()).days
    except ValueError:
        yield f"close_date `{value}` is no day: write it as 2027-01-31"
        return
    if not -_LONGEST < days < 3 * _LONGEST:
        yield f"close_date {value} is odd for a message of {received.date()}: a day without a year is the next one"


def _meant(word: str, known: Collection[str]) -> str:
    """The nearest known word, as a question."""
    near = get_close_matches(word.casefold(), [name.casefold() for name in known], n=1)
    found = next((name for name in known if near and name.casefold() == near[0]), "")
    return f"; did you mean {found}?" if found else ""


def require_known(cases: Sequence[Case]) -> None:
    """Raises CasesError where labels name an intent or a field that the guide does not have: nothing reads as those."""
    wrong = [f"{case.id}: {said}" for case in cases for request in case.requests for said in _unknown(request)]
    if wrong:
        more = f"; and {len(wrong) - _MOST_TOLD} more" if len(wrong) > _MOST_TOLD else ""
        raise CasesError("; ".join(wrong[:_MOST_TOLD]) + more)


def _unknown(request: Wanted) -> Iterator[str]:
    if request.intent not in FIELDS:
        yield f"there is no intent {request.intent}{_meant(request.intent, FIELDS)}"
        return
    for name in request.fields:
        if name not in FIELDS[request.intent]:
            known = ", ".join(FIELDS[request.intent]) or "none"
            yield f"{request.intent} has no field {name}{_meant(name, FIELDS[request.intent])}; its fields: {known}"


def answer_due(intents: Collection[str], addressed: bool, otherwise: bool | None = None) -> bool:
    """Whether an answer is expected by these intents; `otherwise` settles `other`, which may be spam."""
    if set(intents) <= {"thanks", "auto_reply"}:
        return False
    return (addressed if otherwise is None else otherwise) if set(intents) == {"other"} else True
