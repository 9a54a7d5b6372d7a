"""A forwarded mail is proven by the chain of listed servers alone, and by what the first of them found out."""

from __future__ import annotations

import base64
import hashlib
import time
from typing import Any

import dkim
import pytest
from dkim.canonicalization import CanonicalizationPolicy

from mail_ingest.authentication.proof import SenderProof
from tests.fakes.dkim_keys import rsa_key, sign
from tests.fakes.zone import Zone
from tests.unit.mail_ingest.authentication.checking import check, letter, publish

LIST = "lists.example"
HOST = "host.example"
PASSED = "dmarc=pass header.from=acme.example"


def seal(
    raw: bytes, sealer: str, results: str, *, instance: int = 1, cv: str = "", names: str = "from : to : subject"
) -> bytes:
    """The mail with one ARC set more, as the sealer's server makes it after its own check."""
    key = rsa_key()
    policy = CanonicalizationPolicy.from_c_value(b"relaxed/relaxed")
    signer: Any = dkim.ARC(raw)
    signer.hasher = hashlib.sha256
    _, earlier = signer.sorted_arc_headers()
    sets = [header for _, header in earlier]

    def field(name: bytes, tags: dict[str, str], include: list[bytes]) -> bytes:
        pairs = [(k.encode(), v.encode()) for k, v in (tags | {"b": "0" * 60}).items()]
        return bytes(signer.gen_header(pairs, include, policy, name, key.private))

    def put(name: bytes, value: bytes) -> None:
        sets.insert(0, (name, value))
        signer.headers = policy.canonicalize_headers(sets[:1]) + signer.headers

    put(b"ARC-Authentication-Results", f" i={instance}; mx.{sealer}; {results}\r\n".encode())
    now = str(int(time.time()))
    body = base64.b64encode(hashlib.sha256(policy.canonicalize_body(signer.body)).digest()).decode()
    common = {"i": str(instance), "a": "rsa-sha256", "d": sealer, "s": "k1", "t": now}
    signed = [n.strip().encode() for n in names.split(":")]
    made = field(b"ARC-Message-Signature", common | {"c": "relaxed/relaxed", "h": names, "bh": body}, signed)
    put(b"ARC-Message-Signature", made)
    order = [name.lower() for name, _ in sets][::-1]
    tags = {"i": str(instance), "cv": cv or ("none" if instance == 1 else "pass")} | common
    put(b"ARC-Seal", field(b"ARC-Seal", tags, order))
    top = b"".join(name + b": " + value.lstrip() for name, value in (sets[0], sets[1], sets[2]))
    return top + raw


def through(*results: str, sealers: tuple[str, ...] = (LIST,), raw: bytes | None = None) -> bytes:
    """A partner's mail that a list changed after it had found `results`, one hop for each."""
    broken = sign(letter(), rsa_key(1024), "acme.example").replace(b"A deal", b"[list] A deal")
    raw = raw or broken
    for number, (found, sealer) in enumerate(zip(results, sealers, strict=True), 1):
        raw = seal(raw, sealer, found, instance=number)
    return raw


@pytest.fixture
def zone() -> Zone:
    zone = Zone()
    publish(zone, domain=LIST)
    publish(zone, domain=HOST)
    zone.add("_dmarc.acme.example", "TXT", "v=DMARC1; p=none")
    return zone


def proof(raw: bytes, zone: Zone, *sealers: str) -> SenderProof:
    return check(raw, zone, sealers=sealers, mail_from="list-bounces@lists.example")


def test_a_listed_sealer_restores_what_it_found(zone: Zone) -> None:
    found = proof(through(PASSED), zone, LIST)
    assert found.kind == "arc"
    assert "dmarc=pass" in found.reason


def test_a_sealer_that_is_not_listed_restores_nothing(zone: Zone) -> None:
    assert not proof(through(PASSED), zone).proven
    unlisted = proof(through(PASSED), zone, HOST)
    assert not unlisted.proven
    assert f"{LIST} is no listed sealer" in unlisted.reason
    assert not proof(through(PASSED), zone, "example").proven


