"""The verdict of a mail server in front of us, read from the `Authentication-Results` that it wrote."""

from __future__ import annotations

from collections.abc import Iterable

from mail_ingest.address import domain_of, normalised, same_organisation
from mail_ingest.authentication.author import author_of
from mail_ingest.authentication.proof import NothingProven, SenderCheck, SenderProof
from mail_ingest.authentication.results import AuthenticationResults, Method, read_results
from mail_ingest.envelope import Envelope
from mail_ingest.headers import every, first
from mail_ingest.parse import ParsedMail
from mail_ingest.peers import LOOPBACK, Peers


class TrustedHeader:
    """Believes the topmost `Authentication-Results` of the configured authserv-id, from trusted peers, and no other.

    The server in front of us has to remove incoming headers that carry its own id (RFC 8601, section 5). Whoever else
    reaches our port could write the header itself, so it counts only in mail that one of `peers` handed over.
    """

    def __init__(self, authserv_id: str, peers: Peers) -> None:
        self._id = authserv_id.strip().lower()
        self._peers = peers

    def prove(self, mail: ParsedMail, envelope: Envelope) -> SenderProof:
        if not self._id:
            return SenderProof("", "no mail server is configured whose verdict counts")
        if not self._peers.include(envelope.peer):
            return SenderProof("", f"handed over by {envelope.peer[:60] or 'nobody known'}, which is no trusted peer")
        if not mail.single_from:
            return SenderProof("", "the mail has no single From address")
        results = self._topmost(mail)
        if results is None:
            return SenderProof("", f"no readable verdict of {self._id}")
        if not _says_whose(results) and not _read_alike(mail):
            return SenderProof("", "the verdict does not say for whom, and programs read this From in different ways")
        return judged(results, domain_of(mail.single_from))

    def _topmost(self, mail: ParsedMail) -> AuthenticationResults | None:
        for value in every(mail.headers, "Authentication-Results"):
            results = read_results(value)
            if results is None and self._id in value.lower():
                # Perhaps our server's, spoiled by what the sender made it write: what stands below may be the sender's.
                return None
            if results is not None and results.authserv_id == self._id:
                return results
        return None


def sender_check(authserv_id: str, trusted_peers: Iterable[str] = LOOPBACK) -> SenderCheck:
    """The check that fits the settings: the trusted header, or none. ValueError where a peer is no IP or network."""
    return TrustedHeader(authserv_id, Peers(trusted_peers)) if authserv_id.strip() else NothingProven()


def _says_whose(results: AuthenticationResults) -> bool:
    return all(m.properties.get("header.from") for m in results.methods if m.name == "dmarc" and m.result == "pass")


def _read_alike(mail: ParsedMail) -> bool:
    """Whether From, read strictly, holds the same address: the server in front may have judged another one in it."""
    return author_of(first(mail.headers, "From").encode("utf-8", "surrogateescape")) == mail.single_from


def judged(results: AuthenticationResults, domain: str) -> SenderProof:
    """A DMARC verdict decides; only where the domain has no policy do aligned DKIM or SPF count."""
    verdicts = {m.result for m in results.methods if m.name == "dmarc"}
    if verdicts == {"pass"}:
        return _dmarc_pass(results, domain)
    if verdicts - {"none"}:
        return SenderProof("", f"dmarc={' and '.join(sorted(verdicts))}")
    for kind in ("dkim", "spf"):
        for method in results.methods:
            if method.name == kind and method.result == "pass" and same_organisation(_domain(method), domain):
                return SenderProof("dkim" if kind == "dkim" else "spf", f"{kind}=pass for {_domain(method)}")
    said = ", ".join(f"{m.name}={m.result}" for m in results.methods if m.name in ("dkim", "spf")) or "no result"
    return SenderProof("", f"nothing passed for {domain} ({said})")


def _dmarc_pass(results: AuthenticationResults, domain: str) -> SenderProof:
    named = {m.properties.get("header.from", domain).lower() for m in results.methods if m.name == "dmarc"}
    if all(same_organisation(domain_of(n) or n, domain) for n in named):
        return SenderProof("dmarc", f"dmarc=pass for {domain}")
    return SenderProof("", f"dmarc=pass is for {', '.join(sorted(named))}, not for {domain}")


def _domain(method: Method) -> str:
    """The domain a DKIM or SPF result is about, in normal form; "" when it does not say."""
    if method.name == "dkim":
        named = method.properties.get("header.d") or method.properties.get("header.i", "")
    else:
        named = method.properties.get("smtp.mailfrom", "")
    # A local part in quotes may hold an @ of its own; the last one stands before the domain.
    return domain_of(normalised(f"x@{named.rpartition('@')[2]}"))
