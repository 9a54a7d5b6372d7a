"""The database at this version and the queue in it; and their end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from procrastinate.exceptions import ConnectorException
from sqlalchemy.exc import OperationalError, ProgrammingError

from bot.storage.database import Database
from bot.storage.erase import erase_tables
from bot.storage.migrate import migrate
from bot.storage.postgres import PostgresError, find_postgres, place, release
from bot.storage.queue import Queue
from config.settings import Settings
from crm.adapters import embedded, hubspot


@asynccontextmanager
async def storage(settings: Settings) -> AsyncIterator[tuple[Database, Queue]]:
    """The database at this version and the queue in it, open."""
    postgres = await find_postgres(settings.database_url.get_secret_value(), settings.data_dir)
    database = Database(postgres, pool_size=settings.workers_concurrency + 4)
    queue = Queue(postgres)
    try:
        await _brought_up(database, queue)
        yield database, queue
    finally:
        await queue.aclose()
        await database.aclose()
        await release(postgres, settings.data_dir)


async def _brought_up(database: Database, queue: Queue) -> None:
    where = place(database.postgres)
    try:
        await migrate(database.engine)
        await embedded.migrate(database.engine)
        await queue.open()
    except ProgrammingError as fault:
        raise PostgresError(f"{where} cannot be brought to this version: {fault.orig}") from fault
    except (OperationalError, ConnectorException) as fault:
        raise PostgresError(f"{where} stopped answering; see that it runs, then try again") from fault


async def erase_everything(database: Database) -> None:
    """All that is ours in this database, at once or not at all; what others keep there stays."""
    async with database.begin() as connection:
        await erase_tables(connection)
        await embedded.erase(connection)
        await hubspot.erase(connection)
