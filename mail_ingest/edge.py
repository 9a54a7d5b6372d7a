"""The SMTP edge: listens in the running event loop, and says 250 only when a mail is committed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from mail_ingest.limits import DEFAULT, Limits
from mail_ingest.load import DEFAULT_LOAD, Load, LoadLimits
from mail_ingest.peers import Peers
from mail_ingest.rates import DEFAULT_RATES, RateLimits, Rates
from mail_ingest.smtp_hooks import Accept, Hooks, Recipients
from mail_ingest.smtp_session import DEFAULT_WAITING, SmtpSession, Waiting
from mail_ingest.tls import Certificate


class SmtpEdge:
    """One listener. `accept` returns after the commit, or raises: then the peer is told to try again (451).

    `recipients` says whether an address is ours (550 otherwise). Beyond `load` and `rates` a peer hears 421, 450 or 452
    and comes again. STARTTLS is offered where there is a certificate, and with `tls_required` nothing goes before it.
    `port` 0 takes a free one, see `port` after `start`. `start` raises OSError when the port is taken or the host is
    not ours.
    """

    def __init__(
        self,
        host: str,
        port: int,
        accept: Accept,
        recipients: Recipients,
        limits: Limits = DEFAULT,
        hostname: str = "localhost",
        *,
        load: LoadLimits = DEFAULT_LOAD,
        rates: RateLimits = DEFAULT_RATES,
        waiting: Waiting = DEFAULT_WAITING,
        certificate: Certificate | None = None,
        tls_required: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.host = host
        self.port = port
        self._limits = limits
        self._hostname = hostname
        self._waiting = waiting
        self._certificate = certificate
        self._tls_required = tls_required
        counted = Rates(rates, Peers(load.uncapped), clock)
        self._hooks = Hooks(accept, recipients, limits, Load(load), counted, accept_timeout=waiting.accept)
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._session, self.host, self.port, backlog=512)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self, grace: float = 10.0) -> None:
        """Take no new connections, let running commits end for up to `grace` seconds, hang up. Safe to call twice."""
        server, self._server = self._server, None
        if server is None:
            return
        server.close()
        await self._hooks.finish(grace)
        await server.wait_closed()

    def _session(self) -> SmtpSession:
        context = self._certificate.context() if self._certificate else None
        return SmtpSession(
            self._hooks, self._limits, self._hostname, self._waiting, context, tls_required=self._tls_required
        )
