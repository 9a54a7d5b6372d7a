"""`partnerline reset`: asks, names the database, takes what is ours and leaves the rest."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.unit.bot.cli.conftest import Partnerline
from tests.unit.bot.cli.records import on, write_partners

_OURS = "namespace in (select oid from pg_namespace where nspname in ('public', 'crm'))"
OBJECTS = " union all ".join(
    f"select count(*) from {catalogue} where {prefix}{_OURS}"
    for catalogue, prefix in (("pg_class", "rel"), ("pg_proc", "pro"), ("pg_type", "typ"))
)


def test_everything_of_ours_goes_and_a_strangers_table_stays(
    partnerline: Partnerline, on_database: str, tmp_path: Path
) -> None:
    partnerline("partners", "import", write_partners(tmp_path))
    dsn = make_url(on_database).set(drivername="postgresql").render_as_string(hide_password=False)
    shown = partnerline("reset", "--yes")
    assert shown.code == 0
    assert str(make_url(on_database).database) in shown.out
    with psycopg.connect(dsn, autocommit=True) as connection:
        assert [row[0] for row in connection.execute(OBJECTS).fetchall()] == [0, 0, 0]
        connection.execute("create table strangers (id int)")
        partnerline("partners", "import", tmp_path / "partners.csv")
        assert partnerline("reset", "--yes").code == 0
        assert connection.execute("select count(*) from strangers").fetchone() == (0,)
    assert "no partner yet" in partnerline("partners", "list").out


@pytest.mark.usefixtures("on_database")
def test_without_a_yes_nothing_is_deleted(
    partnerline: Partnerline, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    partnerline("partners", "import", write_partners(tmp_path))
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))
    assert "nothing was deleted" in partnerline("reset").out
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert partnerline("reset").code == 2
    assert "Quaywise" in partnerline("partners", "list").out


def test_a_running_agent_is_not_deleted_under(partnerline: Partnerline, on_database: str, tmp_path: Path) -> None:
    partnerline("partners", "import", write_partners(tmp_path))

    async def beat(connection: AsyncConnection) -> None:
        await connection.execute(text("insert into procrastinate_workers default values"))

    on(on_database, beat)
    shown = partnerline("reset", "--yes")
    assert shown.code == 1
    assert "stop `partnerline serve`" in shown.err
    assert "Quaywise" in partnerline("partners", "list").out


def test_where_nothing_is_there_is_nothing_to_delete(partnerline: Partnerline, tmp_path: Path) -> None:
    shown = partnerline("--data-dir", tmp_path / "data", "reset")
    assert shown.code == 0
    assert "there are no data" in shown.out
