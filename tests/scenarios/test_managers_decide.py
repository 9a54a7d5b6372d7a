"""How a manager decides: a line by mail, a button or a line in Slack; once, wherever, and everything says so."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import pytest_asyncio

from crm.records import Attribution, Direction, RegistrationState
from tests.scenarios.deciding import JONAS, MANAGERS, NOOR, U_COLLEAGUE, U_JONAS, U_NOOR, Asked, Office
from tests.scenarios.relayed import words
from tests.scenarios.seats import Seat, take_seat

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("managers decide")]

APPROVED, DECLINED, SUBMITTED = RegistrationState.APPROVED, RegistrationState.DECLINED, RegistrationState.SUBMITTED
NEEDS_INFO = RegistrationState.NEEDS_INFO


@pytest_asyncio.fixture(loop_scope="session")
async def seat(desk: Office) -> Seat:
    return await take_seat(desk.house, "quaywise")


@pytest_asyncio.fixture(loop_scope="session")
async def asked(desk: Office, seat: Seat) -> Asked:
    return await desk.asked(seat)


async def test_what_is_asked_says_what_to_decide_what_is_suggested_and_how(desk: Office, asked: Asked) -> None:
    for said in (words(asked.mail), str(asked.card["blocks"])):
        assert f"Kilbride {asked.number}" in said
        assert "Suggested: approve" in said
        assert "refuse: reason" in said


@pytest.mark.parametrize("text", ["approve", "Hi,\n\nOK, thanks\n\nNoor\n> refuse: quoted", "Oui", "genehmigt", "sí"])
async def test_a_line_by_mail_accepts(desk: Office, seat: Seat, text: str) -> None:
    asked = await desk.asked(seat)
    await desk.mail(NOOR, text, asked)
    assert await desk.state(asked.number) is APPROVED
    assert "accepted by Noor Haddad" in desk.told(NOOR, asked.number)[-1]
    assert "actions" not in {block["type"] for block in desk.card(asked)["blocks"]}
    assert "accepted by Noor Haddad" in desk.card(asked)["text"]


async def test_a_refusal_by_mail_tells_the_partner_its_reason_in_the_managers_words(
    desk: Office, seat: Seat, asked: Asked
) -> None:
    await desk.mail(NOOR, "refuse: we know them since 2019\n\nBest, Noor", asked)
    assert await desk.state(asked.number) is DECLINED
    (told,) = desk.told(seat.contacts[seat.main].email, asked.number)
    assert "we know them since 2019" in told
    assert "Best, Noor" not in told


async def test_a_refusal_without_a_reason_asks_for_it_and_takes_the_next_answer(desk: Office, asked: Asked) -> None:
    await desk.mail(NOOR, "refuse", asked)
    assert await desk.state(asked.number) is SUBMITTED
    assert "Reply here with the reason" in desk.told(NOOR, asked.number)[-1]
    await desk.mail(NOOR, "They are our own customer.", asked)
    assert (await desk.registration(asked.number)).reason == "They are our own customer."


async def test_who_thinks_better_of_it_cancels_and_what_he_writes_next_is_no_reason(desk: Office, asked: Asked) -> None:
    await desk.mail(NOOR, "refuse", asked)
    await desk.mail(NOOR, "never mind", asked)
    await desk.mail(NOOR, "I shall look into it tomorrow", asked)
    assert await desk.state(asked.number) is SUBMITTED


async def test_a_question_goes_to_the_partner(desk: Office, seat: Seat, asked: Asked) -> None:
    await desk.mail(NOOR, "ask: how many seats do they have today?", asked)
    assert await desk.state(asked.number) is NEEDS_INFO
    assert "how many seats do they have today?" in desk.told(seat.contacts[seat.main].email, asked.number)[-1]


async def test_a_new_mail_decides_by_number(desk: Office, asked: Asked) -> None:
    await desk.mail(NOOR, f"approve {asked.number}")
    assert await desk.state(asked.number) is APPROVED


async def test_the_day_of_protection_is_set_by_mail(desk: Office, asked: Asked) -> None:
    await desk.mail(NOOR, "approve", asked)
    await desk.mail(NOOR, f"protect {asked.number} until 2027-06-30")
    assert str((await desk.registration(asked.number)).protected_until) == "2027-06-30"


@pytest.mark.parametrize("text", ["", "Looks fine to me, what do you think?", "yes, but ask for the price first"])
async def test_what_is_no_order_does_nothing_and_says_how_to_give_one(desk: Office, asked: Asked, text: str) -> None:
    await desk.mail(NOOR, text, asked)
    assert await desk.state(asked.number) is SUBMITTED
    assert '"approve", "refuse: reason" or "ask: question"' in desk.told(NOOR, asked.number)[-1]


async def test_who_comes_second_is_told_who_was_first(desk: Office, asked: Asked) -> None:
    await desk.mail(NOOR, "approve", asked)
    await desk.mail(NOOR, "refuse: too small", asked)
    assert await desk.state(asked.number) is APPROVED
    assert f"settled by {NOOR}" in desk.told(NOOR, asked.number)[-1]


async def test_a_button_accepts_and_the_card_says_who_did(desk: Office, seat: Seat, asked: Asked) -> None:
    await desk.press(U_NOOR, asked)
    assert await desk.state(asked.number) is APPROVED
    assert "accepted by Noor Haddad" in desk.card(asked)["text"]
    assert desk.thread(asked) == []
    assert len(desk.told(seat.contacts[seat.main].email, asked.number)) == 1


@pytest.mark.parametrize(
    ("act", "words_", "state"),
    [("refuse", "We know them already", DECLINED), ("ask", "How many seats?", NEEDS_INFO)],
)
async def test_a_button_that_needs_words_asks_for_them_in_the_thread(
    desk: Office, seat: Seat, asked: Asked, act: str, words_: str, state: RegistrationState
) -> None:
    await desk.press(U_NOOR, asked, act)
    assert "Reply here with" in desk.thread(asked)[-1]
    await desk.says(U_COLLEAGUE, "Good point, I would do the same", asked)
    assert await desk.state(asked.number) is SUBMITTED
    await desk.says(U_NOOR, words_, asked)
    assert await desk.state(asked.number) is state
    assert words_ in desk.told(seat.contacts[seat.main].email, asked.number)[-1]


@pytest.mark.parametrize(("text", "state"), [("approve", APPROVED), ("refuse: too small", DECLINED)])
async def test_a_line_under_the_card_works_like_a_mail(
    desk: Office, asked: Asked, text: str, state: RegistrationState
) -> None:
    await desk.says(U_NOOR, text, asked)
    assert await desk.state(asked.number) is state
    assert asked.number in desk.thread(asked)[-1]


async def test_colleagues_who_talk_under_the_card_decide_nothing_and_are_left_alone(desk: Office, asked: Asked) -> None:
    for text in ("Jonas, is that ok?", "yes", "ok", "no, I think", "what do they pay?"):
        await desk.says(U_NOOR, text, asked)
    assert await desk.state(asked.number) is SUBMITTED
    assert desk.thread(asked) == []


async def test_a_direct_message_with_the_number_decides(desk: Office, asked: Asked) -> None:
    desk.slack.add_channel("D0NOOR", {"T0HOME"}).user = U_NOOR
    await desk.says(U_NOOR, f"approve {asked.number}", channel="D0NOOR")
    assert await desk.state(asked.number) is APPROVED
    assert asked.number in desk.slack.channels["D0NOOR"].posts[-1]["text"]


async def test_by_mail_and_in_slack_at_once_it_is_decided_once(desk: Office, seat: Seat, asked: Asked) -> None:
    await asyncio.gather(
        desk.mail(NOOR, "approve", asked),
        desk.press(U_NOOR, asked, quiet=False),
        desk.press(U_NOOR, asked, quiet=False),
        desk.says(U_NOOR, "approve", asked),
    )
    await desk.house.quiet()
    assert await desk.state(asked.number) is APPROVED
    assert len(desk.told(seat.contacts[seat.main].email, asked.number)) == 1
    assert await desk.house.app.crm.deal(seat.partner.id, asked.number) is not None


async def test_two_managers_at_once_who_disagree_the_first_one_decides(desk: Office) -> None:
    seat = await take_seat(desk.house, "waterkant", region="DACH")
    asked = await desk.asked(seat)
    await asyncio.gather(desk.mail(NOOR, "approve", asked), desk.mail(JONAS, "refuse: too small", asked))
    await desk.house.quiet()
    state = await desk.state(asked.number)
    assert state in (APPROVED, DECLINED)
    assert len(desk.told(seat.contacts[seat.main].email, asked.number)) == 1
    second = JONAS if state is APPROVED else NOOR
    assert f"{asked.number} is " in (told := desk.told(second, asked.number)[-1])
    assert state.value in told


async def test_what_managers_write_stands_in_the_ledger_and_on_the_partners_timeline(
    desk: Office, seat: Seat, asked: Asked
) -> None:
    key = await desk.mail(NOOR, "refuse: too small", asked)
    came = await desk.house.one(key)
    assert came.outcome == "refuse_done"
    assert "manager_message" in await desk.house.ledger(came.id)
    timeline = await desk.house.timeline(seat.partner.id, asked.number)
    (said,) = [i for i in timeline if i.message_id == key]
    assert said.direction is Direction.IN
    assert said.summary.startswith("Noor Haddad: refuse: too small")


async def test_a_manager_who_writes_of_something_else_gets_a_short_help(desk: Office) -> None:
    await desk.mail(NOOR, "What is our program about, by the way?")
    assert "protect D-123456 until 2027-03-01" in desk.told(NOOR)[-1]


async def test_in_a_channel_of_managers_only_who_is_spoken_to_answers(desk: Office) -> None:
    before = len(desk.slack.channels[MANAGERS].posts)
    await desk.says(U_NOOR, "Lunch?")
    await desk.says(U_JONAS, "approve")
    assert len(desk.slack.channels[MANAGERS].posts) == before


@pytest.mark.parametrize("way", ["accept", "reject", "a button"])
async def test_somebody_new_at_a_partner_is_let_in_by_one_word_or_one_tap(desk: Office, seat: Seat, way: str) -> None:
    nia = f"nia@{seat.partner.domains[0]}"
    key = await desk.mail(nia, "Where do all our deals stand?", subject="Our deals")
    assert (await desk.house.one(key)).state == "held"
    await desk.house.pass_time(timedelta(minutes=5))
    mail = next(mail for mail in desk.scene.to(NOOR)[::-1] if nia in words(mail))
    card = next(post for post in desk.slack.channels[MANAGERS].posts[::-1] if nia in str(post["blocks"]))
    asked = Asked("", mail, dict(card))
    if way == "a button":
        await desk.press(U_NOOR, asked, "accept")
    else:
        await desk.mail(NOOR, way, asked)
    assert (await desk.house.one(key)).state == ("ignored" if way == "reject" else "handled")
    assert any("Pelican" in words(mail) for mail in desk.scene.to(nia)) is (way != "reject")
    assert "actions" not in {block["type"] for block in desk.card(asked)["blocks"]}


async def test_attribution_is_changed_by_a_line_with_its_reason(desk: Office, asked: Asked) -> None:
    await desk.mail(NOOR, "approve", asked)
    await desk.mail(NOOR, f"attribution {asked.number} influenced: we met them at our own fair")
    assert (await desk.registration(asked.number)).attribution is Attribution.INFLUENCED


async def test_thanks_are_no_order_and_get_no_answer(desk: Office, asked: Asked) -> None:
    await desk.mail(NOOR, "approve", asked)
    since = len(desk.scene.to(NOOR))
    await desk.mail(NOOR, "Thanks!", asked)
    assert len(desk.scene.to(NOOR)) == since
