"""The policy decides how closely a domain must fit; a fail of it is beaten by no pass of another domain."""

from __future__ import annotations

import pytest

from mail_ingest.authentication.bounds import DEFAULT
from mail_ingest.authentication.dmarc import Policy, find_policy
from mail_ingest.authentication.lookups import Lookups
from tests.fakes.dkim_keys import rsa_key, sign
from tests.fakes.zone import Zone
from tests.unit.mail_ingest.authentication.checking import DOMAIN, PEER, check, letter, publish


def policy(*records: str | bytes, author: str = DOMAIN, at: str = DOMAIN) -> Policy | None:
    zone = Zone()
    zone.add(f"_dmarc.{at}", "TXT", *records)
    return find_policy(author, Lookups(zone), DEFAULT)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ("v=DMARC1; p=reject", Policy(DOMAIN, "reject", strict_dkim=False, strict_spf=False)),
        ("v=DMARC1;p=none;adkim=s;aspf=r", Policy(DOMAIN, "none", strict_dkim=True, strict_spf=False)),
        (
            " v = DMARC1 ; P = Quarantine ; ASPF = S ; x; =; y=",
            Policy(DOMAIN, "quarantine", strict_dkim=False, strict_spf=True),
        ),
        ("v=DMARC1; p=none; adkim=strict", Policy(DOMAIN, "none", strict_dkim=True, strict_spf=False)),
        ("v=DMARC1; p=none; adkim=r; adkim=s", Policy(DOMAIN, "none", strict_dkim=False, strict_spf=False)),
        ("v=DMARC1; p=banana; rua=mailto:d@x", Policy(DOMAIN, "none", strict_dkim=False, strict_spf=False)),
        ("v=DMARC1; p=banana", None),
        ("v=DMARC1", None),
        ("v=DMARC2; p=reject", None),
        ("v=DMARC10; p=reject", None),
        ("p=reject; v=DMARC1", None),
        ("v=spf1 -all", None),
        ("", None),
        (b"v=DMARC1; p=reject; \xff\x00", Policy(DOMAIN, "reject", strict_dkim=False, strict_spf=False)),
        ("v=DMARC1; p=reject; " + "x" * 5_000, None),
    ],
)
def test_a_record_is_read_as_the_standard_says(record: str | bytes, expected: Policy | None) -> None:
    assert policy(record) == expected


def test_several_records_are_none_and_other_text_beside_one_is_passed_over() -> None:
    assert policy("v=DMARC1; p=reject", "v=DMARC1; p=none") is None
    assert policy("hello", "v=DMARC1; p=reject") is not None


def test_a_subdomain_without_a_record_has_its_organisations() -> None:
    found = policy("v=DMARC1; p=reject; sp=none", author="mail.dach.acme.example")
    assert found == Policy(DOMAIN, "none", strict_dkim=False, strict_spf=False)
    assert policy("v=DMARC1; p=reject", author="mail.acme.co.uk", at="co.uk") is None
    own = policy("v=DMARC1; p=reject", author="mail.acme.co.uk", at="acme.co.uk")
    assert own is not None
    assert own.wish == "reject"


def test_a_policy_that_cannot_be_asked_for_is_temporary() -> None:
    zone = Zone()
    publish(zone)
    zone.fail("_dmarc.acme.example")
    found = check(sign(letter(), rsa_key(), DOMAIN), zone)
    assert (found.kind, found.temporary) == ("", True)


def test_strict_dkim_wants_the_very_domain() -> None:
    zone = Zone()
    publish(zone)
    publish(zone, domain="mail.acme.example")
    zone.add("_dmarc.acme.example", "TXT", "v=DMARC1; p=none; adkim=s")
    assert check(sign(letter(), rsa_key(), DOMAIN), zone).proven
    assert not check(sign(letter(), rsa_key(), "mail.acme.example"), zone).proven


@pytest.mark.parametrize("wish", ["none", "quarantine", "reject"])
def test_a_fail_beats_what_passes_for_another_domain(wish: str) -> None:
    zone = Zone()
    zone.add("_dmarc.acme.example", "TXT", f"v=DMARC1; p={wish}")
    zone.add("evil.example", "TXT", f"v=spf1 ip4:{PEER} -all")
    publish(zone, domain="evil.example")
    found = check(sign(letter(), rsa_key(), "evil.example"), zone, mail_from="x@evil.example", helo="mx.evil.example")
    assert not found.proven
    assert f"dmarc=fail (p={wish} of acme.example)" in found.reason


def test_a_sound_signature_needs_no_answer_from_spf() -> None:
    zone = Zone()
    publish(zone)
    zone.add("_dmarc.acme.example", "TXT", "v=DMARC1; p=none")
    zone.fail("spf.example")
    zone.add("acme.example", "TXT", "v=spf1 include:spf.example -all")
    assert check(sign(letter(), rsa_key(), DOMAIN), zone, mail_from="x@acme.example").proven


def test_a_failed_signature_and_an_spf_without_an_answer_is_temporary() -> None:
    zone = Zone()
    publish(zone, rsa_key(1024))
    zone.add("_dmarc.acme.example", "TXT", "v=DMARC1; p=none")
    zone.fail("spf.example")
    zone.add("acme.example", "TXT", "v=spf1 include:spf.example -all")
    found = check(sign(letter(), rsa_key(), DOMAIN), zone, mail_from="x@acme.example")
    assert (found.kind, found.temporary) == ("", True)
