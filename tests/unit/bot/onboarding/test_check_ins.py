"""A partner is asked after by what it has done, one thing at a time, and nobody is who does not want it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from sqlalchemy import update

from benchmarks.reader.catalogue import CATALOGUE
from bot.onboarding.letters import letter
from bot.onboarding.stage import DAYS, Known, Matter, known_of
from bot.onboarding.words import Addressed, Saying, check_in, welcome
from bot.ports import Readable
from bot.readers.builtin.reader import BuiltinReader
from bot.readers.finer.reader import FinerReader
from bot.storage import outbox, preferences, registrations
from bot.storage.opting_out import Proof, opt_out
from bot.storage.outbox import Destination, Outgoing
from bot.storage.tables import outbox as outbox_table
from bot.texts.catalogue import LANGUAGES, catalogue
from bot.vocabulary.announcing import Route
from bot.vocabulary.message import ThreadContext
from bot.vocabulary.requests import Intent
from crm.records import PartnerType, RegistrationState, Stage
from tests.builders import NOW, TODAY, contact, deal, partner, program, registration
from tests.unit.bot.onboarding.world import NEW, OLD, SARA, World

_FIRST = 4  # days after the welcome on a Thursday: the third is a Sunday
_INTENTS = {
    "say_register": Intent.REGISTER_DEAL, "say_refer": Intent.REFER_LEAD, "say_status": Intent.ASK_DEAL_STATUS,
    "say_tier": Intent.ASK_TIER, "say_commission": Intent.ASK_COMMISSION, "say_program": Intent.ASK_PROGRAM,
}  # fmt: skip


@cache
def _reader() -> FinerReader:
    return FinerReader(BuiltinReader(CATALOGUE))


async def test_who_wrote_nothing_is_asked_four_times_at_most_and_then_it_ends(world: World) -> None:
    await world.begin()
    written = [await world.look(days=days) for days in (_FIRST, 0, 10, 18, 30, 40)]
    assert written == [1, 0, 1, 1, 1, 0]
    assert await world.told() == ["nothing", "nothing_again", "nothing_again", "nothing_again"]
    assert await world.state("p-1") == "ended"
    mails = await world.sent()
    assert "Should I rather write to somebody else" in mails[1]["text"]
    assert ["the last mail of this kind" in mail["text"] for mail in mails] == [False, False, False, False, True]


async def test_of_several_that_were_missed_the_latest_is_made_up_for_once_by_one_of_several_workers(
    world: World,
) -> None:
    await world.begin()
    world.now += timedelta(days=35)
    written = await asyncio.gather(*(world.onboarding() for _ in range(3)))
    assert (sum(written), await world.look(days=1)) == (1, 0)
    assert len(await world.sent()) == 2


async def test_it_follows_what_the_partner_does_and_names_only_its_own(world: World) -> None:
    await world.begin()
    other = registration(number="D-900009", partner_id=OLD.id, customer="Geheimkunde AG", contact_id=None)
    async with world.storage.begin() as connection:
        await registrations.save(connection, other)
    await world.enter(deal(id="h-9", number="D-900010", partner_id=OLD.id, customer="Geheimkunde AG"))
    world.now += timedelta(days=1)
    await world.wrote()
    await world.look(days=_FIRST - 1)
    draft: dict[str, Any] = {"state": RegistrationState.DRAFT, "opened_at": world.now, "close_date": None}
    await world.register("D-100001", customer="Rivet SA", **draft)
    await world.look(days=10)
    sent: dict[str, Any] = {"state": RegistrationState.SUBMITTED, "opened_at": world.now, "submitted_at": world.now}
    await world.register("D-100001", customer="Rivet SA", **sent)
    await world.look(days=18)
    await world.enter(deal(id="h-1", number="D-100001", customer="Rivet SA", stage=Stage.WON, won_on=world.now.date()))
    await world.look(days=30)
    assert await world.told() == ["wrote", "draft", "registered", "won"]
    _, wrote, stuck, registered, won = await world.sent()
    assert "We can do that together in this conversation" in wrote["text"]
    assert "D-100001 (Rivet SA) is still a draft" in stuck["text"]
    assert "It lacks:\n- expected close date" in stuck["text"]
    assert f"protected for you for {program().deal_rules.protection_days} days" in registered["text"]
    assert "What commission do we get for D-100001?" in won["text"]
    assert "Geheimkunde" not in str(await world.sent())
    assert "D-90001" not in str(await world.sent())
    assert all(mail["opt_out_token"] and "unsubscribe" in mail["text"] for mail in await world.sent())


async def test_nobody_is_asked_who_opted_out_or_whose_address_takes_no_mail_or_who_rests(world: World) -> None:
    ben = contact(id="c-2", partner_id="p-2", email="ben@two.example")
    await world.begin(NEW, SARA, partner(id="p-2", name="Two"), ben)
    assert len(await world.sent()) == 2
    async with world.storage.begin() as connection:
        await opt_out(connection, SARA.id, Proof("m-1", "email", world.now), None)
    assert await world.look(days=3) == 0  # a Sunday
    assert await world.look(days=1) == 1
    assert [mail["to"] for mail in await world.sent()][2:] == [ben.email]


async def test_where_the_partner_heard_of_us_on_that_day_it_is_asked_on_the_next(world: World) -> None:
    await world.begin()
    world.now += timedelta(days=_FIRST)
    async with world.storage.begin() as connection:
        row = Outgoing("partner_digest:1", Destination.MAIL, "digest", {"to": SARA.email}, partner_id="p-1")
        await outbox.put(connection, [row])
        await connection.execute(update(outbox_table).where(outbox_table.c.key == row.key).values(created_at=world.now))
    assert await world.look() == 0
    assert await world.look(days=1) == 1


async def test_who_reads_in_slack_alone_is_asked_there_but_for_what_not_everybody_may_read(world: World) -> None:
    await world.channel()
    await world.begin()
    await world.look()
    async with world.storage.begin() as connection:
        await preferences.say(connection, SARA, route=Route.SLACK, proof={"message": "m-1"})
    await world.look(days=_FIRST)
    assert (len(await world.sent()), len(await world.sent("slack"))) == (1, 2)
    assert "Sara" not in (await world.sent("slack"))[1]["text"]
    await world.register("D-100001", state=RegistrationState.SUBMITTED, submitted_at=NOW)
    await world.look(days=10)
    assert (len(await world.sent()), len(await world.sent("slack"))) == (2, 2)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_is_worded_in_every_language(language: str) -> None:
    to = Addressed(program(), partner(types=(PartnerType.RESELLER, PartnerType.REFERRAL)), program().managers[0])
    reader = contact(language=language)
    one = registration(number="D-2", state=RegistrationState.APPROVED, protected_until=TODAY)
    draft = registration(number="D-1", state=RegistrationState.DRAFT, close_date=None, opened_at=None)
    known = known_of(TODAY, [one, draft], [deal(stage=Stage.WON)], TODAY)
    said = [("welcome", Saying(welcome(to, in_slack=False)))]
    said += [(matter.value, check_in(matter, known, to, DAYS[-1], in_slack=False)) for matter in Matter]
    for subject, saying in said:
        made = letter(to, reader, subject, saying)
        assert made.reply.language == language
        assert len(made.subject) < 90
        assert "{" not in made.reply.text + made.subject
    assert Known().without_deals() == Known()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_it_says_may_be_copied_is_read_as_what_it_says(language: str) -> None:
    texts = catalogue().texts[language]
    for name, intent in _INTENTS.items():
        said = texts[f"onboarding.{name}"].format(product="Lumora Core", currency="EUR")
        reading = _reader().read(Readable(said, NOW, sender=SARA.email, thread=ThreadContext(agent_took_part=True)))
        assert [request.intent for request in reading.requests] == [intent], (language, name, reading)
