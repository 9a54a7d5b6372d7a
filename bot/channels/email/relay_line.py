"""One connection to the SMTP relay: a mail is handed over up to its last line, and ended by a step of its own.

RelayError
|-- RelayUnavailable      wait: nothing was taken (no connection, a login or 4xx fault)
|-- RelayRefused          tell: the relay refused this mail for good (5xx)
`-- RelayOutcomeUnknown   the connection was lost while the mail was ended: it may or may not have been taken
"""

from __future__ import annotations

import asyncio
import contextlib
import re

from aiosmtplib import SMTP
from aiosmtplib.errors import SMTPException, SMTPResponseException, SMTPServerDisconnected, SMTPTimeoutError

# Permanent codes that are about the login or the relay itself, which an operator has to mend: the mail waits.
_NOT_THE_MAIL = frozenset({521, 530, 534, 535, 538})
_CLOSING = 421
_GO_ON, _TAKEN = 354, 250
_LINE_END = re.compile(rb"\r\n|\r|\n")
_DOT = re.compile(rb"(?m)^\.")


class RelayError(Exception):
    """Root of what the relay may raise."""


class RelayUnavailable(RelayError):
    """Nothing was sent; try again later. `only_this` where the relay put off this mail and may well take others."""

    def __init__(self, message: str, *, only_this: bool = False) -> None:
        super().__init__(message)
        self.only_this = only_this


class RelayRefused(RelayError):
    """This mail will never be taken; `code` is the relay's answer."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


class RelayOutcomeUnknown(RelayError):
    """The mail was sent and the answer lost; sent again it may arrive twice, under the same Message-ID."""


class Line:
    """One connection, opened when it is first needed and kept. `data_timeout` is for the answer that takes a mail."""

    def __init__(self, client: SMTP, data_timeout: float) -> None:
        self._client = client
        self._data_timeout = data_timeout

    @property
    def is_open(self) -> bool:
        return self._client.is_connected

    async def give(self, raw: bytes, mail_from: str, rcpt: str) -> None:
        """All of the mail but the line that ends it: who hangs up after this has sent nothing (RFC 5321, 4.1.1.4).

        A kept connection that has gone stale is opened once more. Raises RelayUnavailable and RelayRefused.
        """
        kept = self.is_open
        try:
            await self._open()
            await self._client.mail(mail_from)
            await self._client.rcpt(rcpt)
            await self._content(raw)
        except SMTPServerDisconnected as fault:
            self.cut()
            if not kept:
                raise RelayUnavailable(f"connection lost: {fault}") from fault
            await self.give(raw, mail_from, rcpt)
        except SMTPResponseException as fault:
            await self._reset()
            raise _translated(fault.code, fault.message) from fault
        except (SMTPException, OSError) as fault:
            self.cut()
            raise RelayUnavailable(f"no connection: {fault}") from fault
        except asyncio.CancelledError:
            # In the middle of a dialogue: what the relay says next would be taken for the next mail's answer.
            self.cut()
            raise

    async def end(self) -> None:
        """The last line, and the relay's word that the mail is taken."""
        try:
            answer = await self._client.execute_command(b".", timeout=self._data_timeout)
        except (SMTPServerDisconnected, SMTPTimeoutError, SMTPResponseException, OSError) as fault:
            self.cut()
            raise RelayOutcomeUnknown(f"lost after DATA: {fault}") from fault
        except asyncio.CancelledError:
            self.cut()
            raise
        if answer.code != _TAKEN:
            await self._reset()
            raise _translated(answer.code, answer.message)

    async def quit(self) -> None:
        if self.is_open:
            with contextlib.suppress(SMTPException, OSError):
                await self._client.quit()
        self.cut()

    def cut(self) -> None:
        self._client.close()

    async def _open(self) -> None:
        if self.is_open:
            return
        try:
            await self._client.connect()
        except SMTPResponseException as fault:
            # A refused greeting, hello, TLS or login says nothing about the mail.
            self.cut()
            raise RelayUnavailable(f"the relay answered {fault.code} before any mail: {fault.message}") from fault

    async def _content(self, raw: bytes) -> None:
        answer = await self._client.execute_command(b"DATA")
        if answer.code != _GO_ON:
            raise SMTPResponseException(answer.code, answer.message)
        if self._client.protocol is None:
            raise SMTPServerDisconnected("the connection is gone")
        self._client.protocol.write(_as_data(raw))

    async def _reset(self) -> None:
        """Leave the connection clean for the next mail; where that fails, leave it."""
        if not self.is_open:
            return
        try:
            await self._client.rset()
        except (SMTPException, OSError):
            self.cut()


def _as_data(raw: bytes) -> bytes:
    """With the line ends of SMTP, dots at the beginning of lines doubled, and a line end last."""
    lines = _LINE_END.sub(b"\r\n", raw)
    if not lines.endswith(b"\r\n"):
        lines += b"\r\n"
    return _DOT.sub(b"..", lines)


def _translated(code: int, words: str) -> RelayError:
    said = f"{code} {words}"
    if code in _NOT_THE_MAIL:
        return RelayUnavailable(said)
    if code < 500:
        return RelayUnavailable(said, only_this=code != _CLOSING)
    return RelayRefused(said, code)
