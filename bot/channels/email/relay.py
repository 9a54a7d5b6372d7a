"""Hands mails to the SMTP relay over one kept connection, and says by its errors what is to be done.

RelayError
|-- RelayUnavailable      wait: nothing was taken (no connection, a login or 4xx fault)
|-- RelayRefused          tell: the relay refused this mail for good (5xx)
`-- RelayOutcomeUnknown   the connection was lost after DATA: the mail may or may not have been taken
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Literal

from aiosmtplib import SMTP
from aiosmtplib.errors import SMTPException, SMTPResponseException, SMTPServerDisconnected, SMTPTimeoutError

# Permanent codes that are about the login or the relay itself, which an operator has to mend: the mail waits.
_NOT_THE_MAIL = frozenset({521, 530, 534, 535, 538})
_CLOSING = 421

Tls = Literal["starttls", "tls", "none"]


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


class Relay:
    """One relay. Mails go one after the other; `close` when no more are to come.

    `timeout` is for each answer in seconds, `data_timeout` for the one after DATA: a relay may check a mail for minutes
    before it says that it has taken it, and who does not wait sends it twice (RFC 5321, section 4.5.3.2.6).
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        user: str = "",
        password: str = "",
        tls: Tls = "starttls",
        timeout: float = 30.0,
        data_timeout: float = 600.0,
        local_hostname: str = "localhost",
    ) -> None:
        self._client = SMTP(
            hostname=host,
            port=port,
            username=user or None,
            password=password or None,
            use_tls=tls == "tls",
            start_tls=tls == "starttls",
            timeout=timeout,
            local_hostname=local_hostname,
        )
        self._data_timeout = data_timeout
        self._turn = asyncio.Lock()

    async def send(self, raw: bytes, mail_from: str, rcpt: str) -> None:
        """Returns when the relay has taken the mail. `mail_from` "" is the empty sender."""
        async with self._turn:
            try:
                await self._address(mail_from, rcpt)
                await self._data(raw)
            except asyncio.CancelledError:
                # In the middle of a dialogue: what the relay says next would be taken for the next mail's answer.
                self._client.close()
                raise

    async def close(self) -> None:
        async with self._turn:
            if self._client.is_connected:
                with contextlib.suppress(SMTPException, OSError):
                    await self._client.quit()
            self._client.close()

    async def _address(self, mail_from: str, rcpt: str) -> None:
        """Everything before DATA; a kept connection that has gone stale is opened once more."""
        kept = self._client.is_connected
        try:
            await self._open()
            await self._client.mail(mail_from)
            await self._client.rcpt(rcpt)
        except SMTPServerDisconnected as fault:
            self._client.close()
            if not kept:
                raise RelayUnavailable(f"connection lost: {fault}") from fault
            await self._address(mail_from, rcpt)
        except SMTPResponseException as fault:
            await self._reset()
            raise _translated(fault) from fault
        except (SMTPException, OSError) as fault:
            self._client.close()
            raise RelayUnavailable(f"no connection: {fault}") from fault

    async def _open(self) -> None:
        if self._client.is_connected:
            return
        try:
            await self._client.connect()
        except SMTPResponseException as fault:
            # A refused greeting, hello, TLS or login says nothing about the mail.
            self._client.close()
            raise RelayUnavailable(f"the relay answered {fault.code} before any mail: {fault.message}") from fault

    async def _data(self, raw: bytes) -> None:
        try:
            await self._client.data(raw, timeout=self._data_timeout)
        except SMTPResponseException as fault:
            await self._reset()
            raise _translated(fault) from fault
        except (SMTPServerDisconnected, SMTPTimeoutError, OSError) as fault:
            self._client.close()
            raise RelayOutcomeUnknown(f"lost after DATA: {fault}") from fault

    async def _reset(self) -> None:
        """Leave the connection clean for the next mail; where that fails, leave it."""
        try:
            await self._client.rset()
        except (SMTPException, OSError):
            self._client.close()


def _translated(fault: SMTPResponseException) -> RelayError:
    said = f"{fault.code} {fault.message}"
    if fault.code in _NOT_THE_MAIL:
        return RelayUnavailable(said)
    if fault.code < 500:
        return RelayUnavailable(said, only_this=fault.code != _CLOSING)
    return RelayRefused(said, fault.code)
