"""The CRM's outbox: parked while the CRM is down, drained in order when it is up, and no row holds up the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.storage import crm_writes, outbox
from bot.storage.outbox import Destination, Outgoing
from crm.errors import CrmUnavailable
from crm.records import Channel, Direction, Interaction, Registration
from tests.builders import NOW, partner, registration
from tests.fakes.crm import InMemoryCrm, Mood
from tests.unit.bot.worker.assembled import Assembled, assembled

CRM = Destination.CRM
SECOND = partner(id="p-2", name="Second")


def said(number: int, partner_id: str = "p-1") -> Interaction:
    return Interaction(
        f"in:{number}", partner_id, None, (), Channel.EMAIL, Direction.IN, NOW + timedelta(minutes=number),
        f"message {number}", f"<{number}@x>", "logged",
    )  # fmt: skip


async def put(house: Assembled, *rows: Outgoing) -> None:
    async with house.database.begin() as connection:
        await outbox.put(connection, rows)


async def time_passes(house: Assembled) -> None:
    """Every wait is over."""
    await house.change("update outbox set not_before = null")
    await house.change("update parked set until = now()")


def logged(crm: InMemoryCrm) -> list[str]:
    return [entry.key for entry in crm.log]


async def states(house: Assembled) -> list[str]:
    return [row[0] for row in await house.rows("select state from outbox order by seq")]


async def test_what_is_written_arrives_in_the_order_it_was_written(database: str) -> None:
    async with assembled(database) as house:
        await put(house, *(crm_writes.interaction_row(said(n)) for n in range(250)))
        assert await house.jobs.deliver(CRM) == 250
        assert logged(house.crm) == [f"in:{n}" for n in range(250)]
        assert set(await states(house)) == {"sent"}
        assert await house.jobs.deliver(CRM) == 0


async def test_a_crm_that_is_down_is_parked_and_later_gets_everything_in_order(database: str) -> None:
    async with assembled(database) as house:
        await put(house, *(crm_writes.interaction_row(said(n)) for n in range(5)))
        house.crm.mood = Mood.UNAVAILABLE
        assert await house.jobs.deliver(CRM) == 0
        calls = len(house.crm.calls)
        assert await house.jobs.deliver(CRM) == 0
        assert len(house.crm.calls) == calls  # parked: it was not even asked
        house.crm.mood = Mood.WELL
        await time_passes(house)
        assert await house.jobs.deliver(CRM) == 5
        assert logged(house.crm) == [f"in:{n}" for n in range(5)]
        assert await house.value("select count(*) from parked") == 0


async def test_a_crm_that_goes_down_in_the_middle_stays_parked_and_gets_nothing_twice(database: str) -> None:
    async with assembled(database) as house:
        await put(house, *(crm_writes.interaction_row(said(n)) for n in range(250)))
        house.crm.moods = [Mood.WELL, Mood.UNAVAILABLE]
        await house.jobs.deliver(CRM)
        assert await states(house) == ["sent"] * 100 + ["pending"] * 150
        assert await house.value("select count(*) from parked where until > now()") == 1
        await time_passes(house)
        await house.jobs.deliver(CRM)
        assert logged(house.crm) == [f"in:{n}" for n in range(250)]
        assert house.crm.calls.count("log_interactions") == 4


async def test_the_rest_grows_longer_while_a_destination_stays_down(database: str) -> None:
    async with assembled(database) as house:
        await put(house, crm_writes.interaction_row(said(1)))
        house.crm.mood = Mood.UNAVAILABLE
        house.crm.retry_after = 10.0
        rests = []
        for _ in range(3):
            await house.jobs.deliver(CRM)
            rests.append(float(await house.value("select extract(epoch from until - now()) from parked")))
            await time_passes(house)
        assert rests == pytest.approx([10, 20, 40], abs=2)


async def test_a_row_the_crm_refuses_is_shown_to_a_person_and_the_others_go(database: str) -> None:
    async with assembled(database) as house:
        house.crm.refused = {"in:0"}
        await put(house, *(crm_writes.interaction_row(said(n)) for n in range(3)))
        await house.jobs.deliver(CRM)
        assert await states(house) == ["refused", "sent", "sent"]
        assert "the CRM refuses this" in await house.value("select summary from tasks where kind = 'refused_delivery'")


async def test_interactions_go_together_after_what_they_are_about(database: str) -> None:
    async with assembled(database, partners=(partner(), SECOND)) as house:
        await put(
            house,
            crm_writes.interaction_row(said(1)),
            crm_writes.registration_row(registration(), "message"),
            crm_writes.interaction_row(said(2, "p-2")),
        )
        assert await house.jobs.deliver(CRM) == 3
        assert house.crm.calls[-2:] == ["save_registration", "log_interactions"]
        assert logged(house.crm) == ["in:1", "in:2"]


async def test_what_was_decided_goes_before_thousands_of_old_interactions(database: str) -> None:
    """The CRM takes one call, and no more for a while: that one is the registration's."""
    async with assembled(database, partners=(partner(), SECOND)) as house:
        backlog = [crm_writes.interaction_row(said(n, f"p-{1 + n % 2}")) for n in range(1_000)]
        again = [crm_writes.log_again_row(said(n), "replay") for n in range(2_000, 2_300)]
        await put(house, *again, *backlog, crm_writes.registration_row(registration(), "message"))
        house.crm.moods = [Mood.WELL, Mood.UNAVAILABLE]
        house.crm.calls.clear()
        await house.jobs.deliver(CRM)
        assert house.crm.calls == ["save_registration", "log_interactions"]
        await time_passes(house)
        await house.jobs.deliver(CRM)
        assert set(await states(house)) == {"sent"}
        first = house.crm.calls.index("log_again")
        assert "log_interactions" not in house.crm.calls[first:]  # what is said now, before what is written again


