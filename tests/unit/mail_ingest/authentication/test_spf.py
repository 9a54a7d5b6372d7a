"""SPF proves the author's domain only where the envelope is of that domain and its record means this machine."""

from __future__ import annotations

import pytest

from mail_ingest.authentication.proof import SenderProof
from tests.fakes.zone import Zone
from tests.unit.mail_ingest.authentication.checking import DOMAIN, PEER, check, letter

BOUNCES = f"bounces@{DOMAIN}"


def proof(record: str, *more: str, mail_from: str = BOUNCES, peer: str = PEER, zone: Zone | None = None) -> SenderProof:
    zone = zone or Zone()
    zone.add(DOMAIN, "TXT", "some-verification=1", b"\xff\xfe", record, *more)
    return check(letter(), zone, mail_from=mail_from, peer=peer)


@pytest.mark.parametrize(
    ("record", "result"),
    [
        ("v=spf1 ip4:198.51.100.0/24 -all", "pass"),
        ("V=SPF1 IP4:198.51.100.7 -ALL", "pass"),
        ("v=spf1 ip4:198.51.100.8 -all", "fail"),
        ("v=spf1 ip4:198.51.100.8 ~all", "softfail"),
        ("v=spf1 ?ip4:198.51.100.7 -all", "neutral"),
        ("v=spf1 ?all", "neutral"),
        ("v=spf1", "neutral"),
        ("v=spf10 ip4:198.51.100.7", "none"),
        ("v=spf1 ip4:198.51.100.7/99 -all", "permerror"),
        ("v=spf1 ip4:198.51.100.7 unheard-of -all", "permerror"),
        ("v=spf1 a:%{nonsense} -all", "permerror"),
        ("v=spf1 include:acme.example -all", "permerror"),
        ("v=spf1 redirect=nothing.example", "permerror"),
        ("v=spf1 ip4:198.51.100.7" + " ip4:192.0.2.1" * 400, "permerror"),
        ("v=spf1 " + "%{" * 1_000, "permerror"),
        ("v=spf1 a:" + "a" * 2_000 + "- -all", "permerror"),
    ],
)
def test_only_a_pass_of_the_record_is_a_proof(record: str, result: str) -> None:
    found = proof(record)
    assert found.proven == (result == "pass")
    assert f"spf={result} for acme.example" in found.reason
    assert not found.temporary


def test_with_a_policy_it_is_a_pass_of_that() -> None:
    zone = Zone()
    zone.add("_dmarc.acme.example", "TXT", "v=DMARC1; p=none")
    assert proof("v=spf1 ip4:198.51.100.7 -all", zone=zone).kind == "dmarc"
    assert proof("v=spf1 ip4:198.51.100.7 -all").kind == "spf"


def test_names_are_followed() -> None:
    zone = Zone()
    zone.add("acme.example", "MX", b"10 mx1.acme.example", b"5 mx0.acme.example")
    zone.add("mx0.acme.example", "A", "192.0.2.1")
    zone.add("mx1.acme.example", "A", PEER)
    assert proof("v=spf1 mx -all", zone=zone).proven
    zone = Zone()
    zone.add("_spf.acme.example", "TXT", "v=spf1 a:out.acme.example -all")
    zone.add("out.acme.example", "A", PEER)
    assert proof("v=spf1 include:_spf.acme.example -all", zone=zone).proven
    assert check(letter(), zone, mail_from=BOUNCES).proven
    zone = Zone()
    zone.add("7.100.51.198.in-addr.arpa", "PTR", "out.acme.example")
    zone.add("out.acme.example", "A", PEER)
    assert proof("v=spf1 ptr -all", zone=zone).proven


def test_ip6_and_ip4_inside_ip6() -> None:
    assert proof("v=spf1 ip6:2001:db8::/32 -all", peer="2001:db8::7").proven
    assert proof("v=spf1 ip4:198.51.100.7 -all", peer="::ffff:198.51.100.7").proven
    assert not proof("v=spf1 ip4:198.51.100.7 -all", peer="2001:db8::7").proven


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "10.1.2.3", "192.168.0.1", "fd00::1", "::ffff:10.1.2.3"])
def test_a_machine_of_our_own_network_is_nobodys_whatever_a_record_names(peer: str) -> None:
    plain = peer.removeprefix("::ffff:")
    found = proof(f"v=spf1 ip{6 if ':' in plain else 4}:{plain} -all", peer=peer)
    assert not found.proven
    assert "not handed over from the internet" in found.reason


def test_a_name_with_thousands_of_addresses_is_not_looked_through() -> None:
    zone = Zone()
    zone.add("a.example", "A", *(f"192.0.{n >> 8}.{n & 255}" for n in range(4_000)), PEER)
    assert not proof("v=spf1 a:a.example -all", zone=zone).proven


@pytest.mark.parametrize("peer", ["", "mx", "999.1.1.1", "list", "\0"])
def test_a_peer_without_an_address_proves_nothing(peer: str) -> None:
    assert not proof("v=spf1 +all", peer=peer).proven


