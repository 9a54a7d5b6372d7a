"""What answers the agent's own question: when one field is awaited, a message may be that field and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.readers.builtin.companies import trimmed_company
from bot.readers.builtin.document import Document
from bot.readers.builtin.domains import domain_of
from bot.readers.builtin.mentions import Kind, Mention
from bot.readers.builtin.name_shapes import runs
from bot.readers.builtin.people import trimmed_person
from bot.readers.builtin.roles import Role
from bot.readers.builtin.wording import words
from bot.vocabulary.requests import DealFields, Intent
from crm.records import AmountBasis

SHORT = 14
_IT_IS = re.compile(r"^(?:it['’]?s|c['’]est|es)\s+", re.I)
_BARE = 4
_KINDS: dict[str, tuple[Kind, ...]] = {
    "customer": (Kind.CUSTOMER,),
    "customer_domain": (Kind.DOMAIN, Kind.EMAIL),
    "contact_name": (Kind.PERSON,),
    "contact_email": (Kind.EMAIL,),
    "contact_phone": (Kind.PHONE,),
    "amount": (Kind.NUMBER,),
    "currency": (Kind.CURRENCY, Kind.NUMBER),
    "amount_basis": (Kind.NUMBER,),
    "close_date": (Kind.DATE,),
    "product": (Kind.PRODUCT,),
    "products": (Kind.PRODUCT,),
    "quantity": (Kind.NUMBER,),
    "term_months": (Kind.TERM,),
}


_UNKNOWN = re.compile(
    r"\b(?:no idea|(?:do not|don['’]?t) know|not sure|no clue|keine ahnung|"
    r"wei(?:ß|ss) (?:ich )?(?:es )?(?:leider )?nicht|"
    r"aucune idée|(?:ne|n['’]en) sai[st] (?:pas|rien)|geen idee|weet (?:ik )?(?:het )?(?:helaas )?niet|"
    r"ni idea|no (?:lo )?s(?:é|abemos))\b",
    re.IGNORECASE,
)


def is_short(document: Document) -> bool:
    return len(words([t for t in document.tokens if t.start >= document.body])) <= SHORT


def answers(document: Document, mentions: Sequence[Mention], asked: Sequence[str]) -> bool:
    """Whether the message holds something of a kind that was asked for; a lone name counts in a few bare words."""
    return any(_fitting(document, mentions, name) for name in asked)


def _fitting(document: Document, mentions: Sequence[Mention], name: str) -> list[Mention]:
    kinds = _KINDS.get(name, ())
    found = [m for m in mentions if m.kind in kinds and m.start >= document.body]
    if name == "currency":
        found = [m for m in found if m.kind is Kind.CURRENCY or m.currency]
    if not found and name in ("customer", "contact_name") and is_short(document) and "?" not in document.text:
        found = _lone_name(document, kinds[0])
    return found


def _lone_name(document: Document, kind: Kind) -> list[Mention]:
    """The run of capitals that a short answer consists of, else all of a few bare words; "no idea" names nobody."""
    if _UNKNOWN.search(document.text[document.body :]):
        return []
    tokens = [t for t in document.tokens if t.start >= document.body and (t.mention is None or t.text[0].isalpha())]
    capitals = [r for r in runs(tokens) if r.end - r.start > 1 or len(words(tokens)) <= _BARE]
    if capitals:
        best = max(capitals, key=lambda r: r.end - r.start)
        start, end = tokens[best.start].start, tokens[best.end - 1].end
    elif 0 < len(words(tokens)) <= _BARE and document.text[document.body :].strip():
        start, end = tokens[0].start, tokens[-1].end
    else:
        return []
    return [Mention(kind, start, end, document.text[start:end])]


def completed(document: Document, roles: Sequence[Role], asked: Sequence[str], fields: DealFields) -> DealFields:
    """The fields with what was asked for, where the message holds it although nothing else says what it is."""
    for name in asked:
        key = "products" if name == "product" else name
        if getattr(fields, key, "no such field") is not None:
            continue
        mentions = [replace(r.mention, basis=r.basis or r.mention.basis) for r in roles]
        found = [m for m in _fitting(document, mentions, name) if not _counts(m, fields)]
        if found and (is_short(document) or len(found) == 1 or name == "products"):
            fields = _with(fields, name, max(found, key=lambda m: _likeliness(roles, m)), found)
    return fields


def _counts(mention: Mention, fields: DealFields) -> bool:
    """Whether the bare number is the seats or months that are told already."""
    counted = {fields.quantity, fields.term_months} - {None}
    return mention.kind is Kind.NUMBER and not mention.currency and Decimal(mention.value) in counted


def _likeliness(roles: Sequence[Role], mention: Mention) -> tuple[float, int]:
    chance = next((r.chance(Intent.PROVIDE_FIELD) for r in roles if r.mention.start == mention.start), 0.0)
    return chance, -mention.start


def _with(fields: DealFields, name: str, best: Mention, found: Sequence[Mention]) -> DealFields:
    value = best.value
    if best.kind in (Kind.NUMBER, Kind.TERM) and name != "currency":
        return _with_number(fields, name, best)
    host = (domain_of(value) if best.kind is Kind.EMAIL else value) or None
    filled = {
        "customer": lambda: replace(fields, customer=trimmed_company(value)),
        "customer_domain": lambda: replace(fields, customer_domain=host),
        "contact_name": lambda: replace(fields, contact_name=trimmed_person(_IT_IS.sub("", value))),
        "contact_email": lambda: replace(fields, contact_email=value, customer_domain=fields.customer_domain or host),
        "contact_phone": lambda: replace(fields, contact_phone=value),
        "currency": lambda: replace(fields, currency=best.currency or value),
        "close_date": lambda: replace(fields, close_date=date.fromisoformat(value)),
    }.get(name)
    return filled() if filled else replace(fields, products=tuple(dict.fromkeys(m.value for m in found)))


def _with_number(fields: DealFields, name: str, best: Mention) -> DealFields:
    value = Decimal(best.value)
    basis = AmountBasis(best.basis) if best.basis else fields.amount_basis
    if name == "amount":
        return replace(fields, amount=value, currency=best.currency or fields.currency, amount_basis=basis)
    if name == "amount_basis":
        return replace(fields, amount_basis=basis)
    if value != value.to_integral_value():
        return fields
    return replace(fields, quantity=int(value)) if name == "quantity" else replace(fields, term_months=int(value))
