"""Buttons of questions that ended otherwise: which of them go, once for each post, and behind every answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from bot.storage import outbox, slack_buttons, tables
from bot.storage.database import Database
from bot.storage.ended_questions import Answered, close_of_lead, close_of_registration
from bot.storage.outbox import Destination, Outgoing
from bot.storage.slack_buttons import Button, ButtonKind
from bot.storage.slack_posts import UPDATE
from bot.vocabulary import wish
from bot.vocabulary.message import Question
from bot.vocabulary.requests import DealFields, DisputeDetails, Finer, Intent, NoFields, Reading, Request
from crm.records import RegistrationState
from tests.builders import NOW, registration

CHANNEL, PARTNER = "C0PARTNER", "p-1"


class Asked:
    """Posts of ours with two buttons each, by the question that they ask."""

    def __init__(self, storage: Database) -> None:
        self.storage = storage

    async def put(self, question: Question, about: str = "D-1042", partner: str = PARTNER) -> str:
        """The id of the button."""
        payload: dict[str, Any] = {"channel": CHANNEL, "thread_ts": "", "text": question.value, "layout": []}
        key = f"{question}:{about}:{partner}"
        post = Outgoing(key, Destination.SLACK, "reply", payload, CHANNEL, partner_id=partner)
        asks = {"asked": [question.value], "about": about, "proposal": ""}
        doc = {"choices": [{"label": "Yes"}, {"label": "No"}], "question": asks, "language": "en"}
        button = Button(ButtonKind.SAY, doc, partner_id=partner, channel=CHANNEL, outbox_id=post.id)
        payload["choices"] = [{"id": button.id, "prompt": "", "labels": [["Yes", ""], ["No", ""]]}]
        async with self.storage.begin() as connection:
            await outbox.put(connection, [post])
            return await slack_buttons.make(connection, button, NOW)

    async def is_open(self, button: str) -> bool:
        async with self.storage.begin() as connection:
            found = await slack_buttons.find(connection, button, NOW)
        return found is not None and not found.used

    async def changes(self) -> list[tuple[int, Any]]:
        """What is on its way to change posts: its priority, and what may still be pressed."""
        query = select(tables.outbox.c.priority, tables.outbox.c.payload).where(tables.outbox.c.kind == UPDATE)
        async with self.storage.begin() as connection:
            rows = (await connection.execute(query.order_by(tables.outbox.c.seq))).all()
        return [(row.priority, row.payload["choices"]) for row in rows]

    async def became(self, state: RegistrationState, occasion: str = "in-1") -> None:
        async with self.storage.begin() as connection:
            await close_of_registration(connection, replace(registration(), number="D-1042", state=state), occasion)


@pytest.fixture
def asked(storage: Database) -> Asked:
    return Asked(storage)


@pytest.mark.parametrize("state", RegistrationState)
async def test_what_is_asked_of_a_registration_goes_with_the_state_that_it_is_asked_in(
    asked: Asked, state: RegistrationState
) -> None:
    register, withdraw = await asked.put(Question.REGISTER), await asked.put(Question.WITHDRAW)
    others = [await asked.put(Question.REGISTER, "D-9999"), await asked.put(Question.WITHDRAW, partner="p-2")]
    await asked.became(state)
    ended = state in (RegistrationState.DECLINED, RegistrationState.WITHDRAWN, RegistrationState.EXPIRED)
    assert await asked.is_open(register) is (state is RegistrationState.DRAFT)
    assert await asked.is_open(withdraw) is not ended
    assert [await asked.is_open(one) for one in others] == [True, True]


async def test_a_post_changes_once_and_lets_every_answer_pass(asked: Asked) -> None:
    await asked.put(Question.REGISTER)
    for occasion in ("in-1", "in-1", "in-2"):
        await asked.became(RegistrationState.EXPIRED, occasion)
    assert await asked.changes() == [(outbox.AFTER, [])]
    answer = Outgoing("later", Destination.SLACK, "reply", {"channel": CHANNEL, "text": "An answer"}, CHANNEL)
    async with asked.storage.begin() as connection:
        await outbox.put(connection, [answer])
        kinds = [row.kind for row in await outbox.due(connection, Destination.SLACK)]
    assert kinds == ["reply", "reply", UPDATE]


async def test_the_offer_of_a_lead_ends_for_the_partner_it_ended_for(asked: Asked, storage: Database) -> None:
    mine, theirs = await asked.put(Question.LEAD, "L-1"), await asked.put(Question.LEAD, "L-1", "p-2")
    async with storage.begin() as connection:
        await close_of_lead(connection, "L-1", PARTNER, "lead.lapsed:L-1")
    assert [await asked.is_open(one) for one in (mine, theirs)] == [False, True]


def test_what_is_typed_is_the_choice_that_means_the_same_and_no_question_about_it() -> None:
    how = Request(Intent.ASK_COMMISSION, DisputeDetails(deal_refs=("D-1042",)), finer=Finer.WHY_COMMISSION)
    wishes = [Request(Intent.PROVIDE_FIELD, DealFields(products=some)) for some in (("Core",), ("Core", "Desk"))]
    menu, way = (
        Button(ButtonKind.SAY, {"choices": [{"label": "-", "wish": wish.write((one,), "en")} for one in group]})
        for group in (wishes, [how])
    )

    def place(button: Button, said: Request) -> int | None:
        return Answered(Reading("en", (said,), answer_expected=True), "U1", "Lena").place_in(button)

    assert place(menu, Request(Intent.REGISTER_DEAL, DealFields(products=("Desk", "Core"), quantity=60))) == 1
    assert place(menu, Request(Intent.PROVIDE_FIELD, DealFields(products=("Other",)))) is None
    assert place(menu, Request(Intent.ASK_TIER, NoFields())) is None
    assert place(way, how) == 0
    assert place(way, replace(how, finer=None)) is None
    assert place(way, replace(how, fields=DisputeDetails(deal_refs=("D-1043",)))) is None
