"""The database goes away while mails arrive: senders are told to come again, and everything happens once."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from random import Random

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL, make_url

from bot.bootstrap import application
from bot.serve import running
from bot.worker.pace import Pace
from config.loading import load_settings
from tests.durability.conftest import House
from tests.durability.mails import mails
from tests.durability.sender import Sender

MAILS = int(os.environ.get("DURABLE_AWAY_MAILS", "60"))  # `make plays` sends more
PACE = Pace(beat=1.0, stalled=3.0, pruned=30.0, polling=0.5, pause=0.3)


@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_mails_are_put_off_while_the_database_is_away_and_all_arrive_once(
    house: House, database: str, postgres_server: URL
) -> None:
    sent = mails(house.contacts, MAILS)
    sender = Sender(house.smtp_port, longest_pause=1.5, seed=1)
    async with application(load_settings(environ=house.environment), PACE) as app, running(app):
        async with asyncio.TaskGroup() as group:
            group.create_task(sender.send(sent))
            group.create_task(_away_again_and_again(postgres_server, str(make_url(database).database)))
        await house.evidence.settled(within=60)

    once = Counter(mail.message_id for mail in sent)
    tried = [code for codes in sender.codes.values() for code in codes]
    assert 451 in tried
    assert set(tried) == {250, 451}
    states = await house.evidence.all_states()
    assert {message_id: its["handled"] for message_id, its in states.items()} == once
    assert {state for its in states.values() for state in its} <= {"handled", "duplicate"}
    assert await house.evidence.ledger() == once
    assert await house.evidence.timeline() == once
    answers = {taken.message_id: taken.in_reply_to for taken in house.relay.taken if taken.in_reply_to}  # not managers'
    assert Counter(answers.values()) == once


async def _away_again_and_again(server: URL, name: str) -> None:
    random = Random(2)
    for seconds in (0.0, 1.5, 0.0, 3.0):
        await asyncio.sleep(random.uniform(0.5, 1.5))
        await asyncio.to_thread(_away, server, name, True)
        await asyncio.sleep(seconds)
        await asyncio.to_thread(_away, server, name, False)


def _away(server: URL, name: str, away: bool) -> None:
    """As a stopped server: nobody gets in, and who is in is thrown out."""
    where = server.set(drivername="postgresql").render_as_string(hide_password=False)
    change = sql.SQL("alter database {} allow_connections {}").format(sql.Identifier(name), sql.Literal(not away))
    with psycopg.connect(where, autocommit=True) as connection:
        connection.execute(change)
        if away:
            connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [name])
