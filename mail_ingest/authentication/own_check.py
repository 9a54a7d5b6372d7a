"""Our own check of a sender, for an installation that is the mail exchanger itself: SPF, DKIM, DMARC and ARC.

Verdicts that stand in the mail, whoever wrote them, are not looked at; those of ARC only from sealers that are listed.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from mail_ingest.address import domain_of
from mail_ingest.authentication.alignment import plain_domain
from mail_ingest.authentication.arc import ArcCheck
from mail_ingest.authentication.author import author_of
from mail_ingest.authentication.bounds import DEFAULT, Bounds
from mail_ingest.authentication.dkim_check import DkimCheck
from mail_ingest.authentication.dmarc import Policy, find_policy
from mail_ingest.authentication.dns import Dns, DnsUnavailable
from mail_ingest.authentication.fields import Field, agree, read_fields, values
from mail_ingest.authentication.lookups import CachedDns, Clock, Lookups
from mail_ingest.authentication.outcome import Outcome
from mail_ingest.authentication.proof import Kind, SenderProof
from mail_ingest.authentication.spf_check import check_spf
from mail_ingest.envelope import Envelope
from mail_ingest.parse import ParsedMail

_SAID = 1_000  # characters


class OwnCheck:
    """Implements `SenderCheck`. Safe to call from several threads; one cache of DNS answers for all of them."""

    def __init__(
        self, dns: Dns, *, arc_sealers: Iterable[str] = (), bounds: Bounds = DEFAULT, clock: Clock = time.monotonic
    ) -> None:
        """`arc_sealers` are the domains (`d=`) of mail servers whose word on a forwarded mail counts."""
        self._dns = CachedDns(dns, clock)
        self._sealers = frozenset(filter(None, map(plain_domain, arc_sealers)))
        self._bounds = bounds
        self._clock = clock

    def prove(self, mail: ParsedMail, envelope: Envelope) -> SenderProof:
        """Proven by a pass for the author's own domain; `temporary` where DNS kept the answer back."""
        fields = read_fields(envelope.raw)
        if fields is None or not agree(fields, mail.headers):
            return SenderProof("", "the header is not well formed")
        if not _is_author(mail.single_from, fields):
            return SenderProof("", "the mail has no single From address that everybody reads alike")
        lookups = Lookups(self._dns, self._bounds, self._clock)
        try:
            policy = find_policy(domain_of(mail.single_from), lookups, self._bounds)
        except DnsUnavailable as unanswered:
            return SenderProof("", f"dmarc=temperror: {unanswered}", temporary=True)
        return self._weighed(mail.single_from, fields, envelope, policy, lookups)

    def _weighed(
        self, author: str, fields: tuple[Field, ...], envelope: Envelope, policy: Policy | None, lookups: Lookups
    ) -> SenderProof:
        """The first pass decides, so that what follows is not even looked up."""
        domain = domain_of(author)
        dkim = DkimCheck(
            envelope.raw, fields, domain, policy is not None and policy.strict_dkim,
            envelope.received_at, lookups, self._bounds,
        ).outcome()  # fmt: skip
        if dkim.passed:
            return _proven("dkim", policy, dkim)
        spf = check_spf(
            envelope, domain, strict=policy is not None and policy.strict_spf, lookups=lookups, bounds=self._bounds
        )
        if spf.passed:
            return _proven("spf", policy, spf)
        arc = ArcCheck(envelope.raw, fields, domain, self._sealers, lookups, self._bounds).outcome()
        if arc.passed:
            return SenderProof("arc", _printable(arc.said))
        found = (dkim, spf, arc) if self._sealers else (dkim, spf)
        verdict = f"dmarc=fail (p={policy.wish} of {policy.domain})" if policy else f"dmarc=none for {domain}"
        said = "; ".join((verdict, *(outcome.said for outcome in found)))
        return SenderProof("", _printable(said), temporary=any(outcome.temporary for outcome in found))


def _is_author(single_from: str, fields: tuple[Field, ...]) -> bool:
    """Whether the one From field, read strictly, has the very address that the parser found."""
    senders = values(fields, "from")
    return bool(single_from) and len(senders) == 1 and author_of(senders[0]) == single_from


def _printable(said: str) -> str:
    """For the log: domains of seals and old verdicts are text that others wrote."""
    return "".join(char if char.isprintable() else "?" for char in said[:_SAID])


def _proven(by: Kind, policy: Policy | None, outcome: Outcome) -> SenderProof:
    """A pass of the author's own domain is a pass of its DMARC policy, where it has one."""
    if policy is None:
        return SenderProof(by, outcome.said, id_signed=outcome.id_signed)
    said = f"dmarc=pass ({outcome.said}; p={policy.wish} of {policy.domain})"
    return SenderProof("dmarc", said, id_signed=outcome.id_signed)
