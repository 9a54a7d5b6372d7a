"""A sending mail server: it tries each mail again, under the same Message-ID, until it is told 250."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from random import Random

from aiosmtplib import SMTP
from aiosmtplib.errors import SMTPException, SMTPResponseException

from tests.durability.mails import AGENT, Sent

LOST = 0  # noted where the connection was refused, or lost before an answer


class Sender:
    """`codes` holds, for each Message-ID, what was answered at each attempt."""

    def __init__(self, port: int, *, longest_pause: float, seed: int) -> None:
        self.codes: dict[str, list[int]] = defaultdict(list)
        self._port = port
        self._longest_pause = longest_pause
        self._random = Random(seed)

    async def send(self, mails: Iterable[Sent]) -> None:
        """Each address's mails one after the other, and all addresses at once."""
        by_sender: dict[str, list[Sent]] = defaultdict(list)
        for mail in mails:
            by_sender[mail.sender].append(mail)
        await asyncio.gather(*(self._send_in_order(its) for its in by_sender.values()))

    async def _send_in_order(self, mails: Sequence[Sent]) -> None:
        for mail in mails:
            await asyncio.sleep(self._random.uniform(0, self._longest_pause))
            await self._until_taken(mail)

    async def _until_taken(self, mail: Sent) -> None:
        while True:
            if await self._attempt(mail) == 250:
                return
            await asyncio.sleep(self._random.uniform(0.05, 0.4))

    async def _attempt(self, mail: Sent) -> int:
        code = LOST
        client = SMTP(hostname="127.0.0.1", port=self._port, use_tls=False, start_tls=False, timeout=20)
        try:
            await client.connect()
            await client.mail(mail.sender)
            await client.rcpt(AGENT)
            code = (await client.data(mail.raw)).code
        except SMTPResponseException as fault:
            code = fault.code
        except (SMTPException, OSError):
            code = LOST
        finally:
            client.close()
        self.codes[mail.message_id].append(code)
        return code
