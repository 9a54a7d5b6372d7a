"""The certificate that the SMTP edge shows after STARTTLS: checked as it is loaded, loaded again when it is renewed."""

from __future__ import annotations

import logging
import os
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from mail_ingest.errors import CertificateUnusable

_NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME: the dates are compared with our own clock
_FLIGHTS = 4  # of a handshake, which needs three at most

_Stamp = tuple[tuple[int, int, int], ...]

_log = logging.getLogger(__name__)


class Certificate:
    """A chain and its private key, both PEM. Raises `CertificateUnusable` where they are of no use at the start.

    Renewed files are taken up with the next connection. While they are of no use, for instance in the middle of being
    written, the former certificate stays in use and the fault is logged.
    """

    def __init__(self, chain: Path, key: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._chain = chain
        self._key = key
        self._now = now
        self._stamp = self._looked()
        self._context, self.expires = load(chain, key, now())

    def context(self) -> ssl.SSLContext:
        """For one connection."""
        stamp = self._looked()
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self._context, self.expires = load(self._chain, self._key, self._now())
            except CertificateUnusable as fault:
                _log.error("the renewed certificate is not used, the former one still is: %s", fault)
            else:
                _log.info("a renewed certificate is in use, until %s", self.expires.date())
        return self._context

    def _looked(self) -> _Stamp:
        """What changes when a file is written or replaced, also behind a link."""
        return tuple(_seen(path) for path in (self._chain, self._key))


def _seen(path: Path) -> tuple[int, int, int]:
    try:
        found = os.stat(path)
    except OSError:
        return (0, 0, 0)
    return (found.st_ino, found.st_mtime_ns, found.st_size)


def load(chain: Path, key: Path, now: datetime) -> tuple[ssl.SSLContext, datetime]:
    """A context for the server's side, TLS 1.2 or newer, and the end of the certificate's validity (UTC).

    Raises `CertificateUnusable`, which says what is wrong and what mends it.
    """
    for path, what in ((chain, "certificate"), (key, "key")):
        _readable(path, what)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION
    try:
        context.load_cert_chain(chain, key, password=_no_password)
    except _Encrypted:
        raise CertificateUnusable(
            f"the key {key} is locked with a password, which nobody could type at a start; "
            f"write an open one with: openssl pkey -in {key} -out open.pem"
        ) from None
    except ssl.SSLError as fault:
        raise CertificateUnusable(_loading(fault, chain, key)) from fault
    begins, expires = _validity(context, chain)
    if now >= expires:
        raise CertificateUnusable(f"the certificate {chain} expired on {expires:%Y-%m-%d}; renew it")
    if now < begins:
        raise CertificateUnusable(
            f"the certificate {chain} is not valid before {begins:%Y-%m-%d}; wait, or set this machine's clock right"
        )
    return context, expires


class _Encrypted(Exception):
    """OpenSSL asked for a password."""


def _no_password() -> str:
    raise _Encrypted


def _readable(path: Path, what: str) -> None:
    try:
        with path.open("rb") as stream:
            stream.read(1)
    except FileNotFoundError:
        raise CertificateUnusable(
            f"there is no file {path}; name the PEM file with the {what}, or correct the path"
        ) from None
    except OSError as fault:
        raise CertificateUnusable(
            f"the {what} {path} cannot be read ({fault.strerror}); let the user that runs Partnerline read it"
        ) from fault


def _loading(fault: ssl.SSLError, chain: Path, key: Path) -> str:
    if fault.reason == "KEY_VALUES_MISMATCH":
        return f"the key {key} does not belong to the certificate {chain}; name the two that were made together"
    if fault.reason in {"EE_KEY_TOO_SMALL", "CA_MD_TOO_WEAK", "CA_KEY_TOO_SMALL"}:
        return f"the certificate {chain} is too weak for today's mail servers; make one with a key of 2048 bits or more"
    return (
        f"{chain} and {key} are not a PEM certificate and its PEM key; "
        "the first starts with -----BEGIN CERTIFICATE-----, the second with -----BEGIN PRIVATE KEY-----"
    )


def _validity(server: ssl.SSLContext, chain: Path) -> tuple[datetime, datetime]:
    """From and until when, as a peer that trusts exactly this certificate sees it in a handshake in memory."""
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname = False
    trusting.load_verify_locations(chain)
    trusting.verify_flags |= ssl.VerifyFlags(_NO_CHECK_TIME) | ssl.VERIFY_X509_PARTIAL_CHAIN
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = server.wrap_bio(to_server, to_client, server_side=True)
    theirs = trusting.wrap_bio(to_client, to_server)
    try:
        for _ in range(_FLIGHTS):
            for side in (theirs, ours):
                _step(side)
        seen = theirs.getpeercert() or {}
        return _moment(seen["notBefore"]), _moment(seen["notAfter"])
    except (ssl.SSLError, KeyError, ValueError) as fault:
        raise CertificateUnusable(
            f"no mail server would accept the certificate {chain} ({fault}); make one for a server (serverAuth)"
        ) from fault


def _step(side: ssl.SSLObject) -> None:
    try:
        side.do_handshake()
    except ssl.SSLWantReadError:
        return


def _moment(text: object) -> datetime:
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(text)), UTC)
