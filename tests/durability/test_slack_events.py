"""Slack's events in doubt, doubled and out of order while the agent is killed: each message is handled exactly once."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.demo.seed import demo_records
from bot.storage import slack_channels
from bot.storage.slack_channels import SlackChannel
from tests.builders import TODAY, program
from tests.durability.conftest import House
from tests.durability.figures import FIGURES
from tests.durability.processes import Mortal, free_port, mortals
from tests.durability.slack_crowd import SlackCrowd, acts, out_of_order
from tests.fakes.slack.delivering import SECRET
from tests.fakes.slack.hands import Hands
from tests.fakes.slack.web_api import APP_TOKEN, HOME, TOKEN, FakeSlack

EVENTS = int(os.environ.get("DURABLE_SLACK_EVENTS", "40"))  # `make plays` sends 5,000
AT_ONCE = 12
DEAF_TO = 25  # of each so many the first acknowledgement is lost
SEED = 20_261_127

_UNDER_WAY = """
select state || ' ' || coalesce(error, ''), count(*) from inbox where state in ('received', 'read') group by 1
"""


@pytest.mark.slow
@pytest.mark.timeout(300 + EVENTS)
async def test_each_message_is_handled_once_whatever_slack_repeats_and_whoever_dies(
    house: House, engine: AsyncEngine, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    slack, random, port = FakeSlack(), Random(SEED), free_port()
    await slack.start()
    people = await _partners(slack, engine, house)
    told = acts(Hands(slack), people, EVENTS, random)
    deliveries = out_of_order((one for events in told.values() for one in events), random)
    url = f"http://127.0.0.1:{port}/slack/events"
    crowd = SlackCrowd(url, SECRET, slack.sockets, deliveries, deaf_to=DEAF_TO)
    try:
        async with mortals(house.environment | _connected(slack, port), tmp_path) as (accepting, _):
            async with asyncio.TaskGroup() as group:
                group.create_task(crowd.deliver(AT_ONCE))
                group.create_task(_killed(crowd, len(deliveries) // 3, accepting))
                group.create_task(_killed(crowd, 2 * len(deliveries) // 3, accepting))
            await _handled(engine, within=150 + EVENTS / 2)
    finally:
        await slack.stop()
    messages = {key.removeprefix(f"slack:{HOME}/").replace("/", ":") for key in told}
    assert await _states(engine) == dict.fromkeys(told, "handled")
    assert await house.evidence.ledger() == Counter(messages)
    assert crowd.attempts[200] == len(deliveries)
    assert accepting.kills == 2
    record_property(FIGURES, _said(crowd, len(told), len(deliveries)))


async def _partners(slack: FakeSlack, engine: AsyncEngine, house: House) -> list[tuple[str, str]]:
    """(user, channel) of every contact who is in Slack, in channels that are mapped and shared."""
    channels = {one.partner_id: one for one in demo_records(TODAY, program()).slack_channels}
    found = []
    for contact in house.contacts:
        if contact.slack_user_id and (channel := channels.get(contact.partner_id)):
            slack.add_user(contact.slack_user_id, channel.team_id, contact.name)
            found.append((contact.slack_user_id, channel.channel_id))
    async with engine.begin() as connection:
        for one in channels.values():
            slack.add_channel(one.channel_id, {HOME, one.team_id})
            mapped = SlackChannel(HOME, one.channel_id, one.name, one.partner_id, one.team_id)
            await slack_channels.save(connection, mapped)
    return found


def _connected(slack: FakeSlack, port: int) -> dict[str, str]:
    """Both ways at once, as while somebody changes from one to the other."""
    return {
        "PARTNERLINE_HTTP_PORT": str(port),
        "PARTNERLINE_SLACK_API_URL": slack.base_url,
        "PARTNERLINE_SLACK_BOT_TOKEN": TOKEN,
        "PARTNERLINE_SLACK_SIGNING_SECRET": SECRET,
        "PARTNERLINE_SLACK_APP_TOKEN": APP_TOKEN,
    }


async def _killed(crowd: SlackCrowd, delivered: int, accepting: Mortal) -> None:
    await crowd.has_delivered(delivered)
    await accepting.kill()
    await accepting.start()


async def _handled(engine: AsyncEngine, within: float) -> None:
    """What Slack's limits still keep back in the outbox need not be waited for."""
    left: dict[str, int] = {}
    try:
        async with asyncio.timeout(within):
            while left := await _under_way(engine):  # noqa: ASYNC110 - other processes work on it
                await asyncio.sleep(0.25)
    except TimeoutError:
        raise TimeoutError(f"still under way: {left}") from None


async def _under_way(engine: AsyncEngine) -> dict[str, int]:
    async with engine.connect() as connection:
        return {str(what): int(count) for what, count in (await connection.execute(text(_UNDER_WAY))).all()}


async def _states(engine: AsyncEngine) -> dict[str, str]:
    async with engine.connect() as connection:
        rows = await connection.execute(text("select dedupe_key, state from inbox"))
        return {str(key): str(state) for key, state in rows.all()}


def _said(crowd: SlackCrowd, acts: int, deliveries: int) -> str:
    every = crowd.attempts.total()
    return (
        f"Slack: {acts:,} messages in {deliveries:,} events and {every:,} deliveries"
        f" ({every - crowd.attempts[200]:,} not acknowledged or not heard), 2 restarts: each handled once"
    )
