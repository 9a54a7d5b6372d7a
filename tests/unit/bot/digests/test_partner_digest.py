"""A partner's monthly overview: to whoever wants it, once, of his own partner's alone, and of what he may see."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from benchmarks.reader.catalogue import CATALOGUE
from bot.digests.rules import DigestRules, Readers
from bot.ports import Readable
from bot.readers.builtin.reader import BuiltinReader
from bot.readers.finer.reader import FinerReader
from bot.storage import opt_out_links
from bot.storage.opting_out import Proof, opt_out
from bot.texts.catalogue import LANGUAGES, catalogue
from bot.vocabulary.message import ThreadContext
from bot.vocabulary.requests import PreferenceFields
from crm.records import ContactRight, RegistrationState
from tests.builders import NOW, contact, deal, euro
from tests.unit.bot.digests.world import BEN, FIRST, SARA, SECOND, TODAY, World, certified

_DUE = NOW + timedelta(days=14)  # behind 7 December, since the fifth is a Saturday
_OWN = ("Acme GmbH", "D-1042", "Rivet SA", "D-100001", "Tom Certified")


async def _with_business(world: World) -> None:
    await world.enter(
        replace(FIRST, types=FIRST.types),
        deal(),
        deal(id="h-9", number="D-9009", partner_id="p-2", customer="Geheimkunde AG", amount=euro(77_000)),
        certified("Tom Certified", date(2026, 1, 10)),
    )
    await world.register(
        "D-100001", customer="Rivet SA", state=RegistrationState.APPROVED, protected_until=TODAY + timedelta(days=30)
    )
    await world.monthly()
    world.now = _DUE


async def test_it_tells_of_the_partners_own_deals_tier_money_and_what_ends_and_of_nobody_elses(world: World) -> None:
    await world.wants(SARA, BEN)
    await _with_business(world)
    assert await world.monthly() == 2
    (sara,), (ben,) = await world.mails(SARA.email), await world.mails(BEN.email)
    assert sara["subject"] == "Your partner overview for December 2026"
    assert all(said in sara["text"] for said in _OWN), sara["text"]
    assert "Your tier is Select." in sara["text"]
    assert "expected" in sara["text"]
    assert "“No monthly overview, please”" in sara["text"]
    assert "Geheimkunde" not in str(sara)
    assert ben["subject"] == "Ihre Partnerübersicht für Dezember 2026"
    assert "D-9009" in ben["text"]
    assert not any(said in str(ben) for said in (*_OWN, "Brightpath"))


async def test_whoever_may_not_see_deals_or_commission_reads_nothing_of_them(world: World) -> None:
    clerk = contact(id="c-3", partner_id="p-1", email="clerk@brightpath.example", main=False, rights=())
    payer = replace(clerk, id="c-4", email="payer@brightpath.example", rights=(ContactRight.SEE_COMMISSION,))
    await world.enter(clerk, payer)
    await world.wants(clerk, payer)
    await _with_business(world)
    assert await world.monthly() == 2
    (to_clerk,), (to_payer,) = await world.mails(clerk.email), await world.mails(payer.email)
    assert not any(said in str(to_clerk) for said in ("Acme", "D-1042", "Rivet", "D-100001", "expected"))
    assert not any(said in str(to_payer) for said in ("Acme", "D-1042", "Rivet", "D-100001"))
    assert "expected" in to_payer["text"]


async def test_it_goes_once_a_month_whoever_asks_and_is_taken_up_where_it_was_left(world: World) -> None:
    people = [contact(id=f"c-{n:02}", partner_id=f"q-{n:02}", email=f"p{n}@q.example") for n in range(28)]
    await world.enter(*(replace(FIRST, id=f"q-{n:02}", name=f"Partner {n}") for n in range(28)), *people)
    await world.wants(*people)
    await world.monthly()
    world.now = _DUE
    async with world.storage.begin() as connection:
        # Killed behind the first partners: their mails are written, and the place is kept with them.
        await connection.execute(
            text("update instance set value = '2026-12:q-00' where name = 'partner_digests_until'")
        )
    both = await asyncio.gather(world.monthly(), world.monthly())
    assert (sum(both), await world.monthly()) == (27, 0)
    assert sorted(mail["to"] for mail in await world.mails()) == sorted(f"p{n}@q.example" for n in range(1, 28))
    async with world.storage.begin() as connection:
        await connection.execute(
            text("update instance set value = '2026-12:q-20' where name = 'partner_digests_until'")
        )
    assert await world.monthly() == 0  # what is written is not written again


async def test_nobody_gets_it_who_has_not_asked_left_or_takes_no_mail(world: World) -> None:
    gone = contact(id="c-5", partner_id="p-1", email="gone@brightpath.example", active=False)
    left = contact(id="c-6", partner_id="p-1", email="left@brightpath.example")
    dead = contact(id="c-7", partner_id="p-1", email="dead@brightpath.example")
    await world.enter(gone, left, dead)
    await world.wants(gone, left, dead)
    async with world.storage.begin() as connection:
        await opt_out(connection, left.id, Proof("m-1", "email", _DUE), None)
        await connection.execute(
            text(
                "insert into undeliverable (address, partner_id, inbox_id)"
                " values ('dead@brightpath.example', 'p-1', gen_random_uuid())"
            )
        )
    await world.monthly()
    world.now = _DUE
    assert await world.monthly() == 0
    assert await world.mails() == []


@pytest.mark.parametrize(
    ("readers", "told"),
    [(Readers.ASKED, []), (Readers.MAIN_CONTACTS, [SARA.email]), (Readers.OFF, [])],
    ids=["who asked", "main contacts too", "nobody"],
)
async def test_main_contacts_get_it_without_asking_where_the_operator_says_so_until_they_say_no(
    world: World, readers: Readers, told: list[str]
) -> None:
    world.rules = DigestRules(partners=readers)
    await world.wants(BEN, digest=False)
    await world.monthly()
    world.now = _DUE
    await world.monthly()
    mails = await world.mails()
    assert [mail["to"] for mail in mails] == told
    assert all("as the main contact" in mail["text"] for mail in mails)


async def test_months_that_were_missed_are_made_up_for_once_and_its_link_opts_out_of_the_next_one(world: World) -> None:
    await world.wants(SARA)
    await world.monthly()
    world.now = _DUE + timedelta(days=62)
    assert (await world.monthly(), await world.monthly()) == (1, 0)
    (mail,) = await world.mails()
    async with world.storage.begin() as connection:
        assert await opt_out_links.find(connection, mail["opt_out_token"]) == (SARA.id, None)
        await opt_out(connection, SARA.id, Proof("link", "link", _DUE), None)
    world.now += timedelta(days=31)
    assert await world.monthly() == 0


async def test_a_partner_whose_records_cannot_be_computed_stops_nobody_else_and_is_a_task(world: World) -> None:
    await world.wants(SARA, BEN)
    await world.enter(SECOND)
    async with world.storage.begin() as connection:
        await connection.execute(
            text(
                "insert into mirror (kind, id, partner_id, key, doc)"
                " values ('deal', 'h-0', 'p-1', 'D-1', '{\"no\": \"deal\"}')"
            )
        )
    await world.monthly()
    world.now = _DUE
    assert await world.monthly() == 1
    async with world.storage.reading() as connection:
        said = list(await connection.scalars(text("select summary from tasks")))
    assert [mail["to"] for mail in await world.mails()] == [BEN.email]
    assert [line.split("(")[0] for line in said] == ["the partner's overview for 2026-12 could not be made "]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_it_says_to_reply_is_read_as_wanting_it_no_more(language: str) -> None:
    reader = FinerReader(BuiltinReader(CATALOGUE))
    for key in ("digest.stop", "digest.stop_asked"):
        (words,) = re.findall("[“„«‘] ?(.+?) ?[”“»’]", catalogue().template(language, key))
        found = reader.read(Readable(words, NOW, sender=SARA.email, thread=ThreadContext(agent_took_part=True)))
        assert [request.fields for request in found.requests] == [PreferenceFields(digest=False)], words
