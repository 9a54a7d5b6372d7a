"""When two names or domains mean the same customer."""

from __future__ import annotations

import pytest

from bot.intents.customer import same_customer


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
