"""DKIM proves the author's domain only with a sound signature over the whole mail as it is read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.fakes.dkim_keys import SIGNED, Key, ed25519_key, public_record, rsa_key, sign, weak_rsa_key
from tests.fakes.zone import Zone
from tests.unit.mail_ingest.authentication.checking import BODY, DOMAIN, NOW, check, letter, publish


@pytest.fixture
def zone() -> Zone:
    zone = Zone()
    publish(zone)
    return zone


@pytest.mark.parametrize("form", ["relaxed/relaxed", "relaxed/simple", "simple/simple", "simple/relaxed", "relaxed"])
@pytest.mark.parametrize("key", [rsa_key(), rsa_key(1024), ed25519_key()], ids=["rsa-2048", "rsa-1024", "ed25519"])
def test_a_sound_signature_proves_the_author(key: Key, form: str) -> None:
    zone = Zone()
    publish(zone, key)
    proof = check(sign(letter(), key, DOMAIN, form=form), zone)
    assert (proof.kind, proof.reason) == ("dkim", "dkim=pass for acme.example")


def test_with_a_policy_it_is_a_pass_of_that(zone: Zone) -> None:
    zone.add("_dmarc.acme.example", "TXT", "v=DMARC1; p=reject")
    proof = check(sign(letter(), rsa_key(), DOMAIN), zone)
    assert proof.kind == "dmarc"
    assert "dkim=pass" in proof.reason


def test_spaces_and_case_that_the_relaxed_form_forgives_are_forgiven(zone: Zone) -> None:
    signed = sign(letter(), rsa_key(), DOMAIN)
    changed = signed.replace(b"register   Kilbride Pharma \r\n", b"register Kilbride Pharma\r\n")
    changed = changed.replace(b"Subject: A deal", b"SUBJECT:  A\r\n  deal  ") + b"\r\n\r\n"
    assert check(changed, zone).proven


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"Kilbride", b"Kilbryde"),
        (b"Subject: A deal", b"Subject: Another deal"),
        (b"sara@acme.example>\r\nTo", b"ceo@acme.example>\r\nTo"),
        (b"Sara Lind", b"Tom Lind"),
        (b"\r\nSara\r\n", b"\r\nSara\r\nPay it to my other account\r\n"),
        (b"d=acme.example", b"d=mail.acme.example"),
    ],
)
def test_what_was_changed_afterwards_proves_nothing(zone: Zone, before: bytes, after: bytes) -> None:
    signed = sign(letter(), rsa_key(), DOMAIN)
    assert before in signed
    proof = check(signed.replace(before, after), zone)
    assert not proof.proven
    assert not proof.temporary


def test_a_signature_of_another_domain_proves_nobody_and_is_not_looked_up(zone: Zone) -> None:
    publish(zone, domain="evil.example")
    assert not check(sign(letter(), rsa_key(), "evil.example"), zone).proven
    assert ("k1._domainkey.evil.example", "TXT") not in zone.asked


def test_one_own_signature_among_those_of_services_is_enough(zone: Zone) -> None:
    publish(zone, domain="service.example")
    raw = sign(sign(letter(), rsa_key(), DOMAIN), rsa_key(), "service.example")
    assert check(raw, zone).proven


def test_a_broken_own_signature_above_a_sound_one_does_not_hide_it(zone: Zone) -> None:
    raw = sign(sign(letter(), rsa_key(), DOMAIN), ed25519_key(), DOMAIN, selector="gone")
    assert check(raw, zone).proven


def test_the_organisations_domain_signs_for_its_subdomains_and_they_for_it(zone: Zone) -> None:
    publish(zone, domain="mail.acme.example")
    assert check(sign(letter(), rsa_key(), "mail.acme.example"), zone).proven
    assert check(sign(letter(sender="sara@dach.acme.example"), rsa_key(), DOMAIN), zone).proven


def test_neighbours_below_a_public_suffix_do_not_sign_for_each_other() -> None:
    zone = Zone()
    for domain in ("evil.co.uk", "co.uk"):
        publish(zone, domain=domain)
        assert not check(sign(letter(sender="ann@acme.co.uk"), rsa_key(), domain), zone).proven


@pytest.mark.parametrize(("bits", "words"), [(512, "512 bits"), (768, "768 bits")])
def test_a_weak_key_gives_no_authority(bits: int, words: str) -> None:
    zone = Zone()
    publish(zone, weak_rsa_key(bits))
    proof = check(sign(letter(), weak_rsa_key(bits), DOMAIN), zone)
    assert not proof.proven
    assert words in proof.reason


def test_the_weak_keys_of_these_tests_are_sound_but_for_their_size() -> None:
    zone = Zone()
    publish(zone, weak_rsa_key(1024))
    assert check(sign(letter(), weak_rsa_key(1024), DOMAIN), zone).proven


@pytest.mark.parametrize(
    ("tags", "words"),
    [
        ({"l": "10"}, "l="),
        ({"l": "0"}, "l="),
        ({"l": "99999999"}, "l="),
        ({"x": str(int(NOW.timestamp()) - 60)}, "expired"),
        ({"x": str(int(NOW.timestamp()))}, "expired"),
        ({"x": "soon"}, "x="),
        ({"a": "rsa-sha1"}, "rsa-sha1"),
        ({"v": "2"}, "fit"),
        ({"s": "k 1"}, "selector"),
        ({"c": "nowsp/nowsp"}, "c="),
        ({"i": "@evil.example"}, "fit"),
        ({"q": "https"}, "fit"),
        ({"t": "99999999999"}, "fit"),
    ],
)
def test_a_signature_with_such_a_tag_gives_no_authority(zone: Zone, tags: dict[str, str], words: str) -> None:
    form = "relaxed/relaxed"
    raw = sign(letter(), rsa_key(), DOMAIN, form=form, tags=tags)
    proof = check(raw, zone)
    assert not proof.proven
    assert words in proof.reason


def test_a_length_that_is_that_of_the_whole_body_takes_nothing_away(zone: Zone) -> None:
    relaxed = BODY.replace("   ", " ").replace(" \r\n", "\r\n")
    assert check(sign(letter(), rsa_key(), DOMAIN, tags={"l": str(len(relaxed))}), zone).proven
    appended = sign(letter(), rsa_key(), DOMAIN, tags={"l": str(len(relaxed))}) + b"<b>and pay</b>\r\n"
    assert not check(appended, zone).proven


def test_a_signature_that_has_not_expired_yet_stands(zone: Zone) -> None:
    raw = sign(letter(), rsa_key(), DOMAIN, tags={"x": str(int((NOW + timedelta(days=3650)).timestamp()))})
    assert check(raw, zone).proven


@pytest.mark.parametrize("missing", ["from", "subject", "date"])
def test_what_says_who_and_what_has_to_be_signed(zone: Zone, missing: str) -> None:
    names = [name for name in SIGNED if name != missing]
    proof = check(sign(letter(), rsa_key(), DOMAIN, names=names), zone)
    assert not proof.proven
    assert f"the {missing.capitalize()} is not among the signed fields" in proof.reason


def test_a_signature_made_long_ago_gives_no_authority(zone: Zone) -> None:
    """Somebody kept the mail and sends it once more."""
    made = {"t": str(int(NOW.timestamp()))}
    assert check(sign(letter(), rsa_key(), DOMAIN, tags=made), zone, received=NOW + timedelta(days=6)).proven
    late = check(sign(letter(), rsa_key(), DOMAIN, tags=made), zone, received=NOW + timedelta(days=15))
    assert not late.proven
    assert "long before" in late.reason


def test_whether_the_message_id_is_signed_is_told(zone: Zone) -> None:
    names = [name for name in SIGNED if name != "message-id"]
    assert check(sign(letter(), rsa_key(), DOMAIN, names=[*names, "message-id"]), zone).id_signed
    proof = check(sign(letter(), rsa_key(), DOMAIN, names=names), zone)
    assert (proof.proven, proof.id_signed) == (True, False)


def test_a_subject_put_over_a_mail_that_had_none_proves_nothing(zone: Zone) -> None:
    raw = sign(letter().replace(b"Subject: A deal\r\n", b""), rsa_key(), DOMAIN, names=["from", "to", "date"])
    assert check(raw, zone).proven
    assert not check(b"Subject: Withdraw all our deals\r\n" + raw, zone).proven


@pytest.mark.parametrize(
    "field",
    [
        b"From: Eve <eve@evil.example>", b"From: Sara Lind <sara@acme.example>", b"from: eve@evil.example",
        b"Subject: Withdraw all our deals", b"Reply-To: eve@acme.example\r\nReply-To: eve@evil.example",
        b"Content-Type: text/html\r\nContent-Type: text/plain", b"To: somebody@else.example",
    ],
)  # fmt: skip
@pytest.mark.parametrize("below", [False, True])
def test_a_field_that_stands_twice_proves_nothing(zone: Zone, field: bytes, below: bool) -> None:
    signed = sign(letter(), rsa_key(), DOMAIN, names=[*SIGNED, "from"])
    raw = signed.replace(b"\r\n\r\n", b"\r\n" + field + b"\r\n\r\n", 1) if below else field + b"\r\n" + signed
    assert not check(raw, zone).proven


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ("", "no such key"),
        ("v=DKIM1; k=rsa; p=", "revoked"),
        ("v=DKIM1; k=rsa", "revoked"),
        ("v=DKIM2; k=rsa; p=AAAA", "version"),
        ("v=DKIM1; k=rsa; p=AAAA", "cannot be read"),
        ("v=DKIM1; k=rsa; p=!!!!", "cannot be read"),
        ("v=DKIM1; k=ed25519; p=AAAA", "another kind"),
        ("v=DKIM1; k=dsa; p=AAAA", "another kind"),
        ("no record at all", "cannot be read"),
        ("v=DKIM1; p=AAAA; p=BBBB", "cannot be read"),
        ("\0\xff=\x01;;=;", "cannot be read"),
        ("v=DKIM1; k=rsa; p=" + "A" * 20_000, "too long"),
        (rsa_key().record + "; t=y", "tries DKIM out"),
        (rsa_key().record + "; h=sha1", "not for SHA-256"),
        (rsa_key().record + "; s=tlsrpt", "not for mail"),
        (public_record((1 << 2047) + 1, (1 << 2046) + 1), "larger than is checked"),
        (public_record((1 << 9001) + 1, 65537), "larger than is checked"),
        (public_record((1 << 2047) + 1, 1), "larger than is checked"),
        (public_record(0, 0), "0 bits"),
        (rsa_key(1024).record, "does not fit"),
    ],
)
def test_a_key_that_is_not_sound_gives_no_authority(record: str, words: str) -> None:
    zone = Zone()
    if record:
        zone.add("k1._domainkey.acme.example", "TXT", record.encode("latin-1"))
    proof = check(sign(letter(), rsa_key(), DOMAIN), zone)
    assert not proof.proven
    assert not proof.temporary
    assert words in proof.reason


def test_two_keys_under_one_name_are_none(zone: Zone) -> None:
    zone.add("k1._domainkey.acme.example", "TXT", rsa_key(1024).record)
    assert "several keys" in check(sign(letter(), rsa_key(), DOMAIN), zone).reason


def test_a_key_that_is_not_for_subdomains_does_not_sign_for_them() -> None:
    zone = Zone()
    zone.add("k1._domainkey.acme.example", "TXT", rsa_key().record + "; t=s")
    assert check(sign(letter(), rsa_key(), DOMAIN), zone).proven
    assert not check(sign(letter(), rsa_key(), DOMAIN, tags={"i": "@x.acme.example"}), zone).proven


def test_a_dns_failure_is_no_fail_but_temporary(zone: Zone) -> None:
    zone.fail("k1._domainkey.acme.example", "timeout")
    proof = check(sign(letter(), rsa_key(), DOMAIN), zone)
    assert (proof.kind, proof.temporary) == ("", True)
    assert "temperror" in proof.reason


def test_a_key_behind_a_cname_is_found_and_a_loop_of_them_is_no_answer() -> None:
    zone = Zone()
    zone.alias("k1._domainkey.acme.example", "k1.service.example")
    zone.add("k1.service.example", "TXT", rsa_key().record)
    assert check(sign(letter(), rsa_key(), DOMAIN), zone).proven
    zone.alias("k1.service.example", "k1._domainkey.acme.example")
    assert check(sign(letter(), rsa_key(), DOMAIN), zone).temporary


def test_no_more_than_five_signatures_of_a_domain_are_checked(zone: Zone) -> None:
    raw = sign(letter(), rsa_key(), DOMAIN)
    for number in range(40):
        raw = sign(raw, ed25519_key(), DOMAIN, selector=f"n{number}")
    assert not check(raw, zone).proven
    assert sum("_domainkey" in name for name, _ in zone.asked) == 5


def test_bytes_beyond_ascii_are_signed_as_they_are(zone: Zone) -> None:
    plain = letter(sender=f"Søren Łukasz <sara@{DOMAIN}>", body="Größe: 12 €\r\n\r\n\0\x01\r\n")
    raw = sign(plain, rsa_key(), DOMAIN)
    assert check(raw, zone).proven
    assert not check(raw.replace("€".encode(), b"$"), zone).proven


def test_a_mail_with_bare_line_feeds_is_signed_as_it_is_read(zone: Zone) -> None:
    assert check(sign(letter(), rsa_key(), DOMAIN).replace(b"\r\n", b"\n"), zone).proven


def test_the_signature_of_another_customer_of_the_same_host_proves_nobody(zone: Zone) -> None:
    victim, own = "acme.onmicrosoft.com", "evil.onmicrosoft.com"
    for domain in (victim, own):
        publish(zone, domain=domain)
    raw = letter(sender=f"Sara Lind <sara@{victim}>")
    assert not check(sign(raw, rsa_key(), own), zone).proven
    assert check(sign(raw, rsa_key(), victim), zone).proven
