"""Processes are killed while mails arrive: what was told 250 is handled once, logged once and answered once."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from tests.durability.conftest import House
from tests.durability.evidence import Evidence
from tests.durability.mails import Sent, mails
from tests.durability.processes import Mortal, mortals
from tests.durability.sender import Sender
from tests.fakes.relay import FakeRelay

MAILS = int(os.environ.get("DURABLE_KILLED_MAILS", "80"))
KILLS = int(os.environ.get("DURABLE_KILLS", "2"))  # of each process; `make plays` has more of both
SEED = 20_261_126


@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_every_mail_that_got_a_250_happens_once_whoever_is_killed(house: House, tmp_path: Path) -> None:
    sent = mails(house.contacts, MAILS)
    sender = Sender(house.smtp_port, longest_pause=2.0, seed=SEED)
    async with mortals(house.environment, tmp_path) as (accepting, working):
        async with asyncio.TaskGroup() as group:
            group.create_task(sender.send(sent))
            group.create_task(_killed_again_and_again(accepting, Random(SEED)))
            group.create_task(_killed_again_and_again(working, Random(SEED + 1)))
        await house.evidence.settled(within=90)

    assert (accepting.kills, working.kills) == (KILLS, KILLS)
    assert {codes[-1] for codes in sender.codes.values()} == {250}
    assert len(sender.codes) == MAILS
    await _each_is_handled_once(house.evidence, sent)
    await _registrations_are_written_once(house.evidence, sent)
    _each_is_answered_once(house.relay, sent, working.kills)


async def _killed_again_and_again(mortal: Mortal, random: Random) -> None:
    for _ in range(KILLS):
        await asyncio.sleep(random.uniform(0.3, 3.0))
        await mortal.kill()
        await mortal.start()


async def _each_is_handled_once(evidence: Evidence, sent: list[Sent]) -> None:
    once = Counter(mail.message_id for mail in sent)
    states = await evidence.all_states()
    assert {message_id: its["handled"] for message_id, its in states.items()} == once
    assert {state for its in states.values() for state in its} <= {"handled", "duplicate"}
    assert await evidence.ledger() == once
    assert await evidence.timeline() == once
    assert await evidence.timeline_length() == len(sent)
    as_sent: dict[str, list[str]] = {}
    for mail in sent:
        as_sent.setdefault(mail.sender, []).append(mail.message_id)
    assert await evidence.handled_in_order() == as_sent


async def _registrations_are_written_once(evidence: Evidence, sent: list[Sent]) -> None:
    once = Counter(mail.customer_domain for mail in sent if mail.customer_domain)
    assert _new(await evidence.registrations(), once) == once
    assert _new(await evidence.registrations_in_crm(), once) == once


def _new(domains: Counter[str], wanted: Counter[str]) -> Counter[str]:
    """Without those that the demo's partners had before."""
    return Counter({domain: count for domain, count in domains.items() if domain in wanted})


def _each_is_answered_once(relay: FakeRelay, sent: list[Sent], kills: int) -> None:
    """One answer for each mail; what was repeated after a kill has the same Message-ID, and no more than the kills."""
    told = [taken for taken in relay.taken if taken.in_reply_to]  # what managers are sent answers nothing
    answers = {taken.message_id: taken.in_reply_to for taken in told}
    assert Counter(answers.values()) == Counter(mail.message_id for mail in sent)
    assert all(taken.to == (_sender_of(taken.in_reply_to, sent),) for taken in told)
    repeats = Counter(taken.message_id for taken in relay.taken)
    assert max(repeats.values()) <= 1 + kills
    assert len(told) - len(answers) <= kills


def _sender_of(message_id: str, sent: list[Sent]) -> str:
    return next(mail.sender for mail in sent if mail.message_id == message_id)
