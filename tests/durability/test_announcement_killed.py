"""The working process is killed while an announcement goes out: everyone is reached, and no answer is lost."""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.bootstrap import application
from config.loading import load_settings
from tests.builders import program
from tests.durability.announced import (
    Mouths,
    Sink,
    announce,
    answer_at_a_pace,
    ask_at_a_pace,
    know,
    people,
    percentile,
    recorded,
    told,
    written,
)
from tests.durability.conftest import House
from tests.durability.figures import FIGURES
from tests.durability.processes import Mortal, mortals

PEOPLE = int(os.environ.get("DURABLE_RECIPIENTS", "60"))  # `make plays` has 10,000
KILLS = int(os.environ.get("DURABLE_ANNOUNCEMENT_KILLS", "1"))
ANSWERS = int(os.environ.get("DURABLE_ANSWERS", "15"))
QUESTIONS = max(4, ANSWERS // 10)
WORKERS = int(os.environ.get("DURABLE_WORKERS", "1"))  # beside each other; the first is killed
ANSWERS_A_SECOND, QUESTIONS_A_SECOND = 20, 2
TAKEN_UP = 10.0  # seconds until a killed worker is back and what it had in hand is done
DOMAIN = "lumora.example"


@pytest.fixture
async def relay() -> AsyncIterator[Sink]:
    sink = Sink()
    await sink.start()
    yield sink
    await sink.stop()


@pytest.mark.slow
@pytest.mark.timeout(240 + PEOPLE / 5)
async def test_everyone_is_reached_and_every_answer_counts_whoever_is_killed(
    house: House, relay: Sink, engine: AsyncEngine, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    partners, contacts = people(PEOPLE)
    mouths = Mouths(house.smtp_port)
    by = next(manager.email for manager in program().managers if manager.announces)
    environment = house.environment | {
        "PARTNERLINE_SMTP_CONNECTIONS_PER_MINUTE": "0",
        "PARTNERLINE_SMTP_SENDER_MAILS_PER_HOUR": "0",
        "PARTNERLINE_SMTP_DOMAIN_MAILS_PER_HOUR": "0",
    }
    async with application(load_settings(environ=environment)) as app:
        await know(app.database, partners, contacts)
        async with mortals(environment, tmp_path, WORKERS) as (_, working, *_others):
            announcement = await announce(app.announcement_desk, by)
            progress = asyncio.create_task(told(relay, mouths, PEOPLE))
            async with asyncio.TaskGroup() as group:
                killing = group.create_task(_killed(working, relay))
                answering = group.create_task(answer_at_a_pace(relay, mouths, ANSWERS, ANSWERS_A_SECOND))
                asking = group.create_task(ask_at_a_pace(mouths, house.contacts, QUESTIONS, QUESTIONS_A_SECOND))
            await relay.has(PEOPLE)
            await house.evidence.settled(within=150 + PEOPLE / 10)
            progress.cancel()

    copies = await written(engine, announcement, DOMAIN)
    assert Counter(copies.values()) == Counter(contact.email for contact in contacts)
    assert {message_id: copy.to for message_id, copy in relay.copies.items()} == copies
    assert working.kills == KILLS
    assert relay.repeats <= KILLS
    assert await recorded(engine, announcement) == Counter(yes=ANSWERS)
    states = await house.evidence.all_states()
    assert [states[message_id] for message_id in answering.result()] == [Counter(handled=1)] * ANSWERS
    record_property(FIGURES, _said(relay, mouths, asking.result(), killing.result()))


async def _killed(working: Mortal, sink: Sink) -> list[float]:
    """Each time another part of the people is reached; when that was."""
    times = []
    for number in range(KILLS):
        await sink.has((number + 1) * PEOPLE // (KILLS + 2))
        await working.kill()
        times.append(time.monotonic())
        await working.start()
    return times


def _said(sink: Sink, mouths: Mouths, questions: list[str], kills: list[float]) -> str:
    rate = PEOPLE / max(sink.ended - sink.began, 0.001)
    waited = {question: sink.answered[question] - mouths.sent[question] for question in questions}
    calm = [seconds for question, seconds in waited.items() if _is_calm(mouths.sent[question], seconds, kills)]
    load = f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"{PEOPLE:,} copies at {rate:.0f}/s by {WORKERS} worker(s) with {KILLS} kills and {sink.repeats} repeats while"
        f" {ANSWERS:,} answered, none lost; {len(waited)} questions of others had their answer within"
        f" {percentile([*waited.values()], 0.95):.1f} s, 95 of 100, and the {len(calm)} that no kill held up within"
        f" {percentile(calm, 0.95) if calm else float('nan'):.1f} s; {load} at {time.strftime('%H:%M')}"
    )


def _is_calm(asked: float, waited: float, kills: list[float]) -> bool:
    """Not asked, and not waiting for an answer, when a worker was killed or its jobs were still to be taken up."""
    return all(asked + waited < killed or asked > killed + TAKEN_UP for killed in kills)
