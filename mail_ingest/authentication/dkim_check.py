"""DKIM on the raw bytes: does a signature of the author's own domain stand, and is it of a kind that gives authority?

Signatures of other domains are not even looked up: whatever they say, they speak for nobody in From.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dkim import DKIMException, ValidationError

from mail_ingest.authentication.alignment import aligned, plain_domain
from mail_ingest.authentication.bounds import Bounds
from mail_ingest.authentication.dkim_body import PartlySigned, SignedMail
from mail_ingest.authentication.dkim_key import key_fault
from mail_ingest.authentication.dns import DnsUnavailable
from mail_ingest.authentication.fields import Field, repeated, values
from mail_ingest.authentication.lookups import Lookups
from mail_ingest.authentication.outcome import Outcome
from mail_ingest.authentication.signature import Tags, signature_fault, signed_names, tags_of

HEADER = "dkim-signature"


@dataclass(frozen=True, slots=True)
class DkimCheck:
    """One mail's signatures. `domain` is the author's, in normal form; `strict` as its DMARC policy asks."""

    raw: bytes
    fields: Sequence[Field]
    domain: str
    strict: bool
    received: datetime
    lookups: Lookups
    bounds: Bounds

    def outcome(self) -> Outcome:
        own = [(number, tags) for number, tags in self._signatures() if self._is_own(tags)]
        if not own:
            return Outcome(passed=False, said=f"dkim=none for {self.domain}")
        if twice := repeated(self.fields):
            return Outcome(passed=False, said=f"dkim=policy: the mail has two {twice} fields")
        try:
            mail = SignedMail(self.raw)
        except DKIMException:
            return Outcome(passed=False, said="dkim=permerror: the header cannot be read")
        said, temporary = "", False
        for number, tags in own[: self.bounds.signatures_checked]:
            named = plain_domain(tags[b"d"])
            try:
                fault = self._fault(mail, number, tags)
            except DnsUnavailable as unanswered:
                said, temporary = f"dkim=temperror for {named}: {unanswered}", True
                continue
            if not fault:
                return Outcome(passed=True, said=f"dkim=pass for {named}", id_signed="message-id" in signed_names(tags))
            said = said if temporary else f"dkim=fail for {named}: {fault}"
        return Outcome(passed=False, said=said, temporary=temporary)

    def _signatures(self) -> list[tuple[int, Tags]]:
        """Each with its number, counted from the top as dkimpy counts."""
        found = values(self.fields, HEADER)[: self.bounds.signatures_seen]
        read = ((number, tags_of(value, self.bounds)) for number, value in enumerate(found))
        return [(number, tags) for number, tags in read if tags is not None]

    def _is_own(self, tags: Tags) -> bool:
        return aligned(plain_domain(tags.get(b"d", b"")), self.domain, strict=self.strict)

    def _fault(self, mail: SignedMail, number: int, tags: Tags) -> str:
        """Why the signature gives no authority, or ""; raises `DnsUnavailable`."""
        if fault := signature_fault(tags, {field.name for field in self.fields}, self.received, self.bounds):
            return fault
        name = f"{tags[b's'].decode('ascii')}._domainkey.{tags[b'd'].decode('ascii')}"
        records = self.lookups.records(name, "TXT")
        if len(records) != 1:
            return "there are several keys of that name" if records else "there is no such key"
        return key_fault(records[0], tags, self.bounds) or _misfit(mail, number, records[0])


def _misfit(mail: SignedMail, number: int, key: bytes) -> str:
    try:
        stands = mail.verify(idx=number, dnsfunc=lambda *_, **__: key) is True
    except PartlySigned:
        return "it covers less than the whole body (l=)"
    except ValidationError:
        return "it does not fit the mail"
    except Exception as fault:  # noqa: BLE001 - dkimpy raises what it likes on hostile mails; all of it is no proof
        return f"it cannot be checked ({type(fault).__name__})"
    return "" if stands else "it does not fit the mail"
