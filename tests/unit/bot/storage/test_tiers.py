"""Tiers through time: what was changed, by whom, what the CRM says, and the notices beside them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.storage import outbox, tiers
from bot.storage.crm_writes import tier_row
from bot.storage.database import Database
from bot.storage.tiers import CRM, REVIEW, Change, Settled
from bot.vocabulary.money import TierChange
from knowledge.tier_review import Notice
from tests.builders import partner

JANUARY, APRIL, JULY = date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)
NOTICE = Notice(JULY, "Select", "Registered")


async def recorded(storage: Database, *changes: Change) -> tuple[TierChange, ...]:
    async with storage.begin() as connection:
        for change in changes:
            await tiers.record(connection, change)
        return await tiers.changes_of(connection, "p-1")


async def test_the_tier_of_a_past_day_is_the_one_that_held_then(storage: Database) -> None:
    await recorded(
        storage,
        Change("p-1", JANUARY, "", "Registered", CRM),
        Change("p-1", APRIL, "Registered", "Select", REVIEW),
        Change("p-2", APRIL, "", "Elite", CRM),
    )
    async with storage.begin() as connection:
        history = await tiers.history(connection, "p-1")
        everyone = await tiers.histories(connection)
    assert [history.on(day) for day in (date(2025, 5, 1), date(2026, 3, 31), APRIL)] == [
        "Registered", "Registered", "Select",
    ]  # fmt: skip
    assert everyone["p-1"] == history
    assert everyone["p-2"].on(JULY) == "Elite"


async def test_a_partner_nobody_wrote_down_has_no_history(storage: Database) -> None:
    async with storage.begin() as connection:
        assert (await tiers.history(connection, "p-9")).on(APRIL) == ""
        assert await tiers.changes_of(connection, "p-9") == ()


async def test_the_last_change_of_a_day_counts_and_one_taken_back_leaves_nothing(storage: Database) -> None:
    begun = Change("p-1", JANUARY, "", "Registered", CRM)
    up = Change("p-1", APRIL, "Registered", "Select", "noor@lumora.example", "Signed the plan.")
    assert await recorded(storage, begun, up, replace(up, was="Select", tier="Elite")) == (
        TierChange(JANUARY, "", "Registered", "crm"),
        TierChange(APRIL, "Registered", "Elite", "Signed the plan."),
    )
    assert len(await recorded(storage, replace(up, was="Elite", tier="Registered"))) == 1


async def test_a_change_on_the_day_on_which_records_begin_leaves_the_past_as_it_was(storage: Database) -> None:
    begun = Change("p-1", APRIL, "", "Registered", CRM)
    await recorded(storage, begun, Change("p-1", APRIL, "Registered", "Elite", REVIEW))
    async with storage.begin() as connection:
        history = await tiers.history(connection, "p-1")
    assert [history.on(day) for day in (JANUARY, date(2026, 3, 31), APRIL)] == ["Registered", "Registered", "Elite"]


async def test_a_colleagues_change_in_the_crm_is_recorded_the_day_it_is_seen(storage: Database) -> None:
    async with storage.begin() as connection:
        await tiers.noticed(connection, [partner(tier="Select"), partner(id="p-2", tier="")], JANUARY)
        await tiers.noticed(connection, [partner(tier="Select", name="Renamed")], APRIL)
        await tiers.noticed(connection, [partner(tier="Elite")], JULY)
        kept = await tiers.kept_of(connection, "p-1")
        assert await tiers.kept_of(connection, "p-2") == ()
    assert [(c.since, c.was, c.tier, c.by) for c in kept] == [
        (JANUARY, "", "Select", CRM),
        (JULY, "Select", "Elite", CRM),
    ]


async def test_what_the_crm_is_not_told_yet_is_newer_than_what_it_says(storage: Database) -> None:
    before = datetime.now(UTC) - timedelta(minutes=1)
    row = tier_row("p-1", "Select", "Elite", "review:2026-04-01")
    async with storage.begin() as connection:
        await outbox.put(connection, [row])
        assert await tiers.on_their_way(connection, before) == {"p-1": "Elite"}
        await outbox.settle(connection, row.id, outbox.OutboxState.SENT)
        assert await tiers.on_their_way(connection, before) == {"p-1": "Elite"}
        assert await tiers.on_their_way(connection, datetime.now(UTC) + timedelta(minutes=1)) == {}


async def test_a_notice_stands_until_something_becomes_of_it(storage: Database) -> None:
    async with storage.begin() as connection:
        await tiers.give(connection, "p-1", NOTICE, {"revenue": "EUR 1"})
        await tiers.give(connection, "p-1", NOTICE, {"revenue": "EUR 2"})
        assert await tiers.standing(connection, "p-1") == NOTICE
        assert await tiers.standing(connection, "p-2") is None
        assert await tiers.settle(connection, "p-1", Settled.RECOVERED, JULY)
        assert not await tiers.settle(connection, "p-1", Settled.LOWERED, JULY)
        assert await tiers.standing(connection, "p-1") is None
        (kept,) = await tiers.notices_of(connection, "p-1")
        assert (kept.settled, kept.settled_on, kept.figures) == (Settled.RECOVERED, JULY, {"revenue": "EUR 2"})
        assert await tiers.notices_at(connection, JULY) == (kept,)
        assert await tiers.notices_at(connection, APRIL) == ()


async def test_what_a_review_changed_is_found_by_its_day(storage: Database) -> None:
    mine = Change("p-1", date(2026, 4, 20), "Elite", "Select", REVIEW, "", {"review": "2026-04-01"})
    await recorded(storage, mine, Change("p-2", APRIL, "", "Elite", CRM))
    async with storage.begin() as connection:
        assert await tiers.of_review(connection, APRIL) == (mine,)
        assert await tiers.of_review(connection, JULY) == ()
