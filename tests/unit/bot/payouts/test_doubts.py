"""What the rules are in doubt about reaches the manager of the partner, once, and goes away when it is settled."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from bot.payouts.doubts import DOUBTS, DoubtBriefs, note
from bot.storage import tasks, timers
from bot.storage.tables import outbox
from knowledge.commission.account import Doubt, DoubtKind
from tests.unit.bot.payouts.books import FIRST, JONAS, NOOR, RUN_DAY, Books, won


async def told(books: Books) -> list[Any]:
    """What managers were sent by now; what has fallen due is seen to first."""
    async with books.storage.begin() as connection:
        for timer in await timers.due(connection, books.now):
            if timer.kind == DOUBTS:
                await DoubtBriefs(books.programs, books.briefing)(connection, timer, books.now)
                await timers.done(connection, timer.key, books.now)
        return list(await connection.scalars(select(outbox.c.payload).where(outbox.c.destination == "mail")))


async def in_doubt(books: Books, deal_id: str, partner_id: str = "p-1", product: str = "Lumora Quantum") -> None:
    """A payment for something that the program does not sell."""
    await books.enter(won(deal_id, partner_id, products=(product,)))
    await books.pay(f"m-{deal_id}", deal_id=deal_id, partner_id=partner_id)


async def open_tasks(books: Books) -> list[str]:
    async with books.storage.reading() as connection:
        return [task.deal_number for task in await tasks.open_tasks(connection)]


async def test_one_brief_names_all_that_waits_for_a_manager(books: Books) -> None:
    await in_doubt(books, "h-5")
    await in_doubt(books, "h-6")
    await in_doubt(books, "h-7", "p-2")
    await books.close()
    first, second = sorted(await told(books), key=lambda payload: str(payload["to"]), reverse=True)
    assert (first["to"], second["to"]) == (NOOR, JONAS)
    assert first["subject"] == "2 questions about commission need you, of 1 partner"
    assert "Brightpath: Deal D-1005" in first["text"]
    assert first["text"].count("D-1005") == 1
    assert "Lumora Quantum" in first["text"]
    assert "Harbour" not in first["text"]


async def test_the_same_question_is_put_once_and_a_new_one_brings_all(books: Books) -> None:
    await in_doubt(books, "h-5")
    await books.close()
    assert len(await told(books)) == 1
    await books.close()
    assert len(await told(books)) == 1
    await in_doubt(books, "h-6")
    await books.close()
    assert [payload["subject"][0] for payload in await told(books)] == ["1", "2"]


async def test_what_is_settled_goes_away_by_itself(books: Books) -> None:
    await in_doubt(books, "h-5")
    await books.close()
    assert await open_tasks(books) == ["D-1005"]
    await in_doubt(books, "h-5", product="Lumora Core")
    await books.close()
    assert await open_tasks(books) == []


async def test_a_doubt_that_comes_back_is_a_question_again(books: Books) -> None:
    doubt = Doubt("k-1", DoubtKind.NO_RATE, "D-1005", "no rate of USD is stored")
    for doubts, still in (((doubt,), ["D-1005"]), ((), []), ((doubt,), ["D-1005"])):
        async with books.storage.begin() as connection:
            await note(connection, FIRST, doubts, RUN_DAY.date())
        assert await open_tasks(books) == still


async def test_only_the_partners_own_questions_are_settled_with_it(books: Books) -> None:
    async with books.storage.begin() as connection:
        for owner in (FIRST, replace(FIRST, id="p-10"), replace(FIRST, id="p_1")):
            await note(connection, owner, (Doubt("k", DoubtKind.NO_RATE, owner.id, "?"),), RUN_DAY.date())
        await note(connection, FIRST, (), RUN_DAY.date())
    assert sorted(await open_tasks(books)) == ["p-10", "p_1"]


async def test_what_a_person_closed_stays_closed(books: Books) -> None:
    await in_doubt(books, "h-5")
    await books.close()
    async with books.storage.begin() as connection:
        (task,) = await tasks.open_tasks(connection)
        await tasks.close_task(connection, task.id, NOOR)
    await books.close()
    assert await open_tasks(books) == []
