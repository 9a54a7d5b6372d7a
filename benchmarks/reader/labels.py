"""Finds in a text what its labels name, so that the reader's models can learn from it."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from benchmarks.reader.samples import Sample
from bot.readers.builtin.document import Document
from bot.readers.builtin.mentions import Kind, Mention
from bot.readers.builtin.roles import AMOUNT, LABELS, QUANTITY
from bot.readers.builtin.tagging import NAMELESS
from bot.vocabulary.company_names import name_key

_FIELDS: dict[Kind, tuple[str, ...]] = {
    Kind.CUSTOMER: ("customer",),
    Kind.PERSON: ("contact_name",),
    Kind.NUMBER: ("amount", "quantity"),
    Kind.DATE: ("close_date",),
    Kind.TERM: ("term_months",),
    Kind.EMAIL: ("contact_email",),
    Kind.DOMAIN: ("customer_domain",),
    Kind.PHONE: ("contact_phone",),
    Kind.PRODUCT: ("product",),
    Kind.DEAL_REF: ("deal_ref",),
    Kind.STATEMENT_REF: ("statement_ref",),
    Kind.INVOICE: ("invoice_number",),
    Kind.PERIOD: ("period",),
    Kind.CURRENCY: ("currency",),
}


def _number(value: str) -> Decimal | None:
    try:
        return Decimal(value)
    except InvalidOperation:
        return None


def says(mention: Mention, field: str, value: str) -> bool:
    """Whether the mention says the labelled value of a field."""
    if field not in _FIELDS[mention.kind]:
        return False
    said = mention.value
    if field in ("amount", "quantity", "term_months"):
        return _number(said) == _number(value)
    if field == "contact_phone":
        return (
            re.sub(r"\D", "", said)[-9:]
            == re.sub(r"\D", "", re.split(r"(?i)\s*(?:ext|x|durchwahl|poste)\b", value)[0])[-9:]
        )
    if field == "product":
        return said in [p.strip() for p in value.split(";")]
    if field == "customer":
        one, other = name_key(said), name_key(value)
        return one == other or (len(min(one, other, key=len)) > 3 and (one in other or other in one))
    if field == "contact_name":
        return value.casefold() in said.casefold()
    return said.casefold() == value.casefold()


def labels_of(sample: Sample, mention: Mention) -> set[str]:
    """The role labels of a mention."""
    found: set[str] = set()
    for wanted in sample.requests:
        for field, value in wanted.fields.items():
            if f"for:{wanted.intent}" in LABELS and says(mention, field, value):
                found.add(f"for:{wanted.intent}")
                if field == "amount":
                    found.add(AMOUNT)
                if field == "quantity":
                    found.add(QUANTITY)
    return found


def basis_of(sample: Sample, mention: Mention) -> str | None:
    """What the mention's sum is for, "" where that is not said; None where the mention is no labelled sum."""
    for wanted in sample.requests:
        if wanted.fields.get("amount") and says(mention, "amount", wanted.fields["amount"]):
            return wanted.fields.get("amount_basis", "")
    return None


def names_in(sample: Sample, document: Document) -> dict[Kind, list[tuple[int, int]]]:
    """Where companies and people are named; a name's places do not overlap another's, nor any address."""
    taken = {p for m in document.mentions if m.kind in NAMELESS for p in range(m.start, m.end)}
    found: dict[Kind, list[tuple[int, int]]] = {Kind.CUSTOMER: [], Kind.PERSON: []}
    for value, kind, labelled in _named(sample):
        for start, end in _places(document.text, value, kind, labelled=labelled):
            if not taken.intersection(range(start, end)):
                taken.update(range(start, end))
                found[kind].append((start, end))
    return found


def _named(sample: Sample) -> list[tuple[str, Kind, bool]]:
    """(name, what it names, whether it is a label), the longest first; labels before other names of equal length."""
    labels = {
        (w.fields[field], kind, True)
        for w in sample.requests
        for kind, field in ((Kind.CUSTOMER, "customer"), (Kind.PERSON, "contact_name"))
        if w.fields.get(field)
    }
    others = {(name, Kind.CUSTOMER, False) for name in sample.firms} | {
        (name, Kind.PERSON, False) for name in sample.people
    }
    return sorted(labels | others, key=lambda named: (-len(named[0]), not named[2], named[0], named[1]))


def _places(text: str, value: str, kind: Kind, *, labelled: bool) -> list[tuple[int, int]]:
    """Every place of the name; of a labelled company's also without its last words, down to half of it."""
    words = value.split()
    least = max(1, (len(words) + 1) // 2) if kind is Kind.CUSTOMER and labelled else len(words)
    places: list[tuple[int, int]] = []
    for size in range(len(words), least - 1, -1):
        form = r"\s+".join(re.escape(w) for w in words[:size])
        if size < len(words) and len(" ".join(words[:size])) < 5:
            break
        pattern = re.compile(rf"(?<!\w){form}(?!\w)", re.I if size == len(words) and labelled else 0)
        places.extend(m.span() for m in pattern.finditer(text))
    return places
