"""The transaction of one handled message: opened while nothing has changed, and written whole or not at all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import IntegrityError

from bot.ports import FactsChanged
from bot.storage import inbox, mirror, registrations
from bot.storage.caps import Answering
from bot.storage.database import Database
from bot.storage.inbox import InboxState
from bot.storage.queue import Queue
from bot.storage.unit import StoredUnit
from bot.vocabulary.identity import Identity
from bot.vocabulary.message import Message, ThreadContext
from knowledge.program import Program

_DONE = (InboxState.HANDLED, InboxState.HELD, InboxState.SHUNTED, InboxState.DUPLICATE, InboxState.IGNORED)


class StoredUnits:
    """Implements `bot.ports.Units`."""

    def __init__(self, database: Database, queue: Queue, program: Program, answering: Answering) -> None:
        self._database = database
        self._queue = queue
        self._program = program
        self._answering = answering

    @asynccontextmanager
    async def open(
        self, message: Message, identity: Identity, thread: ThreadContext, version: int
    ) -> AsyncIterator[StoredUnit]:
        partner_id = identity.proven_partner_id
        try:
            async with self._database.begin() as connection:
                row = await inbox.fetch(connection, message.inbox_id, lock=True)
                if row is None or row.state in _DONE:
                    raise AlreadyHandled(message.inbox_id)
                if partner_id and await mirror.version(connection, partner_id, lock=True) != version:
                    raise FactsChanged(partner_id)
                unit = StoredUnit(
                    connection, self._queue, self._program, self._answering, message, identity, thread, row.reference
                )
                yield unit
                await unit.flush()
        except (IntegrityError, registrations.NumberTaken) as fault:
            # A number drawn at random was taken meanwhile: draw again.
            raise FactsChanged("a number was taken") from fault


class AlreadyHandled(Exception):
    """Another run of this job finished the message."""