@pytest.mark.parametrize(
    "record",
    ["v=spf1 +all", "v=spf1 all", "v=spf1 ip4:0.0.0.0/0 -all", "v=spf1 ip4:128.0.0.0/1 ip4:0.0.0.0/1 -all",
     "v=spf1 include:open.example -all", "v=spf1 exists:always.example -all"],
)  # fmt: skip
def test_a_record_that_lets_everybody_pass_proves_nobody(record: str) -> None:
    zone = Zone()
    zone.add("open.example", "TXT", "v=spf1 +all")
    zone.add("always.example", "A", "127.0.0.1")
    found = proof(record, zone=zone)
    assert not found.proven
    assert "every machine" in found.reason


def test_two_records_are_an_error() -> None:
    assert "permerror" in proof("v=spf1 ip4:198.51.100.7 -all", "v=spf1 -all").reason


def test_no_record_is_none() -> None:
    assert "spf=none" in check(letter(), Zone(), mail_from=BOUNCES).reason


@pytest.mark.parametrize(
    "mail_from",
    ["eve@evil.example", "eve@acme.example.evil.example", "eve@evil-acme.example", '"x@acme.example"@evil.example',
     "sara@acme.example@evil.example", "acme.example", "@", "sara@", "x" * 5_000],
)  # fmt: skip
def test_an_envelope_of_another_domain_proves_nothing_and_costs_no_lookup(mail_from: str) -> None:
    zone = Zone()
    zone.add("evil.example", "TXT", f"v=spf1 ip4:{PEER} -all")
    found = proof(f"v=spf1 ip4:{PEER} -all", mail_from=mail_from, zone=zone)
    if mail_from != "acme.example":
        assert not found.proven
    assert ("evil.example", "TXT") not in zone.asked


def test_the_empty_sender_is_judged_by_helo() -> None:
    zone = Zone()
    zone.add("out.acme.example", "TXT", f"v=spf1 ip4:{PEER} -all")
    assert check(letter(), zone, helo="out.acme.example").kind == "spf"
    assert not check(letter(), zone, helo="out.evil.example").proven
    assert not check(letter(), zone, helo="[198.51.100.7]").proven
    assert not check(letter(), zone, helo="out.acme.example", mail_from="eve@evil.example").proven


def test_subdomains_are_of_the_organisation_unless_the_policy_is_strict() -> None:
    zone = Zone()
    zone.add("bounce.acme.example", "TXT", f"v=spf1 ip4:{PEER} -all")
    assert check(letter(), zone, mail_from="x@bounce.acme.example").proven
    zone.add("_dmarc.acme.example", "TXT", "v=DMARC1; p=none; aspf=s")
    assert not check(letter(), zone, mail_from="x@bounce.acme.example").proven


def looping(zone: Zone, count: int, step: str) -> None:
    for number in range(count):
        zone.add(f"l{number}.example", "TXT", f"v=spf1 {step.format((number + 1) % count)}")


@pytest.mark.parametrize("step", ["include:l{0}.example -all", "redirect=l{0}.example"])
@pytest.mark.parametrize("count", [2, 30])
def test_records_that_lead_in_a_circle_end(step: str, count: int) -> None:
    zone = Zone()
    looping(zone, count, step)
    found = proof("v=spf1 include:l0.example -all", zone=zone)
    assert "permerror" in found.reason
    assert len(zone.asked) < 20


def test_lookups_of_nothing_end_after_two() -> None:
    zone = Zone()
    found = proof("v=spf1 a:n1.example a:n2.example a:n3.example ip4:198.51.100.7 -all", zone=zone)
    assert "permerror" in found.reason


def test_a_record_cannot_make_us_ask_for_ever() -> None:
    zone = Zone()
    for number in range(10):
        zone.add(f"m{number}.example", "MX", *(f"{n} h{n}.m{number}.example".encode() for n in range(10)))
        for host in range(10):
            zone.add(f"h{host}.m{number}.example", "A", "192.0.2.1")
    found = proof("v=spf1 " + " ".join(f"mx:m{n}.example" for n in range(10)) + " -all", zone=zone)
    assert "permerror" in found.reason
    assert len(zone.asked) < 60


def test_garbage_where_addresses_and_names_should_be_is_an_error() -> None:
    zone = Zone()
    zone.add("a.example", "A", b"\xff\xff", "no address")
    assert "permerror" in proof("v=spf1 a:a.example -all", zone=zone).reason
    zone = Zone()
    zone.add("a.example", "MX", b"ten mx.example", b"")
    assert "permerror" in proof("v=spf1 mx:a.example -all", zone=zone).reason


@pytest.mark.parametrize("failing", ["acme.example", "later.example"])
def test_a_dns_failure_is_temporary(failing: str) -> None:
    zone = Zone()
    zone.add("_dmarc.acme.example", "TXT", "v=DMARC1; p=none")
    zone.fail(failing)
    found = check(letter(), zone, mail_from=BOUNCES) if failing == DOMAIN else None
    found = found or proof("v=spf1 include:later.example -all", zone=zone)
    assert (found.kind, found.temporary) == ("", True)


def test_a_failing_lookup_behind_what_already_passed_is_not_needed() -> None:
    zone = Zone()
    zone.fail("later.example")
    assert proof(f"v=spf1 ip4:{PEER} include:later.example -all", zone=zone).temporary  # nobody knows if all may pass
    assert proof(f"v=spf1 ip4:{PEER} -all").proven
