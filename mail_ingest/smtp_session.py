"""One SMTP dialogue: aiosmtpd's protocol with our caps, and the hooks that answer it."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from aiosmtpd.smtp import SMTP
from aiosmtpd.smtp import Envelope as WireEnvelope
from aiosmtpd.smtp import Session as WireSession

from mail_ingest.envelope import Envelope
from mail_ingest.limits import Limits

Accept = Callable[[Envelope], Awaitable[None]]
Recipients = Callable[[str], bool]

TRY_AGAIN = "451 4.3.0 Temporary failure, please try again later"
_BUSY = b"421 4.3.2 Too many connections, please try again later\r\n"

# <local@domain> of unquoted atoms, with the white space that may stand around it.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_PLAIN_ADDRESS = re.compile(rf"[ \t]*<({_ATOM}(?:\.{_ATOM})*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)>[ \t]*+(?!\()")

_log = logging.getLogger(__name__)


class SmtpSession(SMTP):
    """Some large senders break the line limit of RFC 5321 (998 characters), so ours is wider."""

    line_length_limit = 4_096

    def __init__(self, hooks: Hooks, limits: Limits, hostname: str, *, idle_timeout: float) -> None:
        super().__init__(
            hooks,
            data_size_limit=limits.raw,
            enable_SMTPUTF8=True,
            decode_data=False,
            hostname=hostname,
            ident="Partnerline",
            timeout=idle_timeout,
            loop=asyncio.get_running_loop(),
        )
        self._hooks = hooks

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """A plain address is taken as it stands; whatever is not plain goes to the library's grammar.

        That grammar costs as much as all the rest of a mail's dialogue, and gives the same answer.
        """
        plain = _PLAIN_ADDRESS.match(arg)
        return (plain[1], arg[plain.end() :]) if plain else super()._getaddr(arg)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if isinstance(transport, asyncio.Transport) and not self._hooks.opened(transport):
            transport.write(_BUSY)
            transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if self.transport is not None:
            self._hooks.closed(self.transport)
        super().connection_lost(error)


class Hooks:
    """The answers to RCPT and DATA; aiosmtpd finds them by their names."""

    def __init__(
        self, accept: Accept, recipients: Recipients, limits: Limits, *, accept_timeout: float, connections: int
    ) -> None:
        self._accept = accept
        self._recipients = recipients
        self._limits = limits
        self._accept_timeout = accept_timeout
        self._connections = connections
        self._open: set[asyncio.BaseTransport] = set()
        self._accepting: set[asyncio.Task[None]] = set()

    def opened(self, transport: asyncio.Transport) -> bool:
        """Count a connection; False when it is one too many."""
        self._open.add(transport)
        return len(self._open) <= self._connections

    def closed(self, transport: asyncio.BaseTransport) -> None:
        self._open.discard(transport)

    async def finish(self, grace: float) -> None:
        """Let mails that are being committed be committed and answered, then hang up."""
        if self._accepting:
            await asyncio.wait(self._accepting, timeout=grace)
            # One turn of the loop each for the answer to be written and to leave the buffer.
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        for transport in tuple(self._open):
            transport.close()
        await asyncio.sleep(0)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it by this name
        self, _server: SMTP, _session: WireSession, envelope: WireEnvelope, address: str, _options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= self._limits.recipients:
            return "452 4.5.3 Too many recipients"
        if not self._recipients(address):
            return "550 5.1.1 No such recipient here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd calls it by this name
        self, _server: SMTP, session: WireSession, envelope: WireEnvelope
    ) -> str:
        """250 only after `accept` has returned, which is after its commit; else the peer is told to try again."""
        task = asyncio.ensure_future(self._accepted(_as_received(session, envelope)))
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
        return "250 2.0.0 OK"

    async def handle_exception(self, error: Exception) -> str:
        """The net below everything else: the peer tries again and never sees what went wrong."""
        _log.error("an SMTP dialogue failed", exc_info=error)
        return TRY_AGAIN

    async def _accepted(self, envelope: Envelope) -> None:
        await self._accept(envelope)


def _as_received(session: WireSession, envelope: WireEnvelope) -> Envelope:
    return Envelope(
        # aiosmtpd leaves the brackets of the empty sender.
        mail_from=(envelope.mail_from or "").strip("<>"),
        rcpt_tos=tuple(envelope.rcpt_tos),
        peer=_host(session.peer),
        helo=str(session.host_name or ""),
        raw=envelope.original_content or b"",
        received_at=datetime.now(UTC),
    )


def _host(peer: Any) -> str:
    return str(peer[0]) if isinstance(peer, tuple) and peer else ""
