"""Each interaction stands in HubSpot once: whatever answers are lost, and wherever the process dies."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from sqlalchemy import update

from crm.adapters.hubspot.logging.markers import marker_of, own_marker
from crm.adapters.hubspot.tables import interactions as log
from crm.errors import CrmOutcomeUnknown, CrmUnavailable
from crm.records import Interaction
from tests.fakes.hubspot import Mood
from tests.unit.crm.hubspot.timelines.conftest import House, posted, said

CREATE = "batch/create"


def markers(house: House) -> Counter[str]:
    bodies = [one.values.get("hs_email_html") or one.values["hs_note_body"] for one in house.engagements()]
    return Counter(own_marker(body) for body in bodies)


def once(*interactions: Interaction) -> Counter[str]:
    return Counter(marker_of(one.key) for one in interactions)


async def died_before_it_was_noted(house: House, *keys: str) -> None:
    """As it stands when the process ends between HubSpot's commit and ours."""
    async with house.engine.begin() as connection:
        await connection.execute(update(log).where(log.c.key.in_(keys)).values(state="begun", hubspot_id=""))


async def test_a_hundred_mails_and_posts_take_two_calls(house: House) -> None:
    wanted = [said(n) if n % 2 else posted(n) for n in range(100)]
    assert await house.agent().log(wanted) == {}
    assert markers(house) == once(*wanted)
    assert house.hub.calls.count() == 2
    assert len(house.hub.portal.all("emails")) == len(house.hub.portal.all("notes")) == 50


async def test_what_is_logged_costs_no_call_to_log_again(house: House) -> None:
    wanted = [said(n) for n in range(20)]
    await house.agent().log(wanted)
    house.hub.calls.clear()
    assert await house.agent().log(wanted) == {}
    assert house.hub.calls.count() == 0
    assert markers(house) == once(*wanted)


async def test_a_lost_answer_is_read_back_at_once(house: House) -> None:
    wanted = [said(n) if n % 2 else posted(n, deal_numbers=()) for n in range(100)]
    house.hub.moods.next(Mood.LOST, on=CREATE, times=2)
    assert await house.agent().log(wanted) == {}
    assert markers(house) == once(*wanted)
    assert house.hub.calls.count("search") == 0
    assert house.hub.calls.count() <= 8  # two creates; for each the associations and the texts of one record


@pytest.mark.parametrize("mood", [Mood.ERROR, Mood.BAD_GATEWAY, Mood.DROPPED])
async def test_what_was_not_written_goes_again_after_two_looks(house: House, mood: Mood) -> None:
    house.hub.moods.next(mood, on=CREATE)
    agent = house.agent()
    with pytest.raises(CrmOutcomeUnknown) as fault:
        await agent.log([said(1), posted(2)])
    assert fault.value.keys == {"in:1"}
    calls = house.hub.calls.count()
    with pytest.raises(CrmOutcomeUnknown):
        await agent.log([said(1), posted(2)])
    assert house.hub.calls.count() == calls  # too early to look again
    house.later(31)
    assert await agent.log([said(1), posted(2)]) == {}
    assert markers(house) == once(said(1), posted(2))


async def test_what_turns_up_late_is_not_sent_again(house: House) -> None:
    """HubSpot answers 502 and goes on writing."""
    agent = house.agent()
    house.hub.moods.next(Mood.BAD_GATEWAY, on=CREATE)
    with pytest.raises(CrmOutcomeUnknown):
        await agent.log([said(1)])
    written = house.hub.calls.of(CREATE)[0].body["inputs"][0]["properties"]
    note = house.hub.portal.person_creates("emails", **written)
    house.hub.portal.person_associates("emails", note.id, "deals", house.ids["D-1"])
    house.later(31)
    assert await agent.log([said(1)]) == {}
    assert markers(house) == once(said(1))


async def test_a_process_that_died_before_it_noted_anything_leaves_no_second_one(house: House) -> None:
    wanted = [said(1), said(2, deal_numbers=()), posted(3, deal_numbers=(), contact_id=None)]
    await house.agent().log(wanted)
    await died_before_it_was_noted(house, "in:1", "in:2", "in:3")
    assert await house.agent().log(wanted) == {}
    assert markers(house) == once(*wanted)


async def test_a_process_that_died_before_it_sent_anything_loses_nothing(house: House) -> None:
    agent = house.agent()
    await agent.log([said(1)])
    await died_before_it_was_noted(house, "in:1")
    [mail] = house.hub.portal.all("emails")
    house.hub.portal.person_deletes("emails", mail.id)
    with pytest.raises(CrmOutcomeUnknown):
        await agent.log([said(1)])
    house.later(31)
    assert await agent.log([said(1)]) == {}
    assert markers(house) == once(said(1))


async def test_workers_that_log_the_same_at_once_log_it_once(house: House) -> None:
    wanted = [said(n) for n in range(40)]
    ends = await asyncio.gather(*(house.agent().log(wanted) for _ in range(4)))
    assert ends == [{}] * 4
    assert markers(house) == once(*wanted)
    assert house.hub.calls.count(CREATE) == 1


async def test_a_hubspot_that_is_away_gets_everything_later(house: House) -> None:
    agent = house.agent()
    house.hub.moods.outage(mood=Mood.RATE_LIMITED)
    house.hub.moods.wait = "60"
    with pytest.raises(CrmUnavailable):
        await agent.log([said(1), posted(2)])
    house.hub.moods.recover()
    await house.calls_may_go_on()
    assert await agent.log([said(1), posted(2)]) == {}
    assert markers(house) == once(said(1), posted(2))


async def test_what_surely_was_not_sent_goes_together_again(house: House) -> None:
    """Too many calls say nothing against the interactions: each alone would only be more of them."""
    agent, wanted = house.agent(), [said(n) for n in range(100)]
    house.hub.moods.wait = "60"
    for _ in range(3):
        house.hub.moods.next(Mood.RATE_LIMITED, on=CREATE)
        with pytest.raises(CrmUnavailable):
            await agent.log(wanted)
        await house.calls_may_go_on()
    house.hub.calls.clear()
    assert await agent.log(wanted) == {}
    assert house.hub.calls.count(CREATE) == 1


async def test_many_engagements_on_a_record_are_read_to_the_last_page(house: House) -> None:
    """Of 1,100 notes of colleagues and 100 of ours, only what is not known to be ours is opened."""
    portal = house.hub.portal
    for number in range(1_100):
        note = portal.person_creates("notes", hs_note_body=f"Call {number}", hs_timestamp="1764233000000")
        portal.person_associates("notes", note.id, "deals", house.ids["D-1"])
    agent = house.agent()
    await agent.log([posted(n) for n in range(100)])
    house.hub.calls.clear()
    house.hub.moods.next(Mood.LOST, on=CREATE)
    assert await agent.log([posted(200)]) == {}
    assert markers(house)[marker_of("in:200")] == 1
    assert house.hub.calls.count("associations") == 3
    assert house.hub.calls.count("batch/read") - 1 == 12  # 1,101 texts


async def test_of_a_batch_that_is_lost_in_part_only_the_lost_is_looked_for(house: House) -> None:
    agent = house.agent()
    await agent.log([said(n) for n in range(50)])
    house.hub.moods.next(Mood.LOST, on=CREATE)
    wanted = [said(n) for n in range(100)]
    assert await agent.log(wanted) == {}
    assert markers(house) == once(*wanted)
