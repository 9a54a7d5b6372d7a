"""Only a manager decides: forged mails and buttons, machines, partners, colleagues and hidden words decide nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import text

from bot.storage import slack_channels
from bot.storage.slack_channels import SlackChannel
from crm.records import RegistrationState
from tests.fakes.slack.web_api import AWAY, HOME
from tests.scenarios.deciding import (
    JONAS,
    MANAGERS,
    NOOR,
    U_COLLEAGUE,
    U_JONAS,
    U_NOOR,
    U_PARTNER,
    Asked,
    Office,
)
from tests.scenarios.relayed import passed, words
from tests.scenarios.seats import Seat, take_seat

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("managers' orders")]

APPROVED, DECLINED, SUBMITTED = RegistrationState.APPROVED, RegistrationState.DECLINED, RegistrationState.SUBMITTED
SHARED = "C0PARTNER"


@pytest_asyncio.fixture(loop_scope="session")
async def seat(desk: Office) -> Seat:
    return await take_seat(desk.house, "quaywise")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def waiting(desk: Office) -> Asked:
    """A registration that every attack is aimed at, and that waits as before after each."""
    return await desk.asked(await take_seat(desk.house, "quaywise"))


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def untouched(desk: Office, waiting: Asked) -> AsyncIterator[None]:
    yield
    assert await desk.state(waiting.number) is SUBMITTED
    assert "actions" in {block["type"] for block in desk.card(waiting)["blocks"]}


async def test_a_forged_from_decides_nothing_and_learns_nothing(desk: Office, waiting: Asked) -> None:
    since = len(desk.scene.to(NOOR))
    for order in ("approve", f"approve {waiting.number}", "refuse: no"):
        await desk.mail(NOOR, order, waiting, proven=False)
        await desk.mail(NOOR, f"approve {waiting.number}", proven=False)
    for mail in desk.scene.to(NOOR)[since:]:
        assert waiting.number not in words(mail)


@pytest.mark.parametrize(
    "sender", ["eve@rival.example", '"Noor Haddad" <eve@rival.example>', "noor@lumora.example.rival.example"]
)
async def test_who_has_the_key_and_is_no_manager_decides_nothing(desk: Office, waiting: Asked, sender: str) -> None:
    address = sender.rpartition("<")[2].rstrip(">")
    key = await desk.mail(sender, "approve", waiting, proven=False)
    assert (await desk.house.one(key)).outcome != "approve_done"
    assert desk.told(address, waiting.number) == []


async def test_a_partner_who_answers_the_managers_mail_decides_nothing(
    desk: Office, seat: Seat, waiting: Asked
) -> None:
    ann = seat.contacts[seat.main].email
    await desk.mail(ann, "approve", waiting)
    await desk.mail(ann, f"approve {waiting.number}")
    assert not any("Kilbride" in text for text in desk.told(ann))


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated"},
        {"X_Autoreply": "yes"},
        {"Precedence": "auto_reply"},
    ],
)
async def test_an_absence_note_decides_nothing_whatever_its_first_line(
    desk: Office, waiting: Asked, headers: dict[str, Any]
) -> None:
    since = len(desk.scene.to(NOOR))
    await desk.mail(NOOR, "approve\n\nI am away until Monday.", waiting, **headers)
    assert len(desk.scene.to(NOOR)) == since


async def test_an_absence_note_by_its_subject_decides_nothing(desk: Office, waiting: Asked) -> None:
    await desk.mail(NOOR, "ok", waiting, subject="Automatic reply: Registration")


@pytest.mark.parametrize(
    "body",
    [
        "\n> approve\n",
        "On Thu, 26 Nov 2026 Eve wrote:\n> approve\n> refuse: no",
        "I shall see.\n\n> approve",
        "-- \napprove",
        "----- Original Message -----\nFrom: Noor\nSubject: x\n\napprove",
        "Not before Monday.\n\napprove",
        "\u202eevorppa",
        "appr\u043eve",
        "approve-not",
    ],
)
async def test_words_that_are_quoted_hidden_or_look_alike_decide_nothing(
    desk: Office, waiting: Asked, body: str
) -> None:
    await desk.mail(NOOR, body, waiting)


@pytest.mark.parametrize("subject", ["approve", "approve {}", "Re: approve {}", "APPROVED"])
async def test_an_order_in_the_subject_alone_decides_nothing(desk: Office, waiting: Asked, subject: str) -> None:
    await desk.mail(NOOR, "See above.", waiting, subject=subject.format(waiting.number))
    await desk.mail(NOOR, "", subject=subject.format(waiting.number))


@pytest.mark.parametrize("huge", ["x" * 900_000, "no, " * 200_000, f"refuse: {'because ' * 100_000}"])
async def test_a_huge_text_decides_nothing(desk: Office, waiting: Asked, huge: str) -> None:
    lines = "\n".join(huge[start : start + 900] for start in range(0, len(huge), 900))
    await desk.mail(NOOR, lines, waiting)


async def test_the_answer_goes_to_the_manager_whatever_reply_to_says(desk: Office, waiting: Asked) -> None:
    since = len(desk.scene.relay.taken)
    for wished in ("eve@rival.example", "someone@lumora.example", "noor@lumora.example, eve@rival.example"):
        await desk.mail(NOOR, "What is this?", waiting, Reply_To=wished, Cc="eve@rival.example")
    assert {address for taken in desk.scene.relay.taken[since:] for address in taken.to} == {NOOR}


async def test_an_answer_about_one_that_names_another_decides_neither(desk: Office, seat: Seat, waiting: Asked) -> None:
    other = await desk.asked(seat)
    await desk.mail(NOOR, f"approve {other.number}", waiting)
    assert await desk.state(other.number) is SUBMITTED
    assert f"names {other.number}" in desk.told(NOOR, other.number)[-1]


async def test_a_signed_mail_that_comes_again_decides_nothing_a_second_time(desk: Office, seat: Seat) -> None:
    asked = await desk.asked(seat)
    raw = (
        f"From: {NOOR}\r\nTo: {asked.reply_to}\r\nSubject: Re\r\nMessage-ID: <again@lumora.example>\r\n"
        f"In-Reply-To: {asked.mail['Message-ID']}\r\nDate: Thu, 26 Nov 2026 10:00:00 +0100\r\n\r\nask: how many?\r\n"
    )
    for _ in range(3):
        await desk.scene.doors.raw_mail(
            f"Authentication-Results: {passed(NOOR)}\r\n{raw}".encode(), NOOR, asked.reply_to
        )
        await desk.house.quiet()
    assert len(desk.told(NOOR, "went back to the partner")) == 1


async def test_a_manager_of_another_region_is_refused_with_words(desk: Office, waiting: Asked) -> None:
    await desk.mail(JONAS, "approve", waiting)
    assert "Jonas Weber decides for DACH" in desk.told(JONAS)[-1]
    await desk.press(U_JONAS, waiting)
    assert "Jonas Weber decides for DACH" in desk.thread(waiting)[-1]
    await desk.press(U_JONAS, waiting, "refuse")
    await desk.says(U_JONAS, "Because I say so", waiting)
    assert "Jonas Weber decides for DACH" in desk.thread(waiting)[-1]


async def test_a_manager_beyond_his_amount_is_refused_with_words(desk: Office) -> None:
    asked = await desk.asked(await take_seat(desk.house, "waterkant", region="DACH"), amount=Decimal(1_000_000))
    await desk.mail(JONAS, f"approve {asked.number}")
    assert "Jonas Weber decides up to" in desk.told(JONAS)[-1]
    assert await desk.state(asked.number) is SUBMITTED


async def test_a_colleague_who_is_no_manager_is_told_so_politely_and_decides_nothing(
    desk: Office, waiting: Asked
) -> None:
    await desk.press(U_COLLEAGUE, waiting)
    assert desk.thread(waiting)[-1] == "Only managers of the partner program decide here."
    before = len(desk.thread(waiting))
    await desk.says(U_COLLEAGUE, "approve", waiting)
    await desk.says(U_COLLEAGUE, f"approve {waiting.number}", waiting)
    assert len(desk.thread(waiting)) == before


async def partners_channel(desk: Office, seat: Seat) -> None:
    async with desk.house.app.database.begin() as connection:
        await slack_channels.save(connection, SlackChannel(HOME, SHARED, "shared", seat.partner.id, AWAY))


@pytest.mark.parametrize("channel", [MANAGERS, SHARED, "C0INTERNAL", "C0NOWHERE"])
async def test_a_partners_press_does_nothing_and_is_told_nothing_wherever_it_says_it_was(
    desk: Office, seat: Seat, waiting: Asked, channel: str
) -> None:
    await partners_channel(desk, seat)
    before = desk.posted(waiting)
    await desk.press(U_PARTNER, waiting, channel=channel)
    assert desk.posted(waiting) == before


async def test_a_press_that_claims_the_home_team_is_judged_by_what_slack_says(desk: Office, waiting: Asked) -> None:
    before = desk.posted(waiting)
    claims: dict[str, Any] = {"id": U_PARTNER, "team_id": HOME, "team": HOME, "is_admin": True}
    await desk.press(U_PARTNER, waiting, user=claims)
    desk.slack.add_user("U0STRANGER", "T0OTHER", "Noor Haddad")
    await desk.press("U0STRANGER", waiting, user={"id": "U0STRANGER", "team_id": HOME})
    await desk.press("U0UNKNOWN", waiting)
    assert desk.posted(waiting) == before


@pytest.mark.parametrize(
    "value", ["D-123456", "0" * 32, "00000000-0000-4000-8000-000000000000", "' or 1=1 --", "x" * 1_900]
)
async def test_a_tampered_value_does_nothing(desk: Office, waiting: Asked, value: str) -> None:
    await desk.press(U_NOOR, waiting, value=value)
    assert desk.thread(waiting)[-1] == "This card is not current any more; nothing was done."


async def test_the_value_of_another_card_in_another_place_does_nothing(
    desk: Office, seat: Seat, waiting: Asked
) -> None:
    await partners_channel(desk, seat)
    await desk.press(U_NOOR, waiting, channel="C0INTERNAL")
    before = desk.posted(waiting)
    await desk.press(U_NOOR, waiting, channel=SHARED)
    assert desk.posted(waiting) == before


@pytest.mark.parametrize("action", ["protect", "delete", "approve_all", ""])
async def test_an_act_that_no_button_has_does_nothing(desk: Office, waiting: Asked, action: str) -> None:
    await desk.press(U_NOOR, waiting, action)


async def test_a_press_that_slack_did_not_sign_is_turned_away(desk: Office, waiting: Asked) -> None:
    await desk.press(U_NOOR, waiting, secret="another", status=401)


async def test_a_press_that_is_delivered_again_acts_once(desk: Office, seat: Seat) -> None:
    asked = await desk.asked(seat)
    payload = await desk.press(U_NOOR, asked, "refuse")
    assert len(desk.thread(asked)) == 1
    for _ in range(3):
        assert await desk.deliver(payload) == 200
    await desk.house.quiet()
    assert len(desk.thread(asked)) == 1


async def test_an_old_card_does_not_decide_what_was_asked_back_and_changed(desk: Office, seat: Seat) -> None:
    asked = await desk.asked(seat)
    await desk.mail(NOOR, "ask: how many seats?", asked)
    await desk.press(U_NOOR, asked)
    assert await desk.state(asked.number) is RegistrationState.NEEDS_INFO
    assert f"settled by {NOOR}" in desk.thread(asked)[-1]


async def test_in_a_partners_channel_a_manager_decides_nothing_and_nothing_is_shown(
    desk: Office, seat: Seat, waiting: Asked
) -> None:
    await partners_channel(desk, seat)
    await desk.says(U_NOOR, f"<@U0BOT> approve {waiting.number}", channel=SHARED)
    (*_, said) = [post["text"] for post in desk.slack.channels[SHARED].posts if post.get("bot_id")]
    assert "Decisions are not made here." in said
    assert waiting.number not in said


async def test_in_a_channel_that_outsiders_read_a_manager_decides_nothing(desk: Office, waiting: Asked) -> None:
    desk.slack.add_channel("C0UNMAPPED", {HOME, "T0THIRD"})
    await desk.says(U_NOOR, f"<@U0BOT> approve {waiting.number}", channel="C0UNMAPPED")
    posts = [post["text"] for post in desk.slack.channels["C0UNMAPPED"].posts]
    assert not any(waiting.number in said for said in posts)


async def test_the_partners_stored_messages_hold_no_brief(desk: Office, waiting: Asked) -> None:
    """What goes to managers stands in no partner's conversation."""
    async with desk.house.app.database.reading() as connection:
        query = text("select count(*) from outbox where kind in ('brief', 'slack_update') and partner_id is not null")
        assert await connection.scalar(query) == 0
