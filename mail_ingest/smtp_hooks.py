"""The answers of the SMTP edge to EHLO, MAIL, RCPT and DATA, and what is shared between its dialogues."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Protocol

from aiosmtpd.smtp import Envelope as WireEnvelope
from aiosmtpd.smtp import Session as WireSession
from aiosmtpd.smtp import TLSSetupException

from mail_ingest.envelope import Envelope
from mail_ingest.limits import Limits
from mail_ingest.load import Load
from mail_ingest.rates import TOO_MANY_CONNECTIONS, Rates

Accept = Callable[[Envelope], Awaitable[None]]
Recipients = Callable[[str], bool]

TAKEN = "250 2.0.0 OK"
TRY_AGAIN = "451 4.3.0 Temporary failure, please try again later"
BUSY = "421 4.3.2 Too many connections, please try again later"
_STOPPING = "421 4.3.2 Stopping, please try again later"
_UNKNOWN = "550 5.1.1 No such recipient here"
_TRYING_OUT = "421 4.7.0 Too many unknown recipients, please try again later"

_log = logging.getLogger(__name__)


class Dialogue(Protocol):
    """What the hooks need of the dialogue that they answer in."""

    host: str
    command_size_limits: dict[str, int]

    def refused(self) -> int:
        """Count an unknown recipient; how many there were before."""

    def hang_up(self, answer: str = "") -> None:
        """Say the answer, if there is one, and close."""


class Hooks:
    """aiosmtpd finds the answers by their names; each is a string, and where one fails, `handle_exception` gives it."""

    def __init__(
        self, accept: Accept, recipients: Recipients, limits: Limits, load: Load, rates: Rates, *, accept_timeout: float
    ) -> None:
        self.load = load
        self.rates = rates
        self._accept = accept
        self._recipients = recipients
        self._limits = limits
        self._accept_timeout = accept_timeout
        self._open: set[Dialogue] = set()
        self._accepting: set[asyncio.Task[None]] = set()

    def opened(self, dialogue: Dialogue) -> str:
        """Count a connection; the answer to hang up with when it is one too many. Either way tell `closed` of it."""
        self._open.add(dialogue)
        if not self.load.connected(dialogue.host):
            return BUSY
        return "" if self.rates.connection(dialogue.host) else TOO_MANY_CONNECTIONS

    def closed(self, dialogue: Dialogue) -> None:
        """Safe to call twice: a failed TLS handshake does."""
        if dialogue in self._open:
            self._open.discard(dialogue)
            self.load.disconnected(dialogue.host)

    async def finish(self, grace: float) -> None:
        """Let mails that are being committed be committed and answered, then hang up."""
        if self._accepting:
            await asyncio.wait(self._accepting, timeout=grace)
            # One turn of the loop each for the answer to be written and to leave the buffer.
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        for dialogue in tuple(self._open):
            dialogue.hang_up(_STOPPING)
        await asyncio.sleep(0)

    async def handle_EHLO(  # noqa: N802 - aiosmtpd calls it by this name
        self, dialogue: Dialogue, session: WireSession, _envelope: WireEnvelope, name: str, answers: list[str]
    ) -> list[str]:
        """Without AUTH, which the library offers inside of TLS: nobody has an account here."""
        session.host_name = name
        dialogue.command_size_limits.clear()  # which the library raises with each EHLO
        return [answer for answer in answers if not answer.startswith("250-AUTH")]

    async def handle_MAIL(  # noqa: N802 - aiosmtpd calls it by this name
        self, dialogue: Dialogue, _session: WireSession, envelope: WireEnvelope, address: str, options: list[str]
    ) -> str:
        if put_off := self.rates.mail(dialogue.host, _bare(address)):
            _log.info("%s from %s: %s", address, dialogue.host, put_off)
            return put_off
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it by this name
        self, dialogue: Dialogue, _session: WireSession, envelope: WireEnvelope, address: str, _options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= self._limits.recipients:
            return "452 4.5.3 Too many recipients"
        if not self._recipients(address):
            return _UNKNOWN if self.rates.refusal(dialogue.host, dialogue.refused()) else _TRYING_OUT
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd calls it by this name
        self, dialogue: Dialogue, session: WireSession, envelope: WireEnvelope
    ) -> str:
        """`TAKEN` only after `accept` has returned, which is after its commit; else the peer is told to try again."""
        task = asyncio.ensure_future(self._accepted(_as_received(dialogue, session, envelope)))
        self._accepting.add(task)
        task.add_done_callback(self._accepting.discard)
        done, _ = await asyncio.wait({task}, timeout=self._accept_timeout)
        if not done:
            task.cancel()
            _log.error("a mail was not committed within %s s", self._accept_timeout)
            return TRY_AGAIN
        if task.cancelled() or (fault := task.exception()) is not None:
            _log.error("a mail could not be committed", exc_info=None if task.cancelled() else fault)
            return TRY_AGAIN
        return TAKEN

    async def handle_exception(self, error: Exception) -> str:
        """The net below everything else: the peer tries again and never sees what went wrong."""
        if isinstance(error, TLSSetupException):
            _log.info("a TLS handshake failed: %s", error.__cause__)
        else:
            _log.error("an SMTP dialogue failed", exc_info=error)
        return TRY_AGAIN

    async def _accepted(self, envelope: Envelope) -> None:
        await self._accept(envelope)


def _as_received(dialogue: Dialogue, session: WireSession, envelope: WireEnvelope) -> Envelope:
    return Envelope(
        mail_from=_bare(envelope.mail_from or ""),
        rcpt_tos=tuple(envelope.rcpt_tos),
        peer=dialogue.host,
        helo=str(session.host_name or ""),
        raw=envelope.original_content or b"",
        received_at=datetime.now(UTC),
    )


def _bare(address: str) -> str:
    """The library leaves the brackets of the empty sender."""
    return address.strip("<>")


def host_of(peer: Any) -> str:
    """The address in a transport's `peername`."""
    return str(peer[0]) if isinstance(peer, tuple) and peer else ""
