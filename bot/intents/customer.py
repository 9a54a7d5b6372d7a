"""When two names or domains mean the same customer; keys after the program's duplicate rules."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz import fuzz

from bot.vocabulary.company_names import company_key, name_key
from bot.vocabulary.web_domains import domain_key, in_letters, web_domain

_ALIKE = 90  # of 100: one letter mistyped in a name of ten


def domain_of_address(address: str, not_a_customer: tuple[str, ...]) -> str:
    """The company domain a contact's address tells, unless it is a free-mail host or one of `not_a_customer`."""
    domain = web_domain(address.rpartition("@")[2])
    return "" if domain_key(domain) in {domain_key(d) for d in not_a_customer} else domain


def same_customer(name: str, domain: str, other_name: str, other_domain: str) -> bool:
    """By the company's domain where both have one, else by name; a name that is not said is nobody's."""
    key, other_key = _by_domain(domain), _by_domain(other_domain)
    if key and other_key:
        return key == other_key
    ours, theirs = name_key(name), name_key(other_name)
    return bool(ours and theirs) and (ours == theirs or fuzz.ratio(ours, theirs) >= _ALIKE)


def may_mean(said: str, name: str, domain: str) -> bool:
    """Whether someone who says `said` ("Acme", "acme.de", "Acme Logistic") may mean this customer."""
    if domain and web_domain(said) and domain_key(web_domain(said)) == domain_key(domain):
        return True
    wanted, known = name_key(said), name_key(name)
    if not wanted or not known:
        return False
    return set(wanted.split()) <= set(known.split()) or fuzz.ratio(wanted, known) >= _ALIKE


def named_by_domain(name: str, domain: str) -> bool:
    """Whether a web domain itself says the name: "acme-foods.example" and "acmefoods.example" say "Acme Foods"."""
    label = in_letters(domain_key(domain)).partition(".")[0].replace("-", " ")
    wanted, known = name_key(name).replace(" ", ""), name_key(label).replace(" ", "")
    if not wanted or not known:
        return False
    return fuzz.ratio(wanted, known) >= _ALIKE or may_mean(name, label, "") or may_mean(label, name, "")


@lru_cache(4_096)  # a table of deals compares each of its rows with each deal that the partner has
def _by_domain(domain: str) -> str:
    return company_key(domain, "", "")
