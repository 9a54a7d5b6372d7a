"""One SMTP dialogue: aiosmtpd's protocol with our caps, and the hooks that answer it."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiosmtpd.smtp import SMTP, syntax
from aiosmtpd.smtp import Envelope as WireEnvelope
from aiosmtpd.smtp import Session as WireSession

from mail_ingest.envelope import Envelope
from mail_ingest.limits import Limits
from mail_ingest.load import Load

Accept = Callable[[Envelope], Awaitable[None]]
Recipients = Callable[[str], bool]

TRY_AGAIN = "451 4.3.0 Temporary failure, please try again later"
_BUSY = b"421 4.3.2 Too many connections, please try again later\r\n"

# <local@domain> of unquoted atoms, with the white space that may stand around it.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_PLAIN_ADDRESS = re.compile(rf"[ \t]*<({_ATOM}(?:\.{_ATOM})*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)>[ \t]*+(?!\()")

_FULL = "452 4.3.1 Too many mails under way, please try again later"
_FULL_HANGUP = b"421 4.3.1 Too many mails under way, please try again later\r\n"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Seconds: `idle` for the peer within a mail, `before_mail` outside of one, `accept` for the commit."""

    idle: float = 300.0
    before_mail: float = 60.0
    accept: float = 60.0


DEFAULT_WAITING = Waiting()


class SmtpSession(SMTP):
    """Some large senders break the line limit of RFC 5321 (998 characters), so ours is wider."""

    line_length_limit = 4_096

    def __init__(self, hooks: Hooks, limits: Limits, hostname: str, waiting: Waiting) -> None:
        self._before_mail = waiting.before_mail
        self._receiving = False
        self._received = 0
        super().__init__(
            hooks,
            data_size_limit=limits.raw,
            enable_SMTPUTF8=True,
            decode_data=False,
            hostname=hostname,
            ident="Partnerline",
            timeout=waiting.idle,
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

    def data_received(self, data: bytes) -> None:
        if self._receiving:
            self._received += len(data)
            if not self._hooks.load.received(len(data)) and isinstance(self.transport, asyncio.Transport):
                # More than it said, or no size was said: only hanging up stops it.
                self.transport.write(_FULL_HANGUP)
                self.transport.close()
                return
        super().data_received(data)

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd calls it by this name
        if not self._hooks.load.has_room(_said_size(self.envelope)):
            self._set_post_data_state()  # type: ignore[no-untyped-call]
            await self.push(_FULL)
            return
        self._receiving = True
        try:
            await super().smtp_DATA(arg)
        finally:
            self._receiving = False
            self._hooks.load.done(self._received)
            self._received = 0

    def _reset_timeout(self, duration: float | None = None) -> None:
        outside = self.envelope is None or not self.envelope.mail_from
        super()._reset_timeout(duration or (self._before_mail if outside else None))

    def connection_lost(self, error: Exception | None) -> None:
        if self.transport is not None:
            self._hooks.closed(self.transport)
        super().connection_lost(error)


class Hooks:
    """The answers to RCPT and DATA; aiosmtpd finds them by their names."""

    def __init__(
        self, accept: Accept, recipients: Recipients, limits: Limits, load: Load, *, accept_timeout: float
    ) -> None:
        self.load = load
        self._accept = accept
        self._recipients = recipients
        self._limits = limits
        self._accept_timeout = accept_timeout
        self._open: set[asyncio.BaseTransport] = set()
        self._accepting: set[asyncio.Task[None]] = set()

    def opened(self, transport: asyncio.Transport) -> bool:
        """Count a connection; False when it is one too many."""
        self._open.add(transport)
        return self.load.connected(_host(transport.get_extra_info("peername")))

    def closed(self, transport: asyncio.BaseTransport) -> None:
        if transport in self._open:
            self._open.discard(transport)
            self.load.disconnected(_host(transport.get_extra_info("peername")))

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


def _said_size(envelope: WireEnvelope | None) -> int:
    """Of the SIZE parameter of MAIL; 0 where it said none."""
    said = [option[5:] for option in (envelope.mail_options if envelope else ()) if option.startswith("SIZE=")]
    return int(said[0]) if said and said[0].isdecimal() else 0


def _host(peer: Any) -> str:
    return str(peer[0]) if isinstance(peer, tuple) and peer else ""
