"""The columns of a partner import and how a cell becomes a value; docs/importing-partners.md lists them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crm.money import Money
from crm.records import ContactRight, PartnerType

_LONGEST = 500  # characters of a cell
_ADDRESS = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s.,;<>\"]+")
_DOMAIN = re.compile(r"(?!-)[\w-]+(\.[\w-]+)+")
_BETWEEN = re.compile(r"[\s,;|/+]+")
_YES = frozenset({"yes", "y", "true", "1", "x", "ja", "oui", "sí", "si", "wahr", "vrai", "verdadero", "waar"})
_NO = frozenset({"no", "n", "false", "0", "-", "nein", "non", "nee", "falsch", "faux", "falso", "onwaar"})


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the program knows: the names of its tiers, the ids of its plans, and its currency."""

    tiers: tuple[str, ...]
    plans: tuple[str, ...]
    currency: str = "EUR"


Read = Callable[[str, Allowed], object]


def text(cell: str, _: Allowed) -> str:
    return word(cell, _LONGEST)


def word(cell: str, longest: int) -> str:
    """A text of one line, as it is. Raises ValueError."""
    if len(cell) > longest:
        raise ValueError(f"is longer than {longest} characters")
    if any(unicodedata.category(sign) in ("Cc", "Cs") or sign == "\ufffd" for sign in cell):
        raise ValueError("holds a line break or another character that is no text")
    return cell


def lines(cell: str, _: Allowed) -> str:
    """A text of one or several lines, such as an address."""
    return "\n".join(word(line.strip(), _LONGEST) for line in cell.splitlines() if line.strip())


def types(cell: str, _: Allowed) -> tuple[PartnerType, ...]:
    known = {kind.value: kind for kind in PartnerType}
    return tuple(dict.fromkeys(known[_one_of(word, known)] for word in _words(cell)))


def tier(cell: str, allowed: Allowed) -> str:
    return _one_of(cell, allowed.tiers)


def plan(cell: str, allowed: Allowed) -> str:
    return _one_of(cell, allowed.plans)


def country(cell: str, _: Allowed) -> str:
    return _code(cell, 2, "a country such as DE").upper()


def language(cell: str, _: Allowed) -> str:
    return _code(cell, 2, "a language such as de").lower()


def currency(cell: str, _: Allowed) -> str:
    return _code(cell, 3, "a currency such as EUR").upper()


def time_zone(cell: str, _: Allowed) -> str:
    try:
        ZoneInfo(cell)
    except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
        raise ValueError("is no time zone such as Europe/Berlin") from fault
    return cell


def domains(cell: str, _: Allowed) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(word.lower().removeprefix("@") for word in _words(cell)))
    for domain in found:
        if not _DOMAIN.fullmatch(domain):
            raise ValueError(f"{domain!r} is no mail domain such as example.com")
    return found


def address(cell: str, allowed: Allowed) -> str:
    if not _ADDRESS.fullmatch(text(cell, allowed)):
        raise ValueError("is no e-mail address")
    return cell.lower()


def target(cell: str, allowed: Allowed) -> Money:
    amount = _number(cell.upper().removeprefix(allowed.currency).removesuffix(allowed.currency).strip())
    if amount <= 0:
        raise ValueError("must be above zero")
    return Money(amount, allowed.currency)


def csat(cell: str, _: Allowed) -> Decimal:
    score = _number(cell.replace(",", "."))
    if not 1 <= score <= 5:
        raise ValueError("is not from 1 to 5")
    return score


def count(cell: str, _: Allowed) -> int:
    if not (cell.isascii() and cell.isdecimal() and len(cell) <= 6):
        raise ValueError("is no whole number")
    return int(cell)


def yes(cell: str, _: Allowed) -> bool:
    word = cell.casefold()
    if word not in _YES | _NO:
        raise ValueError("is neither yes nor no")
    return word in _YES


def rights(cell: str, _: Allowed) -> tuple[ContactRight, ...]:
    """Rights by their names, or the word none; in the order in which they are listed everywhere."""
    words = [word.casefold() for word in _words(cell)]
    if words == ["none"]:
        return ()
    known = {right.value: right for right in ContactRight}
    said = {known[_one_of(word, known)] for word in words}
    return tuple(right for right in ContactRight if right in said)


PARTNER: Mapping[str, Read] = {
    "name": text,
    "types": types,
    "tier": tier,
    "region": text,
    "country": country,
    "language": language,
    "time_zone": time_zone,
    "currency": currency,
    "domains": domains,
    "manager_email": address,
    "plan": plan,
    "quarterly_target": target,
    "csat": csat,
    "certified_people": count,
    "address": lines,
    "vat_id": text,
    "purchase_order": text,
}
"""Columns of a partner, by the field of `Partner`; the column of the name is called `partner`."""

CONTACT: Mapping[str, Read] = {
    "name": text,
    "email": address,
    "phone": text,
    "language": language,
    "slack_user_id": text,
    "main": yes,
    "active": yes,
    "opted_out": yes,
    "finance": yes,
    "rights": rights,
}
"""Columns of a contact, by the field of `Contact`; in the file their names begin with `contact_`. `finance` is the
partner's field: who receives its statements.
"""


def _words(cell: str) -> list[str]:
    return [word for word in _BETWEEN.split(cell) if word]


def _one_of(word: str, known: Mapping[str, object] | tuple[str, ...]) -> str:
    for name in known:
        if name.casefold() == word.casefold():
            return name
    raise ValueError(f"{word!r} is not one of {', '.join(known)}")


def _code(cell: str, length: int, example: str) -> str:
    if len(cell) != length or not (cell.isascii() and cell.isalpha()):
        raise ValueError(f"is not {example}")
    return cell


def _number(cell: str) -> Decimal:
    """Digits with a decimal point at most: a thousands separator would be read one way here and another there."""
    try:
        number = Decimal(cell)
    except InvalidOperation:
        number = Decimal("NaN")
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,2})?", cell, re.ASCII) or not number.is_finite():
        raise ValueError("is no number such as 120000 or 4.5")
    return number
