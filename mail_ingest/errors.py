"""What can go wrong with an incoming mail, and with what receives it.

MailError
|-- MailRefused         the mail is beyond a limit: keep the raw bytes, show them to staff, never read them again by
|                       itself
|-- ReaderUnavailable   the machine has no process to read the mail in: wait, the mail is not at fault
|   `-- ReaderBusy      as many large mails are being read as may be: wait a little, small ones need not
|-- DnsUnavailable      no name server answered (`authentication/dns.py`): judge the sender again later
`-- CertificateUnusable the SMTP edge's certificate cannot be shown to anybody: the operator mends its files
"""

from __future__ import annotations


class MailError(Exception):
    """Root of everything this package raises."""


class MailRefused(MailError):
    """The mail cannot be read within the limits; `reason` says in words which one."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ReaderUnavailable(MailError):
    """The mail was not looked at; reading it later may work."""


class ReaderBusy(ReaderUnavailable):
    """The mail was not looked at, as it is large and others are read; a small one would have been."""


class CertificateUnusable(MailError):
    """The files with the SMTP edge's certificate are of no use; the message says what mends them."""
