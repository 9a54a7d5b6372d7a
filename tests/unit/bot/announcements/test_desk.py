"""Announcements at the desk: kept, previewed, tried, confirmed once, and sent to whoever was shown."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import insert

from bot.announcements.sending.trying import TEST
from bot.channels.slack.outbound.outlet import CARD
from bot.storage.announcement_tables import announcements
from bot.storage.database import Database
from bot.storage.queue import Queue
from bot.vocabulary.announcing import (
    Announcement,
    AnnouncementState,
    AnnouncementText,
    CallKind,
    Preview,
    Route,
    Timing,
    Zone,
)
from bot.vocabulary.results import Done, NotDone
from bot.vocabulary.segment import Segment
from tests.builders import contact
from tests.fakes.slack.contract import block_faults
from tests.unit.bot.announcements.house import ENGLISH, GERMAN, LATER, PRICES, House, furnished, refusal, wall
from tests.unit.bot.storage.conftest import queue, storage

__all__ = ["queue", "storage"]

State = AnnouncementState


@pytest.fixture
async def house(storage: Database, queue: Queue) -> House:
    return await furnished(storage, queue)


async def test_what_is_shown_is_what_is_sent(house: House) -> None:
    composed = replace(PRICES, texts=(ENGLISH, GERMAN))
    seen = await house.desk.preview(house.by, composed)
    assert isinstance(seen, Preview)
    assert (seen.partners, seen.contacts, seen.channels, seen.mails) == (2, 2, 0, 2)
    assert seen.left_out_by_reason() == {"opted out": 1}
    assert dict(seen.languages) == {"en": 1, "de": 1}
    assert await house.mailed() == []
    await house.sent(composed)
    rows = {row.payload["to"]: row for row in await house.rows()}
    assert set(rows) == {"ada@one.example", "bo@two.example"}
    for sample, address in zip(seen.samples, ("ada@one.example", "bo@two.example"), strict=True):
        assert sample.subject == rows[address].payload["subject"]
    assert [sample.text for sample in seen.samples] == ["Hello Ada, new prices.", "Guten Tag Bo, neue Preise."]
    assert rows["bo@two.example"].payload["text"] == "Guten Tag Bo, neue Preise."


async def test_it_goes_out_at_its_time_to_whoever_is_in_the_segment_then(house: House) -> None:
    made = await house.confirmed(replace(PRICES, timing=LATER))
    assert made.state is State.SCHEDULED
    await house.work(made.id)
    assert await house.mailed() == []
    await house.store(contact(id="c-4", partner_id="p-1", email="di@one.example"))
    house.now = datetime(2026, 11, 30, 9, tzinfo=UTC)
    await asyncio.gather(house.work(made.id), house.work(made.id))
    await house.work(made.id)
    assert await house.mailed() == ["ada@one.example", "bo@two.example", "di@one.example"]
    assert await house.state(made.id) is State.SENDING
    await house.delivered()
    await house.work(made.id)
    assert await house.state(made.id) is State.SENT


async def test_whoever_confirmed_is_told_when_the_last_copy_has_gone(house: House) -> None:
    house.in_slack()
    made = await house.confirmed(replace(PRICES, timing=LATER))
    house.now = datetime(2026, 11, 30, 9, tzinfo=UTC)
    await house.work(made.id)
    assert await house.told() == []
    await house.delivered()
    await house.work(made.id)
    await house.work(made.id)
    ((whom, said),) = await house.told()
    assert whom == next(m.slack_user_id for m in house.program.managers if m.announces)
    assert "“Prices” has gone out, to 2 people at 2 partners" in said


async def test_another_count_than_was_shown_is_shown_and_nothing_is_sent(house: House) -> None:
    made = await house.draft()
    await house.store(contact(id="c-4", partner_id="p-1", email="di@one.example"))
    seen = await house.desk.confirm(house.by, made.id, 2)
    assert isinstance(seen, Preview)
    assert seen.contacts == 3
    assert await house.state(made.id) is State.DRAFT
    done = await house.desk.confirm(house.by, made.id, 3)
    assert isinstance(done, Announcement)


async def test_two_managers_who_confirm_at_once_send_once(house: House) -> None:
    made = await house.draft()
    managers = [house.by, house.other] * 3
    done = await asyncio.gather(*(house.desk.confirm(by, made.id, 2) for by in managers))
    assert {one.id for one in done if isinstance(one, Announcement)} == {made.id}
    await asyncio.gather(*(house.work(made.id) for _ in range(3)))
    assert await house.mailed() == ["ada@one.example", "bo@two.example"]


async def test_the_same_words_to_the_same_people_are_said_once_within_a_day(house: House) -> None:
    drafts = [await house.draft(by=house.by), await house.draft(by=house.other)]
    done = await asyncio.gather(*(house.desk.confirm(house.by, one.id, 2) for one in drafts))
    assert sorted(isinstance(one, Announcement) for one in done) == [False, True]
    assert "announced exactly this" in refusal(next(one for one in done if not isinstance(one, Announcement)))
    at_one = replace(PRICES, segment=Segment(partners=("One",)))
    assert isinstance(await house.desk.confirm(house.by, (await house.draft(at_one)).id, 1), Announcement)
    house.later(hours=25)
    assert isinstance(await house.desk.confirm(house.other, (await house.draft()).id, 2), Announcement)


async def test_what_is_kept_twice_under_one_id_is_one(house: House) -> None:
    name = str(uuid4())
    made = await asyncio.gather(*(house.desk.keep(house.by, PRICES, name) for _ in range(4)))
    assert {one.id for one in made if isinstance(one, Announcement)} == {name}
    assert [one.id for one in await house.desk.listed()] == [name]


async def test_what_is_changed_after_it_was_confirmed_wants_to_be_confirmed_anew(house: House) -> None:
    made = await house.confirmed(replace(PRICES, timing=LATER))
    changed = replace(PRICES, timing=LATER, texts=(replace(ENGLISH, body="Other prices."),))
    assert isinstance(await house.desk.keep(house.other, changed, made.id), Announcement)
    assert await house.state(made.id) is State.DRAFT
    house.later(days=5)
    await house.work(made.id)
    assert await house.mailed() == []


async def test_what_is_sent_is_not_changed(house: House) -> None:
    made = await house.sent()
    assert "is going out" in refusal(await house.desk.keep(house.by, replace(PRICES, texts=(GERMAN,)), made.id))


async def test_who_may_not_announce_any_more_is_told_that_it_was_not_sent(house: House) -> None:
    house.in_slack()
    made = await house.confirmed(replace(PRICES, timing=LATER))
    managers = tuple(replace(m, announces=False) for m in house.program.managers)
    house.program = replace(house.program, managers=managers)
    house.later(days=5)
    await house.work(made.id)
    assert await house.mailed() == []
    assert await house.state(made.id) is State.CANCELLED
    assert "may not any more announce" in (await house.told())[0][1]


async def test_an_empty_segment_at_its_time_is_told(house: House) -> None:
    house.in_slack()
    made = await house.confirmed(replace(PRICES, timing=LATER))
    gone = [contact(id=f"c-{n}", partner_id=f"p-{n}", email=f"{n}@x.example", active=False) for n in (1, 2)]
    await house.store(*gone)
    house.later(days=5)
    await house.work(made.id)
    assert await house.state(made.id) is State.CANCELLED
    ((_, said),) = await house.told()
    assert "was not sent: nobody was in the segment" in said


async def test_a_time_that_is_past_is_refused(house: House) -> None:
    made = await house.draft(replace(PRICES, timing=Timing(wall("2026-11-27 09:00"))))
    assert "past" in refusal(await house.desk.confirm(house.by, made.id, 2))
    there = await house.draft(replace(PRICES, timing=Timing(wall("2026-11-27 09:00"), Zone.PARTNER)))
    assert "past" in refusal(await house.desk.confirm(house.by, there.id, 2))


async def test_a_test_goes_to_the_manager_and_to_nobody_else(house: House) -> None:
    house.in_slack()
    done = await house.desk.test(house.by, replace(PRICES, texts=(ENGLISH, GERMAN)))
    assert isinstance(done, Done)
    rows = await house.rows()
    assert {row.payload["to"] for row in rows} == {house.by}
    assert [row.payload["subject"] for row in rows] == [f"{TEST} Prices", f"{TEST} Preise"]
    assert not any(row.payload.get("opt_out_token") or row.announcement_id for row in rows)
    english, german = await house.rows("slack", CARD)
    assert {english.payload["channel"], german.payload["channel"]} == {"U0"}
    assert english.payload["text"].startswith(f"{TEST} Prices")
    assert await house.desk.listed() == ()


async def test_the_test_in_slack_is_the_post_itself_with_its_buttons_in_words(house: House) -> None:
    house.in_slack()
    await house.map_channel()
    composed = replace(PRICES, texts=(replace(ENGLISH, body="**Hello** {first_name}"),))
    await house.desk.test(house.by, composed)
    await house.sent(composed)
    (test,) = await house.rows("slack", CARD)
    (post,) = await house.rows("slack")
    there, here = post.payload["blocks"], test.payload["blocks"]
    assert block_faults(here) == []
    assert here[0]["text"]["text"] == f"{TEST} Prices"
    assert here[1:-1] == [block for block in there[1:] if block["type"] != "actions"]
    assert [block["type"] for block in there if block not in here] == ["header", "actions"]
    assert "there are buttons here: Yes, No, Maybe." in here[-1]["elements"][0]["text"]


async def test_what_is_for_mail_alone_is_tried_by_mail_alone(house: House) -> None:
    house.in_slack()
    await house.desk.test(house.by, replace(PRICES, route=Route.MAIL))
    assert (len(await house.rows()), await house.told()) == (1, [])


async def test_in_slack_a_channel_is_posted_in_once_for_all_who_read_it_there(house: House) -> None:
    await house.map_channel("p-1")
    await house.map_channel("p-2", "C-2", paused="unshared")
    await house.store(contact(id="c-4", partner_id="p-1", email="di@one.example"))
    composed = replace(PRICES, route=Route.SLACK)
    seen = await house.desk.preview(house.by, composed)
    assert isinstance(seen, Preview)
    assert (seen.contacts, seen.channels, seen.mails) == (3, 1, 1)
    await house.sent(composed)
    assert await house.mailed() == ["bo@two.example"]
    (post,) = await house.rows("slack")
    assert post.payload["channel"] == "C-1"
    assert "Hello everyone" in post.payload["text"]
    assert "Ada" not in str(post.payload)


async def test_what_needs_a_right_is_mailed_to_those_who_have_it_and_posted_nowhere(house: House) -> None:
    await house.map_channel("p-1")
    await house.store(contact(id="c-4", partner_id="p-1", name="Di", email="di@one.example", main=False, rights=()))
    text = AnnouncementText("en", "Deals", "You have {open_deals} open deals.")
    seen = await house.desk.preview(house.by, replace(PRICES, texts=(text,)))
    assert isinstance(seen, Preview)
    assert (seen.contacts, seen.channels, seen.mails) == (2, 0, 2)
    assert seen.left_out_by_reason() == {"opted out": 1, "without the right to see deals": 1}
    await house.sent(replace(PRICES, texts=(text,)))
    assert await house.rows("slack") == []
    assert {row.payload["text"] for row in await house.rows()} == {"You have 0 open deals."}


@pytest.mark.parametrize("name", ["", "x", "'; drop table announcements", "7d1f60c4-6c0b-4b7e-9c39-4f3f6f1f2a10"])
async def test_what_is_no_announcement_is_said_to_be_none(house: House, name: str) -> None:
    assert isinstance(await house.desk.confirm(house.by, name, 1), NotDone)
    for act in (house.desk.pause, house.desk.resume, house.desk.cancel):
        assert "no such announcement" in refusal(await act(house.by, name))
    assert await house.desk.find(name) is None
    assert await house.desk.progress(name) is None


async def test_only_who_announces_may_do_anything(house: House) -> None:
    made = await house.draft()
    stranger = "nobody@x.example"
    done = [
        await house.desk.keep(stranger, PRICES),
        await house.desk.preview(stranger, PRICES),
        await house.desk.test(stranger, PRICES),
        await house.desk.confirm(stranger, made.id, 2),
        await house.desk.pause(stranger, made.id),
        await house.desk.resume(stranger, made.id),
        await house.desk.cancel(stranger, made.id),
    ]
    assert all("may not announce" in refusal(one) for one in done)


async def test_a_time_by_partners_clocks_comes_when_it_comes_to_each(house: House) -> None:
    composed = replace(PRICES, timing=Timing(wall("2026-11-30 09:00"), Zone.PARTNER))
    seen = await house.desk.preview(house.by, composed)
    assert isinstance(seen, Preview)
    assert seen.first_at == datetime(2026, 11, 30, 8, tzinfo=UTC)
    assert seen.last_at is not None
    assert seen.last_at - seen.first_at < timedelta(minutes=1)


async def test_one_that_was_sent_before_there_were_languages_is_still_known(house: House) -> None:
    old = {"subject": "Old", "body": "News.", "segment": {"tiers": ["Select"]}, "created_by": house.by}
    name = str(uuid4())
    async with house.storage.begin() as connection:
        await connection.execute(insert(announcements).values(id=name, **old))
    found = await house.desk.find(name)
    assert found is not None
    assert (found.state, found.subject, str(found.composed.segment)) == (State.SENT, "Old", "tier=Select")
    assert found.composed.call.kind is CallKind.ANSWER
    assert await house.desk.listed() == (found,)
