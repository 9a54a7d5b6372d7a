"""A version of the program that begins while the agent runs holds from that day in what partners are answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from bot.pipeline import handle
from bot.storage import inbox as inboxes
from bot.storage.codec import from_doc
from bot.storage.directory import StoredRecords
from bot.vocabulary.message import Message
from bot.vocabulary.requests import CommissionFields, Intent, Request
from knowledge.programs import Programs
from tests.builders import program
from tests.unit.bot.desk.house import House
from tests.unit.bot.desk.talking import SARA, agent, answer_to, arrived


async def test_rates_are_those_of_the_day_without_a_restart(house: House) -> None:
    tiers = tuple(replace(tier, added_points=tier.added_points + 1) for tier in program().tiers)
    later = replace(program(), tiers=tiers, version="2027.1", valid_from=date(2027, 1, 1))
    programs = Programs((program(), later))
    running = replace(
        agent(house, Request(Intent.ASK_COMMISSION, CommissionFields())),
        programs=programs,
        records=StoredRecords(house.storage, programs),
    )
    answers = []
    for house.now in (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), datetime(2026, 12, 31, 23, 0, tzinfo=UTC)):
        inbox_id = await arrived(house, SARA)
        async with house.storage.begin() as connection:
            row = await inboxes.fetch(connection, inbox_id)
        assert row is not None
        await handle(running, from_doc(Message, row.message), row.thread_id)
        answers.append(await answer_to(house, inbox_id))
    assert "17.5%" in answers[0]
    assert "18.5%" in answers[1]
