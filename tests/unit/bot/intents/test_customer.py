"""When two names or domains mean the same customer."""

from __future__ import annotations

import pytest

from bot.intents.customer import named_by_domain, same_customer


@pytest.mark.parametrize("domain", ["müller.de", "https://www.xn--mller-kva.de/", "Shop.Müller.de"])
def test_one_web_site_is_one_customer_however_it_is_written(domain: str) -> None:
    assert same_customer("Müller", "xn--mller-kva.de", "Somebody Else", domain)


def test_two_web_sites_are_two_customers_of_one_name() -> None:
    assert not same_customer("Müller", "mueller.de", "Müller", "müller.de")


def test_a_free_mail_host_on_file_is_no_customers_web_site() -> None:
    assert not same_customer("Acme", "gmail.com", "Globex", "gmail.com")
    assert same_customer("Acme GmbH", "gmail.com", "ACME", "acme.de")


def test_a_name_that_is_not_said_is_nobodys() -> None:
    assert not same_customer("", "", "", "")


@pytest.mark.parametrize(
    ("name", "domain", "says"),
    [
        ("Acme Foods", "acme-foods.example", True),
        ("Acme Foods BV", "www.acmefoods.co.uk", True),
        ("Acme", "acme-foods.example", True),
        ("Acme Foods Germany", "acme-foods.example", True),
        ("Müller", "xn--mller-kva.de", True),
        ("Mueller Bau", "müller-bau.de", True),
        ("Zed", "target.example", False),
        ("Tar", "target.example", False),
        ("Target", "shop.zed.example", False),
        ("", "target.example", False),
        ("Zed", "", False),
    ],
)
def test_a_web_domain_says_a_name_by_its_own_label(name: str, domain: str, says: bool) -> None:
    assert named_by_domain(name, domain) is says
