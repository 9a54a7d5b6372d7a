"""A mail, a zone and the check between them, for the tests of each method."""

from __future__ import annotations

from datetime import UTC, datetime

from mail_ingest.authentication.own_check import OwnCheck
from mail_ingest.authentication.proof import SenderProof
from mail_ingest.envelope import Envelope
from mail_ingest.parse import parse
from tests.fakes.dkim_keys import Key, rsa_key
from tests.fakes.zone import Zone

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
DOMAIN = "acme.example"
PEER = "198.51.100.7"
BODY = "Hello,\r\nplease register   Kilbride Pharma \r\n\r\nSara\r\n"


def letter(*top: str, sender: str = f"Sara Lind <sara@{DOMAIN}>", body: str = BODY) -> bytes:
    """An unsigned mail; `top` are fields put above the others."""
    fields = [
        *top, f"From: {sender}", "To: partners@vendor.example", "Subject: A deal",
        "Date: Fri, 27 Nov 2026 09:00:00 +0000", "Message-ID: <1@acme.example>",
    ]  # fmt: skip
    return "\r\n".join([*fields, "", body]).encode("utf-8", "surrogateescape")


def publish(zone: Zone, key: Key | None = None, *, domain: str = DOMAIN, selector: str = "k1") -> None:
    zone.add(f"{selector}._domainkey.{domain}", "TXT", (key or rsa_key()).record)


def check(
    raw: bytes,
    zone: Zone,
    *,
    mail_from: str = "",
    peer: str = PEER,
    helo: str = "out.unrelated.example",
    received: datetime = NOW,
    sealers: tuple[str, ...] = (),
) -> SenderProof:
    envelope = Envelope(mail_from, ("partners@vendor.example",), peer, helo, raw, received)
    return OwnCheck(zone, arc_sealers=sealers).prove(parse(raw), envelope)
