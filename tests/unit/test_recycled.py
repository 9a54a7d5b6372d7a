"""A database that goes from test to test is as good as a new one."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import URL

from tests.database import libpq
from tests.recycled import Recycled


@pytest.fixture
def databases(postgres_server: URL, migrated_template: str) -> Iterator[Recycled]:
    made = Recycled(postgres_server, migrated_template)
    yield made
    made.close()


def _done(url: URL, *statements: str) -> None:
    with psycopg.connect(libpq(url), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def _found(url: URL, query: str) -> object:
    with psycopg.connect(libpq(url), autocommit=True) as connection:
        return connection.execute(query.encode()).fetchall()


_NOTE = "insert into ledger (kind, actor, body, salts, digests) values ('k', 'a', '{}', '{}', '{}')"


def test_what_was_written_is_gone_and_numbers_begin_anew(databases: Recycled) -> None:
    first = databases.take()
    _done(first, _NOTE, "insert into instance values ('a', 'b')", "select nextval('crm.change_number')")
    databases.give_back(first)
    second = databases.take()
    assert second == first
    _done(second, _NOTE)
    assert _found(second, "select id from ledger") == [(1,)]
    assert _found(second, "select * from instance") == []
    assert _found(second, "select nextval('crm.change_number')") == [(1,)]
    databases.give_back(second)


@pytest.mark.parametrize(
    "change",
    [
        "alter table claims rename to claims_away",
        "create table foreign_table (id int)",
        "drop index uq_inbox_dedupe_key",
        "alter table ledger disable trigger user",
        "alter table tasks alter column summary drop not null",
        "update partnerline_version set version_num = '0001'",
        "create function broken() returns int language sql as 'select 1'",
    ],
)
def test_more_than_rows_changed_and_a_new_one_is_made(databases: Recycled, change: str) -> None:
    first = databases.take()
    _done(first, change)
    databases.give_back(first)
    second = databases.take()
    assert second != first
    databases.give_back(second)


def test_a_connection_that_was_left_open_is_no_obstacle(databases: Recycled) -> None:
    first = databases.take()
    left = psycopg.connect(libpq(first))
    left.execute("lock table inbox")
    databases.give_back(first)
    left.close()
    assert databases.take() == first
    databases.give_back(first)
