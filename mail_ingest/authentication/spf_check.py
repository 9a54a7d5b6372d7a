"""SPF on the envelope: may the machine that handed the mail over send for the author's own domain?

Only where the envelope's domain (MAIL FROM, or HELO for the empty sender) is the author's; else it says nothing about
From and is not asked. A record that lets every machine in the world pass says nothing either.
"""

from __future__ import annotations

import ipaddress
from typing import Any

import spf

from mail_ingest.address import domain_of, normalised
from mail_ingest.authentication.alignment import aligned, plain_domain
from mail_ingest.authentication.bounds import Bounds
from mail_ingest.authentication.dns import DnsUnavailable, RecordType
from mail_ingest.authentication.lookups import Lookups
from mail_ingest.authentication.outcome import Outcome
from mail_ingest.envelope import Envelope
from mail_ingest.peers import Peers

# Addresses that send no mail: reserved (RFC 1112), and for discarding (RFC 6666). Where they pass, everybody does.
_NOBODY = {4: "240.0.0.1", 6: "100::1"}
# Records name such addresses by mistake, and whoever sends through a gateway of ours would have them.
_PRIVATE = "10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16 ::1 fc00::/7 fe80::/10"
_INSIDE = Peers(_PRIVATE.split())
_TYPES: dict[str, RecordType] = {"TXT": "TXT", "A": "A", "AAAA": "AAAA", "MX": "MX", "PTR": "PTR"}
_HELO_USER = "postmaster"


def check_spf(envelope: Envelope, domain: str, *, strict: bool, lookups: Lookups, bounds: Bounds) -> Outcome:
    """`domain` is the author's, in normal form; `strict` as its DMARC policy asks."""
    sender, named = _identity(envelope)
    if not aligned(named, domain, strict=strict):
        return Outcome(passed=False, said=f"spf=none for {domain}")
    peer = _plain_ip(envelope.peer)
    if peer is None or _INSIDE.include(str(peer)):
        return Outcome(passed=False, said="spf=none: not handed over from the internet")
    try:
        result = _result(str(peer), sender, envelope.helo, lookups, bounds)
        if result == "pass" and _result(_NOBODY[peer.version], sender, envelope.helo, lookups, bounds) == "pass":
            return Outcome(passed=False, said=f"spf=policy: {named} lets every machine pass")
    except DnsUnavailable as unanswered:
        return Outcome(passed=False, said=f"spf=temperror for {named}: {unanswered}", temporary=True)
    return Outcome(passed=result == "pass", said=f"spf={result} for {named}")


def _identity(envelope: Envelope) -> tuple[str, str]:
    """(address, its domain in normal form). A local part in quotes may hold an @ of its own and is not passed on."""
    if not envelope.mail_from:
        named = plain_domain(envelope.helo)
        return f"{_HELO_USER}@{named}", named
    address = normalised(envelope.mail_from)
    named = domain_of(address) or plain_domain(envelope.mail_from.rpartition("@")[2].strip("<>"))
    return address or f"{_HELO_USER}@{named}", named


def _plain_ip(peer: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The peer's address; a listener of both families sees IPv4 peers inside an IPv6 address."""
    try:
        address = ipaddress.ip_address(peer.partition("%")[0].strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _result(peer: str, sender: str, helo: str, lookups: Lookups, bounds: Bounds) -> str:
    """One of SPF's words; raises `DnsUnavailable`."""
    try:
        return str(_Query(peer, sender, helo, lookups, bounds).check()[0])
    except DnsUnavailable:
        raise
    except Exception:  # noqa: BLE001 - pyspf raises what it likes on hostile records; all of it is no proof
        return "permerror"


class _Query(spf.query):  # type: ignore[misc]
    """One evaluation by pyspf, which asks this check's lookups and not the DNS of its own module."""

    def __init__(self, peer: str, sender: str, helo: str, lookups: Lookups, bounds: Bounds) -> None:
        super().__init__(i=peer, s=sender, h=plain_domain(helo) or "unknown", strict=True)
        self._records = lookups.records
        self._bounds = bounds
        self._asked = 0

    def dns(self, name: Any, qtype: str, cnames: Any = None, ignore_void: bool = False) -> list[Any]:  # noqa: ARG002 - pyspf's
        """Overrides pyspf's, which also follows CNAMEs; the resolver has done that."""
        plain = str(name).rstrip(".").lower()
        if not all(0 < len(label) < 64 for label in plain.split(".")) or len(plain) > 253:
            return []
        self._asked += 1
        if self._asked > self._bounds.spf_questions:
            raise spf.PermError("too many DNS lookups")
        found = self._records(plain, _TYPES[qtype])
        if not found and not ignore_void:
            self.void_lookups += 1
            if self.void_lookups > self._bounds.spf_void:
                raise spf.PermError("too many lookups of nothing")
        return [_as_pyspf(record, qtype, self._bounds) for record in found[: self._bounds.spf_records]]

    def check_lookups(self) -> None:
        self.lookups += 1
        if self.lookups > self._bounds.spf_lookups:
            raise spf.PermError("too many DNS lookups")

    def get_explanation(self, spec: str) -> None:
        """The domain's words for a refused sender are not wanted, nor the lookup they cost."""


def _as_pyspf(record: bytes, qtype: str, bounds: Bounds) -> Any:
    if qtype == "TXT":
        if len(record) > bounds.record and record[:6].lower() == b"v=spf1":
            raise spf.PermError("record too long")
        return (record,)
    text = record.decode("ascii")
    if qtype == "MX":
        preference, _, host = text.partition(" ")
        return int(preference), host
    return text
