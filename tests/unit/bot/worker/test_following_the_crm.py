"""A CRM that does not tell what changed is left alone for a while, and people are told once that it is away."""

from __future__ import annotations

from dataclasses import replace

from bot.storage import crm_writes, outbox, parking
from bot.storage.outbox import Destination
from bot.worker.mirroring import MirrorJob
from crm.errors import CrmRejected
from crm.ports import Changes
from tests.builders import partner, registration
from tests.fakes.crm import InMemoryCrm, Mood
from tests.unit.bot.worker.assembled import Assembled, assembled

A_WHILE = "update parked set since = now() - interval '6 minutes', until = now() + interval '1 minute'"


async def notices(house: Assembled) -> list[str]:
    return [row[0] for row in await house.rows("select summary from tasks where kind = 'notice' order by opened_at")]


async def test_a_crm_that_is_away_is_not_asked_every_minute(database: str) -> None:
    async with assembled(database) as house:
        house.crm.mood = Mood.UNAVAILABLE
        await house.jobs.housekeeping("refresh")
        asked = house.crm.calls.count("changes")
        await house.jobs.housekeeping("refresh")
        assert house.crm.calls.count("changes") == asked
        async with house.database.begin() as connection:
            assert await parking.is_parked(connection, parking.CRM_CHANGES)


async def test_what_changed_meanwhile_is_taken_over_once_it_is_back(database: str) -> None:
    async with assembled(database) as house:
        house.crm.mood = Mood.UNAVAILABLE
        await house.jobs.housekeeping("refresh")
        house.crm.mood = Mood.WELL
        await house.crm.save_partner(partner(tier="Elite"))
        await house.change("update parked set until = now()")
        await house.jobs.housekeeping("refresh")
        assert await house.value("select doc ->> 'tier' from mirror where kind = 'partner'") == "Elite"
        assert await house.value("select count(*) from parked") == 0


async def test_once_it_is_back_what_waits_to_be_written_is_tried_at_once(database: str) -> None:
    async with assembled(database) as house:
        house.crm.mood = Mood.UNAVAILABLE
        async with house.database.begin() as connection:
            await outbox.put(connection, [crm_writes.registration_row(registration(), "message")])
            await parking.park(connection, Destination.CRM.value, 3600, "the CRM is down")
        await house.jobs.housekeeping("refresh")
        house.crm.mood = Mood.WELL
        await house.change("update parked set until = now() where dependency = 'crm_changes'")
        await house.jobs.housekeeping("refresh")
        assert await house.value("select count(*) from parked where until > now()") == 0
        assert await house.jobs.deliver(Destination.CRM) == 1


async def test_what_is_read_all_the_while_takes_no_rest_from_writing(database: str) -> None:
    async with assembled(database) as house:
        async with house.database.begin() as connection:
            await parking.park(connection, Destination.CRM.value, 3600, "the day's calls are used up")
        await house.jobs.housekeeping("refresh")
        assert await house.value("select count(*) from parked where until > now()") == 1


async def test_a_crm_that_stays_away_is_asked_every_two_minutes(database: str) -> None:
    async with assembled(database) as house:
        house.crm.mood = Mood.UNAVAILABLE
        for _ in range(12):
            await house.jobs.housekeeping("refresh")
            rest = float(await house.value("select extract(epoch from until - now()) from parked"))
            await house.change("update parked set until = now()")
        assert 60 < rest <= 120


async def test_away_for_reading_and_writing_is_one_notice(database: str) -> None:
    async with assembled(database) as house:
        house.crm.mood = Mood.UNAVAILABLE
        async with house.database.begin() as connection:
            await outbox.put(connection, [crm_writes.registration_row(registration(), "message")])
        await house.jobs.deliver(Destination.CRM)
        await house.jobs.housekeeping("refresh")
        await house.change(A_WHILE)
        await house.jobs.housekeeping("nudge")
        await house.jobs.housekeeping("nudge")
        [said] = await notices(house)
        assert "the CRM does not answer since" in said
        assert "the CRM is down" in said


async def test_one_that_answers_and_takes_nothing_is_told_as_such(database: str) -> None:
    async with assembled(database) as house:
        async with house.database.begin() as connection:
            await parking.park(connection, Destination.CRM.value, 60, "the day's calls are used up")
        await house.change(A_WHILE)
        await house.jobs.housekeeping("nudge")
        [said] = await notices(house)
        assert "the CRM takes no entries since" in said


class _Refusing(InMemoryCrm):
    async def changes(self, cursor: str = "", limit: int = 500) -> Changes:
        self.calls.append("changes")
        raise CrmRejected("the token lacks a scope: crm.objects.contacts.read")


async def test_one_that_refuses_to_be_read_is_left_alone_and_told_of_in_its_words(database: str) -> None:
    async with assembled(database) as house:
        crm = _Refusing()
        housekeeping = replace(house.jobs.housekeeping, mirror=MirrorJob(house.database, crm))
        for _ in range(3):
            await housekeeping("refresh")
        assert crm.calls == ["changes"]
        await house.change(A_WHILE)
        await housekeeping("nudge")
        [said] = await notices(house)
        assert "lacks a scope: crm.objects.contacts.read" in said
