"""dkimpy's verifiers with a body hash of our own: the whole body, in linear time, once for all signatures of a form.

dkimpy brings the body into normal form for each signature anew, with patterns whose time grows with the square of a run
of blanks; a mail of a few MB would hold a processor for minutes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import logging
from collections.abc import Mapping
from typing import Any

import dkim
from dkim.canonicalization import correct_empty_body, strip_trailing_lines


def _silent() -> logging.Logger:
    """What dkimpy logs is the sender's text; the reasons are told in our own words."""
    logger = logging.Logger("dkim")
    logger.disabled = True
    return logger


_SILENT = _silent()


class PartlySigned(dkim.ValidationError):  # type: ignore[misc]
    """The signature covers less of the body than there is, or says so."""


class _WholeBody(dkim.DomainSigner):  # type: ignore[misc]
    body: bytes

    def __init__(self, raw: bytes) -> None:
        super().__init__(raw, logger=_SILENT)
        self._hashes: dict[bool, tuple[bytes, int]] = {}

    def verify_sig_process(self, sig: Mapping[bytes, bytes], include_headers: Any, sig_header: Any, dns: Any) -> Any:
        """Overrides dkimpy's, which checks no body where the tags have no `bh`. Raises `dkim.ValidationError`."""
        if b"bh" in sig:
            self._check_body(sig)
        rest = {name: value for name, value in sig.items() if name != b"bh"}
        return super().verify_sig_process(rest, include_headers, sig_header, dns)

    def _check_body(self, sig: Mapping[bytes, bytes]) -> None:
        relaxed = sig.get(b"c", b"simple/simple").endswith(b"/relaxed")
        if relaxed not in self._hashes:
            body = relaxed_body(self.body) if relaxed else strip_trailing_lines(self.body)
            self._hashes[relaxed] = (hashlib.sha256(body).digest(), len(body))
        digest, length = self._hashes[relaxed]
        if b"l" in sig and int(sig[b"l"]) != length:
            raise PartlySigned
        try:
            signed = base64.b64decode(b"".join(sig[b"bh"].split()), validate=True)
        except binascii.Error:
            signed = b""
        if signed != digest:
            raise dkim.ValidationError("the body is another")


class SignedMail(_WholeBody, dkim.DKIM):  # type: ignore[misc]
    """The DKIM signatures of one mail, all of whose hashes are SHA-256."""


class SealedMail(_WholeBody, dkim.ARC):  # type: ignore[misc]
    """The ARC sets of one mail."""


def relaxed_body(body: bytes) -> bytes:
    """RFC 6376, section 3.4.4, for a body whose lines end with CRLF. Each pass halves every run of blanks."""
    body = body.replace(b"\t", b" ")
    while b"  " in body:
        body = body.replace(b"  ", b" ")
    compressed: bytes = correct_empty_body(strip_trailing_lines(body.replace(b" \r\n", b"\r\n")))
    return compressed
