"""What a partner's message leaves to a person: the manager hears of it by mail, with the words, and once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from bot.desk.handed_over import to_do
from bot.storage import tables, tasks
from bot.storage.desk_tables import briefs
from bot.storage.tasks import Task
from bot.vocabulary.requests import DealFields, Intent, NoFields, Request, UpdateFields
from crm.records import RegistrationState
from tests.builders import partner, program
from tests.unit.bot.desk.house import FIRST, NOOR, House
from tests.unit.bot.desk.talking import SARA, says

PERSON = Request(Intent.REQUEST_HUMAN, NoFields())


async def heard(house: House) -> list[dict[str, Any]]:
    """Every mail to a manager, with the kind and subject of its brief."""
    query = (
        select(briefs.c.kind, briefs.c.subject, briefs.c.manager_email, tables.outbox.c.payload)
        .join(tables.outbox, tables.outbox.c.id == briefs.c.outbox_id)
        .where(tables.outbox.c.destination == "mail")
        .order_by(tables.outbox.c.seq)
    )
    async with house.storage.begin() as connection:
        return [dict(row._mapping) for row in await connection.execute(query)]


async def test_the_manager_gets_the_message_in_its_own_words(house: House) -> None:
    await says(house, SARA, PERSON)
    await house.desk.due()
    (mail,) = await heard(house)
    assert (mail["manager_email"], mail["kind"]) == (NOOR, "notice")
    for part in (FIRST.name, SARA, "Wants to talk to a person"):
        assert part in mail["payload"]["text"]


async def test_several_wishes_of_one_message_are_one_mail_and_it_comes_once(house: House) -> None:
    await says(house, SARA, PERSON, Request(Intent.ASK_TRAINING, NoFields()))
    await house.desk.due()
    await house.desk.due()
    (mail,) = await heard(house)
    assert "Wants to talk to a person" in mail["payload"]["text"]
    assert "Asks about training" in mail["payload"]["text"]


async def test_what_was_seen_to_before_is_not_announced(house: House) -> None:
    await says(house, SARA, PERSON)
    async with house.storage.begin() as connection:
        for task in await tasks.open_tasks(connection):
            await tasks.close_task(connection, task.id, NOOR)
    await house.desk.due()
    assert await heard(house) == []


async def test_news_of_a_registration_under_review_can_be_decided_at_once(house: House) -> None:
    await house.submitted("D-10001", FIRST, quantity=50)
    news = Request(Intent.UPDATE_DEAL, UpdateFields(deal_ref="D-10001", close_date=house.now.date().replace(year=2028)))
    await says(house, SARA, news)
    await house.desk.due()
    mail = (await heard(house))[-1]
    assert (mail["kind"], mail["subject"], mail["manager_email"]) == ("registration", "D-10001", NOOR)
    assert "News of registration D-10001" in mail["payload"]["subject"]
    assert "2028" in mail["payload"]["text"]
    assert "approve" in mail["payload"]["text"]
    assert (await house.registration("D-10001")).state is RegistrationState.SUBMITTED


async def test_a_correction_after_the_deal_is_accepted_is_plain_news(house: House) -> None:
    await house.accepted("D-10001", FIRST)
    await says(house, SARA, Request(Intent.PROVIDE_FIELD, DealFields(contact_phone="+32 2 555 01 01")))
    await house.desk.due()
    assert [mail["kind"] for mail in await heard(house)] == ["notice"]


def test_a_task_reaches_whoever_it_names_and_the_others_who_look_after_the_partner() -> None:
    own, named = program().managers[:2]
    first, second = _task(""), _task(named.email)
    made = partner(manager_email=own.email)
    assert to_do(program(), made, [first]) == (own,)
    assert to_do(program(), made, [second]) == (named,)
    assert to_do(program(), made, [first, second]) == (own, named)


def _task(manager: str) -> Task:
    return Task("t-1", datetime(2026, 11, 27, tzinfo=UTC), "p-1", None, "m-1", "other", "Asks", "", manager)
