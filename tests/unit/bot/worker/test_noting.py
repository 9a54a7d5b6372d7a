"""The ledger has every write to the CRM and every message that left, with how it ended and in whose words."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from bot.storage import crm_writes, outbox
from bot.storage.outbox import Destination
from crm.records import Channel, Direction, Interaction
from tests.builders import partner, registration
from tests.fakes.crm import Mood
from tests.unit.bot.worker.assembled import Assembled, assembled
from tests.unit.bot.worker.letters import handled, letter


async def put(house: Assembled, number: str) -> None:
    async with house.database.begin() as connection:
        await outbox.put(connection, [crm_writes.registration_row(registration(number=number), "m-1")])


async def noted(house: Assembled) -> list[dict[str, str]]:
    return [row[0] for row in await house.rows("select body from ledger where kind = 'crm_write' order by id")]


async def test_a_message_can_be_followed_from_its_words_to_the_crm(database: str) -> None:
    async with assembled(database) as house:
        came = await letter(house, "<1@x>")
        await handled(house, came)
        for destination in (Destination.MAIL, Destination.CRM):
            await house.jobs.deliver(destination)
        kinds = await house.rows("select kind from ledger where inbox_id = :id order by id", id=came.id)
        assert [row[0] for row in kinds] == [
            "message_in", "reading", "decision", "message_out", "delivery", "crm_write", "crm_write",
        ]  # fmt: skip
        [read] = await house.rows("select body from ledger where kind = 'reading'")
        assert (read[0]["reader"], read[0]["requests"][0]["intent"]) == ("builtin", "ask_program")
        [decided] = await house.rows("select body from ledger where kind = 'decision'")
        assert (decided[0]["trust"], decided[0]["answered"]) == ("proven", True)


async def test_a_write_is_noted_when_it_reached_its_end(database: str) -> None:
    async with assembled(database) as house:
        await house.crm.save_partner(partner())
        await put(house, "D-1")
        house.crm.mood = Mood.UNAVAILABLE
        await house.jobs.deliver(Destination.CRM)
        assert await noted(house) == []
        house.crm.mood = Mood.WELL
        await house.change("update parked set until = now()")
        await house.jobs.deliver(Destination.CRM)
        key = "crm:save_registration:D-1:m-1"
        assert await noted(house) == [{"key": key, "what": "save_registration", "outcome": "sent"}]
        assert await house.value("select partner_id from ledger where kind = 'crm_write'") == partner().id


async def test_a_refusal_is_noted_in_the_crms_words(database: str) -> None:
    async with assembled(database) as house:
        await put(house, "D-1")
        house.crm.mood, house.crm.refusal = Mood.REJECTING, "Property “region” is required"
        await house.jobs.deliver(Destination.CRM)
        [said] = await noted(house)
        assert (said["outcome"], said["words"]) == ("refused", "Property “region” is required")


async def test_what_was_logged_of_a_message_belongs_to_it_and_can_be_logged_again(database: str) -> None:
    message = str(uuid4())
    said = Interaction(
        f"in:{message}", partner().id, None, (), Channel.EMAIL, Direction.IN, datetime(2026, 11, 26, tzinfo=UTC),
        "asks", "<1@x>", "logged",
    )  # fmt: skip
    async with assembled(database) as house:
        await house.crm.save_partner(partner())
        for row in (crm_writes.interaction_row(said), crm_writes.log_again_row(said, "replay:1")):
            house.crm.log.clear()  # somebody deleted it there
            async with house.database.begin() as connection:
                await outbox.put(connection, [row])
            await house.jobs.deliver(Destination.CRM)
            assert house.crm.log == [said]
        assert [one["what"] for one in await noted(house)] == ["log_interaction", "log_again"]
        assert (
            str(await house.value("select inbox_id from ledger where body ->> 'what' = 'log_interaction'")) == message
        )
