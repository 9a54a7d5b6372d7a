"""One SMTP dialogue: aiosmtpd's protocol with our caps, our reading of DATA, and deadlines that nobody can stretch."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections import defaultdict
from dataclasses import dataclass
from typing import cast

from aiosmtpd.smtp import SMTP, syntax
from aiosmtpd.smtp import Envelope as WireEnvelope

from mail_ingest.limits import Limits
from mail_ingest.smtp_body import Body
from mail_ingest.smtp_hooks import TAKEN, Hooks, host_of

# <local@domain> of unquoted atoms, with the white space that may stand around it.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_PLAIN_ADDRESS = re.compile(rf"[ \t]*<({_ATOM}(?:\.{_ATOM})*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)>[ \t]*+(?!\()")
# Control characters, and what stands for bytes that are no UTF-8: in no address that could be answered.
_NEVER_IN_ADDRESS = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
# What the library's grammar raises on some malformed addresses, which would be answered as a fault of ours.
_GRAMMAR_FAULTS = (AttributeError, IndexError, RecursionError, TypeError, ValueError)
_LONGEST_ADDRESS = 320  # 64 and 255 characters and the @; RFC 5321 allows 254

_FULL = "452 4.3.1 Too many mails under way, please try again later"
_FULL_HANGUP = "421 4.3.1 Too many mails under way, please try again later"
_TOO_LARGE = "552 5.3.4 Error: Too much mail data"
_TOO_SLOW = "421 4.4.2 Too slow, please try again later"
_TOO_MANY_FAULTS = "421 4.7.0 Too many bad commands, please try again later"
_TOO_MANY_ANSWERS = "421 4.7.0 Too many commands without a mail, please try again later"

_FAULTS = frozenset(("500", "501", "502", "503", "504", "530", "553", "555"))
_GOODBYE = "502 5.5.1 Too many unrecognized"  # of the library, which would make a peer give up the mail for good
_PIECE = 1 << 20  # bytes: more than ever wait in the reader, so that it is empty after each read
_LINGER = 5.0  # seconds for a last answer to leave
_SHORTEST = 0.001


@dataclass(frozen=True, slots=True)
class Waiting:
    """Seconds: `idle` for the peer within a mail, `before_mail` outside of one, `accept` for the commit.

    `between_mails` holds from the connection, or the last mail taken, to the end of the next, whatever is said or sent.
    """

    idle: float = 300.0
    before_mail: float = 60.0
    between_mails: float = 1_200.0
    accept: float = 60.0


DEFAULT_WAITING = Waiting()


class SmtpSession(SMTP):
    """Speaks for one connection; `Hooks` decides."""

    line_length_limit = 4_096  # of the reader: twice as much waits in it at most
    command_size_limit = 1_024  # RFC 5321 asks for 512; real return paths and options go beyond

    def __init__(
        self,
        hooks: Hooks,
        limits: Limits,
        hostname: str,
        waiting: Waiting,
        tls: ssl.SSLContext | None = None,
        *,
        tls_required: bool = False,
    ) -> None:
        self.host = ""
        self._waiting = waiting
        self._since = 0.0
        self._refused = 0
        self._faults = 0
        self._answers = 0
        # The library keeps one for all connections and lets each EHLO raise it.
        self.command_size_limits = defaultdict(lambda: self.command_size_limit)
        super().__init__(
            hooks,
            data_size_limit=limits.raw,
            enable_SMTPUTF8=True,
            decode_data=False,
            hostname=hostname,
            ident="Partnerline",
            tls_context=tls,
            require_starttls=tls_required,
            timeout=waiting.idle,
            loop=asyncio.get_running_loop(),
        )
        self._hooks = hooks
        self._limits = limits

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called again when TLS has started: the same connection, with everything forgotten that was said before."""
        if self.transport is not None:
            super().connection_made(transport)
            return
        self._since = self.loop.time()
        self.host = host_of(transport.get_extra_info("peername"))
        super().connection_made(transport)
        if refusal := self._hooks.opened(self):
            self.hang_up(refusal)

    def connection_lost(self, error: Exception | None) -> None:
        self._hooks.closed(self)
        super().connection_lost(error)

    def refused(self) -> int:
        """Count an unknown recipient; how many there were before."""
        self._refused += 1
        return self._refused - 1

    def hang_up(self, answer: str = "") -> None:
        """Say the answer, if there is one, and close; nothing that was sent ahead is looked at any more."""
        # Not by isinstance: uvloop's transports are none of asyncio's.
        transport = cast("asyncio.Transport | None", self.transport)
        if transport is None:
            return
        if answer and not transport.is_closing():
            transport.write(answer.encode() + b"\r\n")
        transport.close()
        # A peer that does not read would keep the connection with what is still to be written.
        self.loop.call_later(_LINGER, transport.abort)
        if self._handler_coroutine is not None:
            self._handler_coroutine.cancel()

    async def push(self, status: str | bytes) -> None:
        """Say one line. A 421 is the last one, as RFC 5321 has it."""
        answer = self._weighed(status if isinstance(status, str) else status.decode())
        if answer.startswith("421"):
            self.hang_up(answer)
            await asyncio.sleep(0)  # where the cancellation arrives
        await super().push(answer)

    def _weighed(self, answer: str) -> str:
        """The answer, or the last one where the peer has had too many."""
        limits = self._hooks.rates.limits
        self._answers += 1
        self._faults += answer[:3] in _FAULTS
        if answer.startswith(_GOODBYE) or (limits.bad_commands and self._faults > limits.bad_commands):
            return _TOO_MANY_FAULTS
        if limits.answers and self._answers > limits.answers:
            return _TOO_MANY_ANSWERS
        return answer

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """A plain address is taken as it stands; whatever is not plain goes to the library's grammar.

        That grammar costs as much as all the rest of a mail's dialogue, and gives the same answer. None where it is no
        address, or one that nobody could write back to.
        """
        plain = _PLAIN_ADDRESS.match(arg)
        try:
            address, rest = (plain[1], arg[plain.end() :]) if plain else super()._getaddr(arg)
        except _GRAMMAR_FAULTS:
            return None, None
        if address and (len(address) > _LONGEST_ADDRESS or _NEVER_IN_ADDRESS.search(address)):
            return None, None
        return address, rest

    @syntax("AUTH <mechanism>")
    async def smtp_AUTH(self, _arg: str | None) -> None:  # noqa: N802 - aiosmtpd calls it by this name
        await self.push("502 5.5.1 AUTH not implemented")

    @syntax("VRFY <address>")
    async def smtp_VRFY(self, _arg: str | None) -> None:  # noqa: N802 - aiosmtpd calls it by this name
        await self.push("252 2.5.2 Cannot VRFY user, but will accept message and attempt delivery")

    @syntax("DATA")
    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd calls it by this name
        """In pieces as large as they come: the library reads a line at a time, which is most of a mail's cost."""
        if await self.check_helo_needed():
            return
        if refusal := self._no_data_now(arg):
            await self.push(refusal)
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        body = Body(self._limits.raw)
        try:
            await self._read(body)
            answer = _TOO_LARGE if body.too_large else await self._taken(body)
        finally:
            self._hooks.load.done(body.received)
        self._set_post_data_state()  # type: ignore[no-untyped-call]
        await self.push(answer)

    def _no_data_now(self, arg: str | None) -> str:
        if self.envelope is None or not self.envelope.rcpt_tos:
            return "503 5.5.1 Error: need RCPT command"
        if arg:
            return "501 5.5.4 Syntax: DATA"
        if not self._hooks.load.has_room(_said_size(self.envelope)):
            self._set_post_data_state()  # type: ignore[no-untyped-call]
            return _FULL
        return ""

    async def _read(self, body: Body) -> None:
        rest = None
        while rest is None:
            # Never empty: the end of the stream cancels the dialogue.
            piece = await self._reader.read(_PIECE)
            rest = body.feed(piece)
            if not self._hooks.load.received(len(piece)):
                # More than it said, or no size was said: only hanging up stops it.
                await self.push(_FULL_HANGUP)
            if rest is None and body.hopeless:
                self.hang_up(_TOO_LARGE)
                await asyncio.sleep(0)
            self._reset_timeout()
        if rest:
            self._reader.feed_data(rest)

    async def _taken(self, body: Body) -> str:
        if self.envelope is None or self.session is None:
            raise RuntimeError("no dialogue is under way")
        self.envelope.content = self.envelope.original_content = body.content()
        # The peer waits for us now.
        super()._reset_timeout(self._waiting.accept + self._waiting.idle)
        answer = await self._hooks.handle_DATA(self, self.session, self.envelope)
        if answer == TAKEN:
            self._since = self.loop.time()
            self._answers = self._faults = 0
        self._reset_timeout()
        return answer

    def _reset_timeout(self, duration: float | None = None) -> None:
        outside = self.envelope is None or not self.envelope.mail_from
        wanted = duration or (self._waiting.before_mail if outside else self._waiting.idle)
        left = self._since + self._waiting.between_mails - self.loop.time()
        super()._reset_timeout(max(min(wanted, left), _SHORTEST))

    def _timeout_cb(self) -> None:
        self.hang_up(_TOO_SLOW)


def _said_size(envelope: WireEnvelope) -> int:
    """Of the SIZE parameter of MAIL; 0 where it said none."""
    said = [option[5:] for option in envelope.mail_options if option.startswith("SIZE=")]
    return int(said[0]) if said and said[0].isdecimal() else 0
