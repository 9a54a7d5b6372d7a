"""Addresses in their normal form, organisations, and the keys in our own reply addresses."""

from __future__ import annotations

import pytest

from mail_ingest.address import (
    is_shared_host,
    normalised,
    of_organisation,
    organisational_domain,
    read_addresses,
    reply_keys,
    same_organisation,
)

KEY = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("given", "normal"),
    [
        (" <Ann@Acme.Example> ", "ann@acme.example"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
        ("ann@acme.example.", "ann@acme.example"),
        ("ann", ""),
        ("", ""),
        ("a b@acme.example", ""),
        ("a@b@acme.example", ""),
        ("ann@acme.example\r\nBcc: eve@evil.example", ""),
        ("ann@" + "x" * 70 + ".example", ""),
        ("ann@.example", ""),
    ],
)
def test_an_address_has_one_form_or_none(given: str, normal: str) -> None:
    assert normalised(given) == normal


@pytest.mark.parametrize(
    ("domain", "organisation"),
    [
        ("mail.acme.co.uk", "acme.co.uk"),
        ("acme.com", "acme.com"),
        ("a.b.c.acme.example", "acme.example"),
        ("co.uk", "co.uk"),
        ("", ""),
    ],
)
def test_the_organisation_of_a_domain(domain: str, organisation: str) -> None:
    assert organisational_domain(domain) == organisation


def test_nothing_is_of_no_organisation() -> None:
    assert not same_organisation("", "")
    assert same_organisation("mail.acme.example", "ACME.example")


@pytest.mark.parametrize(
    ("address", "domains"),
    [
        ("ann@acme.example", ("acme.example",)),
        ("Ann@Sales.ACME.example", ("other.example", "acme.example")),
        ("ann@acme.co.uk", ("mail.acme.co.uk",)),
        ("ann@bücher.example", ("xn--bcher-kva.example",)),
    ],
)
def test_an_address_at_an_organisations_own_domain(address: str, domains: tuple[str, ...]) -> None:
    assert of_organisation(address, domains)


@pytest.mark.parametrize(
    ("address", "domains"),
    [
        ("ann@acme.example", ()),
        ("ann@evilacme.example", ("acme.example",)),
        ("ann@acme.example.evil.example", ("acme.example",)),
        ("ann@gmail.com", ("gmail.com",)),
        ("ann@arcor.de", ("arcor.de",)),
        ("ann@mac.com", ("mac.com",)),
        ("ann@acme.onmicrosoft.com", ("acme.onmicrosoft.com",)),
        ("ann@onmicrosoft.com", ("onmicrosoft.com",)),
        ("ann@co.uk", ("co.uk",)),
        ("ann@github.io", ("github.io",)),
        ("acme.example", ("acme.example",)),
        ("", ("",)),
        ("ann@", ("",)),
    ],
)
def test_an_address_that_anybody_may_have_is_no_organisations(address: str, domains: tuple[str, ...]) -> None:
    assert not of_organisation(address, domains)


def test_hosts_that_strangers_share() -> None:
    assert is_shared_host("gmail.com")
    assert is_shared_host("mail.yahoo.co.uk")
    assert not is_shared_host("acme.example")


def test_names_are_decoded_and_kept_on_one_line() -> None:
    (box,) = read_addresses("=?utf-8?q?J=C3=BCrg=0D=0ABcc=3A_eve?= <j@acme.example>", 10)
    assert box.name == "Jürg Bcc: eve"
    assert box.address == "j@acme.example"


def test_an_address_inside_a_display_name_is_no_address() -> None:
    assert [box.address for box in read_addresses('"boss@acme.example" <eve@evil.example>', 10)] == ["eve@evil.example"]


def test_keys_are_found_in_the_envelope_and_in_every_header_that_names_a_recipient() -> None:
    other = KEY[::-1]
    headers = (("Delivered-To", f"reply+{other}@vendor.example"), ("Cc", f"Agent <Reply+{KEY.upper()}@vendor.example>"))
    assert reply_keys((f"reply+{KEY}@vendor.example",), headers) == (KEY, other)


@pytest.mark.parametrize(
    "address", ["reply@v.example", f"reply+{KEY}0@v.example", "reply+xyz@v.example", f"x-reply+{KEY}@v.example"]
)
def test_what_is_no_key_is_none(address: str) -> None:
    assert reply_keys((address,), ()) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("acme.onmicrosoft.com", "evil.onmicrosoft.com"),
        ("acme.mail.onmicrosoft.com", "evil.mail.onmicrosoft.com"),
        ("acme.zendesk.com", "evil.zendesk.com"),
        ("acme-com.20230601.gappssmtp.com", "evil-com.20230601.gappssmtp.com"),
        ("acme.github.io", "evil.github.io"),
        ("acme.co.uk", "co.uk"),
        ("zendesk.com", "evil.zendesk.com"),
    ],
)
def test_customers_of_one_host_are_no_organisation(one: str, other: str) -> None:
    """Microsoft signs each customer's mail for the domain it gave him, which the Public Suffix List leaves out."""
    assert not same_organisation(one, other)
    assert same_organisation(one, one)
