"""What a partner says of a deal, checked and merged into a registration; nothing is guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from bot.intents.customer import domain_of_address
from bot.vocabulary.company_names import name_key
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import DealFields
from bot.vocabulary.web_domains import in_dns, web_domain
from crm.records import AmountBasis, Registration
from knowledge.program import Program

_ADDRESS = re.compile(r"[^\s@<>\"',;:()\[\]\\]{1,64}@[a-z0-9.-]{4,253}\Z", re.IGNORECASE)
_YES_OR_NO_SAID = "yes no yep nope ok okay sure please ja nein nee oui non sí si graag bitte gerne"
_NO_NAMES = frozenset(_YES_OR_NO_SAID.split())
_AT_ONCE_IN_SLACK = 3
_TEXT_LIMIT = 200
_AMOUNT_LIMIT = Decimal(10) ** 12  # above any deal; guards every later sum and its wording
_COUNT_LIMIT = 10**7


@dataclass(frozen=True, slots=True)
class Checked:
    """`said` maps names of `Registration` fields to good values; `problems` names the fields that were said wrongly;
    `likely_domain` is the one the contact's address tells ("" for none).
    """

    said: dict[str, Any]
    problems: tuple[str, ...]
    likely_domain: str = ""

    @property
    def domain(self) -> str:
        return str(self.said.get("customer_domain", self.likely_domain))


def check(deal: DealFields, facts: Facts) -> Checked:
    """The usable part of what was said. A past close date, an amount of nothing and a currency that the vendor does
    not sell in become problems, to be asked for again.
    """
    said = {f.name: _tidy(getattr(deal, f.name)) for f in fields(deal)}
    said = {name: value for name, value in said.items() if value not in (None, "", ()) and not _is_no_name(name, value)}
    good = {name: _good(name, value, facts) for name, value in said.items()}
    kept = {name: value for name, value in good.items() if value is not None}
    domain = domain_of_address(kept.get("contact_email", ""), not_customers(facts))
    return Checked(kept, tuple(name for name in good if name not in kept), domain)


def merge(registration: Registration, checked: Checked) -> Registration:
    """The registration with what is newly said; the later word replaces the earlier one. A domain that only follows
    from the contact's address fills an empty one and replaces none. A new value in a currency that cannot be used is
    not one in the currency of the earlier value. A contact's name that is a part of the one on file is no new name.
    """
    said = dict(checked.said)
    if _is_part(said.get("contact_name", ""), registration.contact_name):
        del said["contact_name"]
    merged: Registration = replace(registration, **said)
    if "amount" in checked.said and "currency" in checked.problems:
        merged = replace(merged, currency="")
    if checked.likely_domain and not merged.customer_domain:
        return replace(merged, customer_domain=checked.likely_domain)
    return merged


def _is_part(name: str, known: str) -> bool:
    """Whether somebody who is known as "Tom Hale" is called "Tom" this time."""
    words = set(name_key(name).split()) if name else set()
    return bool(words) and words < set(name_key(known).split())


def empty_filled(registration: Registration, other: Registration) -> Registration:
    """The registration with what only the other one says of the deal; a value and its currency go together."""
    names = [f.name for f in fields(DealFields) if not getattr(registration, f.name)]
    if registration.amount:
        names = [name for name in names if name not in ("currency", "amount_basis")]
    filled: Registration = replace(registration, **{name: getattr(other, name) for name in names})
    return filled


def paid_once(registration: Registration, program: Program) -> Registration:
    """What is paid once has no price for a year: where a deal is about nothing else, its value is the whole of it."""
    once = {p.name for p in program.products if p.billing == "one_off"}
    if not registration.amount_basis or not registration.products or not set(registration.products) <= once:
        return registration
    paid: Registration = replace(registration, amount_basis=AmountBasis.TOTAL)
    return paid


def missing(registration: Registration, program: Program) -> tuple[str, ...]:
    """The required fields that are still empty, in the program's order."""
    return tuple(name for name in required(program) if not getattr(registration, name))


def at_once(lacking: tuple[str, ...], *, in_slack: bool) -> tuple[str, ...]:
    """The missing fields that are asked for at a time: in a mail all of them, in Slack three, of which a value and its
    currency are one.
    """
    if not in_slack:
        return lacking
    things = [name for name in lacking if name != "currency" or "amount" not in lacking][:_AT_ONCE_IN_SLACK]
    return tuple(name for name in lacking if name in things or (name == "currency" and "amount" in things))


def required(program: Program) -> tuple[str, ...]:
    """A value without its currency is no value, so an amount asks for both."""
    names = program.deal_rules.required
    if "amount" in names and "currency" not in names:
        at = names.index("amount") + 1
        return (*names[:at], "currency", *names[at:])
    return names


def not_customers(facts: Facts) -> tuple[str, ...]:
    """Domains that tell no customer: the partner's own and the vendor's."""
    return (*facts.partner.domains, facts.program.vendor.agent_address.rpartition("@")[2])


def _is_no_name(name: str, value: Any) -> bool:
    """Whether what was taken for a name is an address, or a yes or no: nobody is called so."""
    if name not in ("customer", "contact_name"):
        return False
    return "@" in value or (name == "contact_name" and value.casefold().rstrip(".!") in _NO_NAMES)


def _tidy(value: Any) -> Any:
    """Plain text on one line and of sane length; control characters become spaces. Other values stay."""
    if type(value) is not str:
        return value
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())[:_TEXT_LIMIT]


def _good(name: str, value: Any, facts: Facts) -> Any:
    """The value to keep, or None when it cannot be right."""
    if isinstance(value, Decimal):
        return value if value.is_finite() and 0 < value < _AMOUNT_LIMIT else None
    if isinstance(value, date):
        return value if value >= facts.now.date() else None
    if isinstance(value, int):
        return value if 0 < value < _COUNT_LIMIT else None
    if name == "products":
        known = {p.name for p in facts.program.products}
        return tuple(p for p in value if p in known) or None
    return _good_text(name, value, facts)


def _address(said: str) -> str | None:
    """An address in lower case, its host in the letters of DNS."""
    local, at, host = said.lower().rpartition("@")
    address = f"{local}{at}{in_dns(host)}"
    return address if _ADDRESS.match(address) else None


def _good_text(name: str, value: str, facts: Facts) -> str | None:
    if name == "customer_domain":
        return web_domain(value) or None
    if name == "contact_email":
        return _address(value)
    if name == "currency":
        return value.upper() if value.upper() in facts.program.vendor.currencies else None
    return value