async def test_interactions_of_a_partner_whose_rows_wait_stay_with_them(database: str) -> None:
    async with assembled(database, partners=(partner(), SECOND)) as house:
        house.crm.moods = [Mood.REQUEST_LOST]
        await put(
            house,
            crm_writes.registration_row(registration(), "message"),
            crm_writes.interaction_row(said(1)),
            crm_writes.interaction_row(said(2, "p-2")),
        )
        await house.jobs.deliver(CRM)
        assert logged(house.crm) == ["in:2"]
        await time_passes(house)
        await house.jobs.deliver(CRM)
        assert logged(house.crm) == ["in:2", "in:1"]


async def test_an_interaction_that_waits_holds_up_nothing(database: str) -> None:
    async with assembled(database) as house:
        house.crm.moods = [Mood.REQUEST_LOST]
        await put(house, crm_writes.interaction_row(said(1)))
        await house.jobs.deliver(CRM)
        await put(house, crm_writes.registration_row(registration(), "message"), crm_writes.interaction_row(said(2)))
        await house.jobs.deliver(CRM)
        assert await states(house) == ["pending", "sent", "sent"]


async def test_an_odd_interaction_does_not_take_its_batch_with_it(database: str) -> None:
    odd = replace(crm_writes.interaction_row(said(1)), payload={"record": {"key": "in:1"}})
    async with assembled(database) as house:
        await put(house, odd, *(crm_writes.interaction_row(said(n)) for n in (2, 3)))
        await house.jobs.deliver(CRM)
        assert await states(house) == ["pending", "sent", "sent"]
        assert logged(house.crm) == ["in:2", "in:3"]


async def test_a_later_state_never_overtakes_an_earlier_one_whose_answer_was_lost(database: str) -> None:
    first = registration()
    second = replace(first, customer="Vega Foods Holding BV")
    async with assembled(database, partners=(partner(), SECOND)) as house:
        await put(
            house,
            crm_writes.registration_row(first, "message"),
            crm_writes.registration_row(second, "correction"),
            crm_writes.interaction_row(said(1, "p-2")),
        )
        house.crm.moods = [Mood.REQUEST_LOST]
        await house.jobs.deliver(CRM)
        assert await states(house) == ["pending", "pending", "sent"]  # another partner does not wait
        await time_passes(house)
        await house.jobs.deliver(CRM)
        assert await states(house) == ["sent", "sent", "sent"]
        assert (await _registration(house.crm)).customer == "Vega Foods Holding BV"