def test_what_others_wrote_is_told_without_control_characters(zone: Zone) -> None:
    found = proof(letter(*[f"ARC-{name}: i=1; d=\x1b[31m.example" for name in
                           ("Seal", "Message-Signature", "Authentication-Results")]), zone, LIST)  # fmt: skip
    assert not found.proven
    assert found.reason.isprintable()


@pytest.mark.parametrize(
    "results",
    [
        "dmarc=fail header.from=acme.example", "dmarc=pass header.from=evil.example", "none",
        "dkim=pass header.d=evil.example", "spf=pass smtp.mailfrom=evil.example",
        "dmarc=fail header.from=acme.example; dkim=pass header.d=acme.example", "dmarc=pass (", "arc=pass",
    ],
)  # fmt: skip
def test_what_the_first_server_did_not_find_is_not_restored(zone: Zone, results: str) -> None:
    assert not proof(through(results), zone, LIST).proven


def test_every_server_of_the_chain_has_to_be_listed(zone: Zone) -> None:
    raw = through(PASSED, "arc=pass", sealers=(LIST, HOST))
    assert proof(raw, zone, LIST, HOST).kind == "arc"
    assert not proof(raw, zone, LIST).proven
    assert not proof(raw, zone, HOST).proven


def test_what_a_later_server_says_it_found_is_not_the_first_ones_word(zone: Zone) -> None:
    raw = through("dmarc=fail header.from=acme.example", PASSED, sealers=(LIST, HOST))
    assert not proof(raw, zone, LIST, HOST).proven


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"Kilbride", b"Kilbryde"),
        (b"[list] A deal", b"[list] Another"),
        (b"Sara Lind", b"Tom Lind"),
        (PASSED.encode(), b"dmarc=pass header.from=evil.example"),
        (b"cv=none", b"cv=pass"),
    ],
)
def test_a_chain_that_was_changed_restores_nothing(zone: Zone, before: bytes, after: bytes) -> None:
    raw = through(PASSED)
    assert before in raw
    assert not proof(raw.replace(before, after), zone, LIST).proven


def test_a_chain_that_says_of_itself_that_it_broke_restores_nothing(zone: Zone) -> None:
    raw = seal(through(PASSED), HOST, "arc=fail", instance=2, cv="fail")
    assert not proof(raw, zone, LIST, HOST).proven


def test_a_seal_over_a_mail_whose_sender_is_not_signed_restores_nothing(zone: Zone) -> None:
    raw = seal(letter(), LIST, PASSED, names="to : subject")
    assert "not signed" in proof(raw, zone, LIST).reason


@pytest.mark.parametrize("missing", [b"ARC-Seal", b"ARC-Message-Signature", b"ARC-Authentication-Results"])
def test_a_set_that_is_not_whole_restores_nothing(zone: Zone, missing: bytes) -> None:
    raw = through(PASSED)
    at = raw.lower().index(missing.lower())
    assert not proof(raw[:at] + b"X-" + raw[at:], zone, LIST).proven
    assert not proof(raw[:at] + raw[at : raw.index(b"\r\n", at) + 2] + raw[at:], zone, LIST).proven


def test_a_rewritten_sender_gets_nobodys_authority(zone: Zone) -> None:
    rewritten = letter(sender='"Sara Lind via List" <list@lists.example>')
    found = proof(seal(rewritten, LIST, PASSED), zone, LIST)
    assert not found.proven


def test_a_dns_failure_is_temporary(zone: Zone) -> None:
    zone.fail(f"k1._domainkey.{LIST}")
    found = proof(through(PASSED), zone, LIST)
    assert (found.kind, found.temporary) == ("", True)


def test_a_chain_of_any_length_is_not_followed(zone: Zone) -> None:
    raw = letter()
    for number in range(1, 9):
        raw = seal(raw, LIST, PASSED, instance=number)
    assert not proof(raw, zone, LIST).proven
    assert not any(LIST in name for name, _ in zone.asked)
