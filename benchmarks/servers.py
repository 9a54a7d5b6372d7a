"""The two servers of the accept benchmark: a bare one that discards, and the agent's edge with its commit."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from bot import event_loop
from bot.arrivals import Arrivals
from bot.bootstrap import now, read_program, storage
from bot.channels.email.own import own_addresses
from bot.storage.acceptor import Acceptor
from bot.storage.inbox import Inbox
from config.loading import load_settings
from mail_ingest.edge import SmtpEdge
from mail_ingest.rates import RateLimits

# Everything is counted as it always is, and the one sender of the benchmark stays below.
_COUNTED = RateLimits(client_mails=10**7, sender_mails=10**7, domain_mails=10**7)


class Discard:
    """What a mail costs that nobody keeps."""

    async def handle_DATA(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802
        return "250 OK"


async def bare() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Discard(), loop=loop, enable_SMTPUTF8=True), "127.0.0.1", 0)
    _ready(server.sockets[0].getsockname()[1])
    await asyncio.Event().wait()


async def edge() -> None:
    settings = load_settings(Path(os.devnull))
    own = own_addresses(read_program(settings).vendor, "")
    async with storage(settings) as (database, queue):
        arrivals = Arrivals(Acceptor(Inbox(database, queue).accept), database, now)
        smtp = SmtpEdge("127.0.0.1", 0, arrivals.mail, own.takes, hostname=own.domain, rates=_COUNTED)
        await smtp.start()
        _ready(smtp.port)
        await asyncio.Event().wait()


def _ready(port: int) -> None:
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    # The bare server runs as its package does, the edge as `partnerline serve` does.
    asyncio.run(bare()) if sys.argv[1] == "bare" else event_loop.run(edge())
