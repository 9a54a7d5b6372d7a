"""Customers that may be the same although their keys differ: shown to managers, never a reason by themselves."""

from __future__ import annotations

from rapidfuzz import fuzz

from bot.vocabulary.company_names import company_key, name_key
from bot.vocabulary.web_domains import registrable, web_domain
from crm.records import Deal, Lead, Registration

_ALIKE = 90  # of 100: one letter mistyped in a name of ten
_TELLING = 3  # letters: a shorter label of a domain says nothing


def looks_like(wanted: Registration, other: Registration | Deal) -> bool:
    """Another key, but nearly the same name, or the same domain under another ending."""
    return _key(wanted) != _key(other) and _is_near(wanted, other)


def may_come_from(wanted: Registration, lead: Lead) -> bool:
    """Whether the customer may be the one of a lead, whose domain is often not known."""
    own = registrable(web_domain(wanted.customer_domain))
    return bool(own and own == registrable(web_domain(lead.customer_domain))) or _is_near(wanted, lead)


def _is_near(wanted: Registration, other: Registration | Deal | Lead) -> bool:
    ours, theirs = name_key(wanted.customer), name_key(other.customer)
    if ours and theirs and (ours == theirs or fuzz.ratio(ours, theirs) >= _ALIKE):
        return True
    label = _label(wanted.customer_domain)
    return len(label) >= _TELLING and label == _label(other.customer_domain)


def _key(record: Registration | Deal) -> str:
    country = record.customer_country if isinstance(record, Registration) else ""
    return company_key(record.customer_domain, record.customer, country)


def _label(domain: str) -> str:
    return registrable(web_domain(domain)).partition(".")[0]