async def test_what_was_written_before_the_answer_was_lost_is_there_once(database: str) -> None:
    async with assembled(database) as house:
        house.crm.moods = [Mood.ANSWER_LOST]
        await put(house, crm_writes.interaction_row(said(1)))
        await house.jobs.deliver(CRM)
        await time_passes(house)
        await house.jobs.deliver(CRM)
        assert logged(house.crm) == ["in:1"]


async def test_a_row_nobody_can_send_gives_way_and_is_at_last_shown_to_a_person(database: str) -> None:
    async with assembled(database) as house:
        odd = Outgoing("crm:odd", CRM, "save_nothing", {"record": {}})
        await put(house, odd, crm_writes.interaction_row(said(1)))
        await house.jobs.deliver(CRM)
        assert await states(house) == ["pending", "sent"]
        for _ in range(12):
            await time_passes(house)
            await house.jobs.deliver(CRM)
        assert await states(house) == ["refused", "sent"]
        assert await house.value("select count(*) from tasks where kind = 'refused_delivery'") == 1


class ChokingCrm(InMemoryCrm):
    """Says of one registration, for ever, that it is away."""

    async def save_registration(self, registration: Registration) -> None:
        if registration.customer == "Poison":
            raise CrmUnavailable("status 500", 30.0)
        await super().save_registration(registration)


async def test_a_row_that_always_finds_the_crm_away_holds_up_its_own_partner_only_and_not_for_ever(
    database: str,
) -> None:
    crm = ChokingCrm()
    async with assembled(database, partners=(partner(), SECOND), crm=crm) as house:
        poison = replace(registration(), customer="Poison")
        fine = replace(registration(), number="D-200001", partner_id="p-2")
        await put(
            house,
            crm_writes.registration_row(poison, "message"),
            crm_writes.interaction_row(said(1)),
            crm_writes.registration_row(fine, "message"),
            crm_writes.interaction_row(said(2, "p-2")),
        )
        await house.jobs.deliver(CRM)
        assert await states(house) == ["pending", "pending", "sent", "sent"]
        assert await house.value("select count(*) from parked") == 0
        for n in range(12):
            await put(house, crm_writes.interaction_row(said(10 + n, "p-2")))
            await time_passes(house)
            await house.jobs.deliver(CRM)
        await house.jobs.deliver(CRM)
        assert set((await states(house))[1:]) == {"sent"}
        assert (await states(house))[0] == "refused"
        assert "status 500" in await house.value("select summary from tasks where kind = 'refused_delivery'")


async def test_where_nobody_else_waits_a_crm_that_is_away_is_parked(database: str) -> None:
    async with assembled(database, crm=ChokingCrm()) as house:
        await put(house, crm_writes.registration_row(replace(registration(), customer="Poison"), "message"))
        await house.jobs.deliver(CRM)
        assert await states(house) == ["pending"]
        assert await house.value("select count(*) from parked where until > now()") == 1
        assert await house.value("select attempts from outbox") == 0


async def test_a_crm_that_is_away_for_all_costs_no_row_an_attempt(database: str) -> None:
    async with assembled(database, partners=(partner(), SECOND)) as house:
        house.crm.mood = Mood.UNAVAILABLE
        other = replace(registration(), number="D-200001", partner_id="p-2")
        rows = [crm_writes.registration_row(one, "message") for one in (registration(), other)]
        await put(house, *rows, crm_writes.interaction_row(said(2, "p-2")))
        await house.jobs.deliver(CRM)
        assert house.crm.calls.count("save_registration") == 2
        assert await house.value("select max(attempts) from outbox") == 0
        assert await house.value("select count(*) from parked where until > now()") == 1


async def _registration(crm: InMemoryCrm) -> Registration:
    [found] = (await crm.changes()).registrations
    return found
