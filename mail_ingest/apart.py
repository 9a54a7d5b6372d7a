"""Reading mails that are larger than ordinary in processes of their own, which may be killed when one takes too long.

The limits of `mail_ingest.limits` bound what is read, not the time it takes: a hostile mail may cost seconds, in which
the thread that reads it cannot be stopped. A few reading processes are kept, and started again when one has died.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from mail_ingest.apart_process import Job
from mail_ingest.errors import ReaderBusy
from mail_ingest.limits import DEFAULT, KB, MB, Limits
from mail_ingest.parse import ParsedMail, parse
from mail_ingest.reading_process import ReadingProcess

ORDINARY = 64 * KB


class ReaderApart:
    """Reads mails: up to `ordinary` bytes in a thread, larger ones in one of `processes`, started when first needed.

    `waiting` is how many large mails may wait for a process; who comes after them is told to come again, so that large
    mails never hold up small ones. `seconds` is the processor time one mail may take; in real time, and where the
    system cannot limit the other, it is `patience` times as much, as a busy machine gives a process only a share.
    `memory` is what reading may add to a process. `aclose` ends the processes.
    """

    def __init__(
        self,
        limits: Limits = DEFAULT,
        *,
        ordinary: int = ORDINARY,
        processes: int = 2,
        waiting: int = 2,
        seconds: float = 2.0,
        patience: float = 10.0,
        memory: int = 300 * MB,
    ) -> None:
        self._limits = limits
        self._ordinary = ordinary
        self._all = [ReadingProcess(seconds, seconds * patience, memory) for _ in range(processes)]
        self._idle = self._all.copy()
        self._places = processes + waiting
        self._turns = asyncio.Semaphore(processes)

    async def parse(
        self, raw: bytes, *, envelope_sender: str | None = None, own_addresses: Collection[str] = ()
    ) -> ParsedMail:
        """As `mail_ingest.parse.parse`, within the limits. Raises MailRefused, ReaderUnavailable or ReaderBusy."""
        if len(raw) <= self._ordinary:
            return await asyncio.to_thread(
                parse, raw, self._limits, envelope_sender=envelope_sender, own_addresses=own_addresses
            )
        if not self._places:
            raise ReaderBusy("other large mails are being read")
        job = Job(self._limits, envelope_sender, frozenset(own_addresses))
        self._places -= 1
        try:
            async with self._turns:
                return await self._apart(job, raw)
        finally:
            self._places += 1

    async def _apart(self, job: Job, raw: bytes) -> ParsedMail:
        process = self._idle.pop()  # the one used last, which most likely runs
        reading = asyncio.ensure_future(asyncio.to_thread(process.read, job, raw))
        try:
            return await asyncio.shield(reading)
        except asyncio.CancelledError:
            # The thread cannot be cancelled; without its process it ends at once, by itself.
            process.abandon()
            await asyncio.gather(reading, return_exceptions=True)
            raise
        finally:
            self._idle.append(process)

    async def aclose(self) -> None:
        """End the processes, once they have read what they are at; safe to call twice."""
        for _ in self._all:
            await self._turns.acquire()
        for process in self._all:
            await asyncio.to_thread(process.close)
            self._turns.release()
