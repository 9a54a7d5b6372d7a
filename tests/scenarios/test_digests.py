"""Digests on the agent at work: asked for in a word, mailed by the clock, answered like any other mail of a partner."""

from __future__ import annotations

from datetime import timedelta
from email.header import decode_header, make_header
from email.message import Message

import pytest

from bot.storage import instance, preferences
from tests.scenarios.deciding import JONAS, MANAGERS, NOOR, U_NOOR, Office
from tests.scenarios.relayed import passed, words
from tests.scenarios.seats import Seat, take_seat

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("digests")]

_TITLE = "Partner digest of"


def _subject(mail: Message) -> str:
    return str(make_header(decode_header(str(mail["Subject"]))))


async def _wants_it(desk: Office, seat: Seat) -> None:
    app, main = desk.house.app, seat.contacts[seat.main]
    async with app.database.begin() as connection:
        await preferences.say(connection, main, digest=True, proof={"message": "m-1"})


async def test_a_manager_asks_for_the_digest_by_mail_and_in_slack_and_nobody_else_gets_it(desk: Office) -> None:
    seat = await take_seat(desk.house, "lindgruen")
    asked = await desk.asked(seat, decide_by=desk.house.app.today() - timedelta(days=3))
    await desk.mail(NOOR, "digest")
    told = [text for text in desk.told(NOOR, asked.number) if _TITLE in text]
    assert len(told) == 1
    assert f"{asked.number} of {seat.partner.name} for Kilbride {asked.number}" in told[0]
    assert f"→ approve {asked.number}" in told[0]
    await desk.mail(NOOR, "digest", proven=False)
    main = seat.contacts[seat.main]
    await desk.mail(main.email, "digest")
    assert len([text for text in desk.told(NOOR) if _TITLE in text]) == 1
    assert not any(_TITLE in text for text in desk.told(main.email))
    answer = await desk.hands.commands(U_NOOR, MANAGERS, "digest")
    await desk.house.quiet()
    posted = [post["text"] for place in desk.slack.channels.values() for post in place.posts if _TITLE in post["text"]]
    assert "I write to you directly" in str(answer.get("text", ""))
    assert len(posted) == 1
    assert asked.number in posted[0]


async def test_the_clock_mails_the_weeks_digest_to_each_manager_once(desk: Office) -> None:
    house = desk.house
    await house.app.jobs.housekeeping("digests")
    house.clock.ahead += timedelta(days=8)
    for _ in range(2):
        await house.app.jobs.housekeeping("digests")
    await house.quiet()
    for manager in (NOOR, JONAS):
        assert len([mail for mail in desk.scene.to(manager) if str(mail["Subject"]).startswith(_TITLE)]) == 1, manager


async def test_the_monthly_overview_comes_in_each_readers_language_with_a_way_to_leave_and_is_answered_like_any_mail(
    desk: Office,
) -> None:
    house = desk.house
    english, german = await take_seat(house, "quaywise"), await take_seat(house, "lindgruen")
    for seat in (english, german):
        await _wants_it(desk, seat)
    async with house.app.database.begin() as connection:
        await instance.put(connection, "partner_digests_until", "2020-01:~")
    await house.app.jobs.housekeeping("digests")
    await house.quiet()
    mails = {}
    for seat, subject in ((english, "Your partner overview for"), (german, "Ihre Partnerübersicht für")):
        main = seat.contacts[seat.main]
        found = [mail for mail in desk.scene.to(main.email) if _subject(mail).startswith(subject)]
        assert len(found) == 1, seat.partner.name
        mails[seat.partner.id] = found[0]
        assert "mailto:" in str(found[0]["List-Unsubscribe"])
        text = words(found[0])
        shown = [customer for customer, number in seat.numbers.items() if number in text]
        assert shown, text
        assert not [word for word in seat.outsiders_words if word in text]
    main, mail = english.contacts[english.main], mails[english.partner.id]
    key = await desk.scene.answer(
        main.email, mail, "Where does our deal with " + next(iter(english.numbers)) + " stand?",
        Authentication_Results=passed(main.email),
    )  # fmt: skip
    came = await house.one(key)
    assert (came.trust, came.partner_id, came.intents) == ("proven", english.partner.id, ["ask_deal_status"])
    assert (await house.answers(came.id))[0].to == main.email
