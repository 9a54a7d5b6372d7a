"""ARC: what a mail server on our list found when the mail came to it, before a forwarding or a list changed it.

The whole chain has to stand, and every server in it to be listed: each could have written what is said before it. What
counts is what the first of them found out about the very domain that still stands in From.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from dkim import CV_Pass

from mail_ingest.authentication.alignment import plain_domain
from mail_ingest.authentication.bounds import Bounds
from mail_ingest.authentication.dkim_body import SealedMail
from mail_ingest.authentication.dkim_key import key_fault
from mail_ingest.authentication.dns import DnsUnavailable
from mail_ingest.authentication.fields import Field, repeated, values
from mail_ingest.authentication.lookups import Lookups
from mail_ingest.authentication.outcome import Outcome
from mail_ingest.authentication.proof import SenderProof
from mail_ingest.authentication.results import read_results
from mail_ingest.authentication.signature import Tags, tags_of, unsigned
from mail_ingest.authentication.trusted_header import judged

SEAL, SIGNATURE, RESULTS = "arc-seal", "arc-message-signature", "arc-authentication-results"

_INSTANCE = re.compile(r"\s*i\s*=\s*(\d{1,2})\s*;")


@dataclass(frozen=True, slots=True)
class ArcCheck:
    """One mail's chain. `sealers` are domains in normal form; `domain` is the author's."""

    raw: bytes
    fields: Sequence[Field]
    domain: str
    sealers: Collection[str]
    lookups: Lookups
    bounds: Bounds

    def outcome(self) -> Outcome:
        seals = [tags_of(value, self.bounds) for value in values(self.fields, SEAL)]
        if not seals or not self.sealers:
            return Outcome(passed=False, said="arc=none")
        if fault := self._chain_fault(seals):
            return Outcome(passed=False, said=f"arc=policy: {fault}")
        try:
            stands = self._stands()
        except DnsUnavailable as unanswered:
            return Outcome(passed=False, said=f"arc=temperror: {unanswered}", temporary=True)
        if not stands:
            return Outcome(passed=False, said="arc=fail")
        found = self._first_verdict()
        said = f"arc=pass, where the first server found: {found.reason}"
        return Outcome(passed=found.proven, said=said)

    def _chain_fault(self, seals: Sequence[Tags | None]) -> str:
        """What forbids to believe the chain before any of it is computed."""
        signatures = [tags_of(value, self.bounds) for value in values(self.fields, SIGNATURE)]
        if len(seals) > self.bounds.seals or not len(seals) == len(signatures) == len(values(self.fields, RESULTS)):
            return "its sets are not whole, or too many"
        if twice := repeated(self.fields):
            return f"the mail has two {twice} fields"
        faults = (*map(self._set_fault, seals), *map(self._set_fault, signatures), *map(self._signed_fault, signatures))
        return next(filter(None, faults), "")

    def _set_fault(self, tags: Tags | None) -> str:
        if tags is None:
            return "a field of it cannot be read"
        sealer = plain_domain(tags.get(b"d", b""))
        if sealer not in self.sealers:
            return f"{sealer[:100] or 'nobody'} is no listed sealer"
        return "a signature covers less than the whole body (l=)" if b"l" in tags else ""

    def _signed_fault(self, signature: Tags | None) -> str:
        missing = unsigned(signature or {}, {field.name for field in self.fields}, ("from", "subject"))
        return f"the {missing.capitalize()} is not signed" if missing else ""

    def _stands(self) -> bool:
        try:
            found, _, _ = SealedMail(self.raw).verify(dnsfunc=self._key)
        except DnsUnavailable:
            raise
        except Exception:  # noqa: BLE001 - dkimpy raises what it likes on hostile mails; all of it is no proof
            return False
        return bool(found == CV_Pass)

    def _key(self, name: bytes, timeout: float = 0) -> bytes | None:  # noqa: ARG002 - dkimpy's signature
        """The key record for a seal, None for one that gives no authority."""
        selector, _, domain = name.rstrip(b".").partition(b"._domainkey.")
        records = self.lookups.records(f"{selector.decode('ascii')}._domainkey.{domain.decode('ascii')}", "TXT")
        seal = {b"a": b"rsa-sha256", b"d": domain}
        return records[0] if len(records) == 1 and not key_fault(records[0], seal, self.bounds) else None

    def _first_verdict(self) -> SenderProof:
        for value in values(self.fields, RESULTS):
            text = " ".join(value.decode("utf-8", "replace").split())
            instance = _INSTANCE.match(text)
            if instance and int(instance[1]) == 1:
                results = read_results(text[instance.end() :])
                return judged(results, self.domain) if results else SenderProof("", "nothing that can be read")
        return SenderProof("", "nothing")
