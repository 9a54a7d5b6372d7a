"""A new partner on the agent at work: welcomed by mail and in its channel, its first deal registered in the reply."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from email.header import decode_header, make_header
from email.message import Message

import pytest

from bot.bootstrap.onboarding_parts import OnboardingParts, onboarding_parts
from bot.storage import onboarding, registrations
from bot.vocabulary.results import Done
from crm.records import RegistrationState
from tests.scenarios.deciding import NOOR, Office
from tests.scenarios.relayed import passed, words
from tests.scenarios.seats import take_seat

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("onboarding")]

_DEAL = (
    "We'd like to register a deal with Ostrava Tools Ltd, 50 seats of Core, about 14,000 EUR a year, closing in March."
)

_UNFINISHED = (
    "We'd like to register a deal with Tatra Looms Ltd, website tatralooms.example: "
    "25 seats of Core, 7,200 GBP a year. "
    "Contact: Hana Novak, h.novak@tatralooms.example."
)


def _subject(mail: Message) -> str:
    return str(make_header(decode_header(str(mail["Subject"]))))


def _parts(desk: Office) -> OnboardingParts:
    app = desk.house.app
    settings = app.settings.model_copy(update={"onboarding": "main_contacts"})
    return onboarding_parts(settings, app.database, app.queue, app.programs, app.now, app.own.domain)


def _to_working_hours(desk: Office) -> None:
    """The next Wednesday at noon that comes, on which nobody rests."""
    now = desk.house.clock()
    day = now.date() + timedelta(days=(2 - now.weekday()) % 7 or 7)
    while (day.month, day.day) in ((12, 23), (12, 30), (1, 6)):
        day += timedelta(weeks=1)
    desk.house.clock.ahead += datetime.combine(day, time(11), UTC) - now


async def test_a_new_partner_is_welcomed_and_registers_its_first_deal_by_replying(desk: Office) -> None:
    house, seat = desk.house, await take_seat(desk.house, "quaywise")
    main, parts = seat.contacts[seat.main], _parts(desk)
    _to_working_hours(desk)
    assert isinstance(await parts.desk.start(seat.partner, NOOR), Done)
    for _ in range(3):
        await parts.clock()
    await house.quiet()
    (mail,) = [one for one in desk.scene.to(main.email) if _subject(one).startswith("Welcome to")]
    assert "mailto:" in str(mail["List-Unsubscribe"])
    assert "Register a deal: “We'd like to register a deal with Acme Ltd" in " ".join(words(mail).split())
    posts = [told for told in await house.told(seat.partner.id) if told.destination == "slack"]
    assert [(post.to, "write your first deal here" in post.text) for post in posts] == [(seat.channel.channel_id, True)]
    key = await desk.scene.answer(main.email, mail, _DEAL, Authentication_Results=passed(main.email))
    came = await house.one(key)
    assert (came.trust, came.partner_id, came.intents) == ("proven", seat.partner.id, ["register_deal"])
    (answer,) = await house.answers(came.id)
    assert "Ostrava Tools Ltd" in answer.text
    async with house.app.database.reading() as connection:
        kept = await onboarding.find(connection, seat.partner.id)
    assert kept is not None
    assert set(kept.steps) == {"welcomed", "posted"}


async def test_the_reply_to_a_check_in_about_a_draft_completes_it(desk: Office) -> None:
    house, seat = desk.house, await take_seat(desk.house, "northgate")
    main, parts = seat.contacts[seat.main], _parts(desk)
    _to_working_hours(desk)
    assert isinstance(await parts.desk.start(seat.partner, NOOR), Done)
    for _ in range(3):
        await parts.clock()
    await house.quiet()
    (welcome,) = [one for one in desk.scene.to(main.email) if _subject(one).startswith("Welcome to")]
    await desk.scene.answer(main.email, welcome, _UNFINISHED, Authentication_Results=passed(main.email))
    await house.quiet()
    house.clock.ahead += timedelta(days=5)  # a Monday: the third day was a Saturday
    for _ in range(3):
        await parts.clock()
    await house.quiet()
    (check_in,) = [one for one in desk.scene.to(main.email) if "is still a draft" in " ".join(words(one).split())]
    lacking = " ".join(words(check_in).split())
    assert "Tatra Looms" in lacking
    assert "It lacks: - expected close date" in lacking
    close = house.app.today() + timedelta(days=60)
    key = await desk.scene.answer(main.email, check_in, f"{close:%-d %B %Y}", Authentication_Results=passed(main.email))
    came = await house.one(key)
    assert (came.trust, came.outcome) == ("proven", "registration_submitted")
    async with house.app.database.reading() as connection:
        theirs = await registrations.of_partner(connection, seat.partner.id)
    (kept,) = [one for one in theirs if one.customer.startswith("Tatra")]
    assert (kept.customer, kept.state, kept.close_date) == ("Tatra Looms Ltd", RegistrationState.SUBMITTED, close)


async def test_a_manager_asks_for_adoption_and_onboards_a_partner_by_mail_and_nobody_else_does(desk: Office) -> None:
    seat = await take_seat(desk.house, "waterkant")
    main = seat.contacts[seat.main]
    for words_ in ("adoption", f"onboard {seat.partner.id}"):
        await desk.mail(main.email, words_)
        await desk.mail(NOOR, words_, proven=False)
    assert await _state(desk, seat.partner.id) == ""
    assert not [text for text in (*desk.told(NOOR), *desk.told(main.email)) if "partners in all" in text]
    await desk.mail(NOOR, "adoption")
    assert len([text for text in desk.told(NOOR) if "partners in all" in text]) == 1
    await desk.mail(NOOR, f"onboard {seat.partner.id}")
    assert [text for text in desk.told(NOOR) if "Nobody is welcomed" in text]  # the house has it switched off


async def _state(desk: Office, partner_id: str) -> str:
    async with desk.house.app.database.reading() as connection:
        kept = await onboarding.find(connection, partner_id)
    return kept.state.value if kept is not None and kept.state is not onboarding.State.KNOWN else ""
