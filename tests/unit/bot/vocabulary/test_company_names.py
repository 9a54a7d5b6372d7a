"""What makes two spellings one company, and what keeps two companies apart."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.vocabulary.company_names import LEGAL_FORMS, company_key, name_key
from bot.vocabulary.web_domains import web_domain

LABELS = st.from_regex(r"[a-z][a-z0-9]{2,12}", fullmatch=True).filter(lambda label: label != "www")
SUFFIXES = st.sampled_from(["com", "de", "co.uk", "example", "com.au", "be", "github.io"])
WORDS = st.from_regex(r"[a-z]{3,9}", fullmatch=True).filter(lambda w: w not in LEGAL_FORMS and w not in ("and", "und"))
NAMES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
COUNTRIES = st.sampled_from(["", "DE", "FR", "be"])


@pytest.mark.parametrize(
    "said",
    [
        "acme.co.uk",
        "ACME.CO.UK",
        "www.acme.co.uk",
        "https://www.acme.co.uk/en?x=1",
        "shop.acme.co.uk",
        "lena@mail.acme.co.uk",
        "acme.co.uk.",
        " http://acme.co.uk:8080/ ",
    ],
)
def test_all_ways_to_write_a_web_site_are_one_company(said: str) -> None:
    assert company_key(said, "Acme", "GB") == "acme.co.uk"


@pytest.mark.parametrize(
    "said", ["müller.de", "MÜLLER.de", "xn--mller-kva.de", "https://www.müller.de", "mu\u0308ller.de"]
)
def test_an_international_name_is_one_company_in_either_spelling(said: str) -> None:
    assert company_key(said, "", "") == "xn--mller-kva.de"


@pytest.mark.parametrize(
    "host",
    [
        "gmail.com",
        "www.gmx.de",
        "lena@web.de",
        "hotmail.it",
        "yahoo.com.br",
        "x@qq.com",
        "btinternet.com",
        "co.uk",
        "github.io",
        "",
        "acme",
        "not a domain",
        "1.2.3.4",
    ],
)
def test_a_free_mail_host_and_what_is_no_web_site_leave_the_name_and_country(host: str) -> None:
    assert company_key(host, "Crêperie Émile S.A.R.L.", "fr") == "name:creperie emile|FR"


@pytest.mark.parametrize("nothing", ["", "  ", "—", "&"])
def test_without_web_site_and_name_there_is_no_key(nothing: str) -> None:
    assert company_key("", nothing, "DE") == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme GmbH", "ACME gmbh."),
        ("Acme G.m.b.H.", "Acme"),
        ("Böhm & Söhne KG", "Bohm und Sohne"),
        ("Sørensen A/S", "Sorensen"),
        ("Łódź Cargo sp. z o.o.", "Lodz Cargo Sp z oo"),
        ("Weiß AG", "Weiss"),
    ],
)
def test_case_accents_and_legal_form_make_no_other_company(one: str, other: str) -> None:
    assert company_key("", one, "DE") == company_key("", other, "de")


def test_the_same_name_in_two_countries_is_two_companies() -> None:
    assert company_key("", "Acme", "DE") != company_key("", "Acme", "FR")


@given(label=LABELS, suffix=SUFFIXES, before=st.sampled_from(["", "www.", "shop.", "a.b."]), name=NAMES)
def test_a_key_of_a_web_site_is_its_own_key(label: str, suffix: str, before: str, name: str) -> None:
    key = company_key(f"{before}{label}.{suffix}".upper(), name, "DE")
    assert key == f"{label}.{suffix}"
    assert company_key(key, "", "") == key


@given(one=LABELS, other=LABELS, suffix=SUFFIXES)
def test_different_web_sites_are_different_companies(one: str, other: str, suffix: str) -> None:
    assume(one != other)
    assert company_key(f"{one}.{suffix}", "Acme", "DE") != company_key(f"{other}.{suffix}", "Acme", "DE")


@given(name=NAMES, form=st.sampled_from(sorted(LEGAL_FORMS)), country=COUNTRIES)
def test_a_legal_form_and_capitals_change_no_key(name: str, form: str, country: str) -> None:
    said = f"{name.title()}, {form.upper()}"
    assert company_key("", said, country) == company_key("", name, country.lower())


@given(one=NAMES, other=NAMES, country=COUNTRIES)
def test_different_names_are_different_companies(one: str, other: str, country: str) -> None:
    assume(one.split() != other.split())
    assert company_key("", one, country) != company_key("", other, country)


@given(name=st.text(max_size=40))
def test_a_key_of_any_name_is_its_own_key(name: str) -> None:
    key = name_key(name)
    assert name_key(key) == key
    assert name_key(unicodedata.normalize("NFD", name)) == key


@given(domain=st.text(max_size=60), name=st.text(max_size=60), country=st.text(max_size=3))
def test_whatever_is_said_gives_one_key_and_no_error(domain: str, name: str, country: str) -> None:
    key = company_key(domain, name, country)
    assert key == company_key(f" {domain} ", f" {name} ", f" {country} ")
    assert "\n" not in key


@pytest.mark.parametrize("host", ["co.uk", "github.io", "hotmail.it", "outlook.com.au"])
def test_where_anybody_may_have_a_domain_or_an_address_is_no_companys_web_site(host: str) -> None:
    assert web_domain(host) == ""


@pytest.mark.parametrize("host", ["orange.com", "sky.com", "globex.internal", "acme.github.io"])
def test_a_company_keeps_its_web_site_whatever_else_goes_by_that_name(host: str) -> None:
    assert web_domain(host) == host
