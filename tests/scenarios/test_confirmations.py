"""A mail that nothing proves: the owner of the address is asked once, and his word has that one message handled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio
from sqlalchemy import URL, text

from crm.records import Contact
from tests.scenarios.relayed import STATUS, Scene, passed, relayed_scene, words
from tests.scenarios.seats import Seat, take_seat

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("confirmations")]

DATA = ("Pelican", "D-", "Quaywise", "€", "Aoife", "Noor")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def scene(
    postgres_server: URL, partners_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Scene]:
    async with relayed_scene(postgres_server, partners_template, tmp_path_factory.mktemp("confirmations")) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def seat(scene: Scene) -> Seat:
    return await take_seat(scene.house, "quaywise")


@pytest.fixture
def ann(seat: Seat) -> Contact:
    return seat.contacts[seat.main]


async def test_a_claimed_request_is_held_confirmed_by_its_owner_handled_once_and_answered(
    scene: Scene, seat: Seat, ann: Contact
) -> None:
    key = await scene.claimed(ann)
    assert await scene.state(key) == ("claimed", "held")
    question = scene.question(ann)
    assert question["Auto-Submitted"] == "auto-generated"
    assert question["In-Reply-To"] is None
    for secret in (*DATA, STATUS, "Deals"):
        assert secret not in words(question) + str(question["Subject"])

    answer = await scene.answer(ann.email, question, "Yes, that was me.")
    assert (await scene.house.one(answer)).outcome == "confirmed"
    assert await scene.state(key) == ("proven", "handled")
    told = scene.to(ann.email)
    assert len(told) == 2
    assert told[-1]["In-Reply-To"] == key
    assert told[-1]["Subject"] == "Re: Deals"
    assert "Pelican" in words(told[-1])
    assert [t for t in await scene.house.tasks(partner_id=seat.partner.id, kind="held") if t["closed_at"] is None] == []

    later = await scene.claimed(ann, "And what is our tier?", "Tier")
    assert await scene.state(later) == ("claimed", "held")


async def test_it_is_answered_in_the_thread_it_belongs_to_and_changes_what_it_wanted_changed(
    scene: Scene, seat: Seat, ann: Contact
) -> None:
    await scene.proven(ann, "Please register a new deal: Corrib Foundry, Lumora Core.", "New deal")
    (first,) = scene.to(ann.email)
    reply_to = str(first["Reply-To"]).rpartition("<")[2].rstrip(">")
    key = await scene.doors.mail(ann.email, "The value is EUR 5,000 a year.", "Re: New deal", to=reply_to)
    await scene.house.quiet()
    draft = next(r for r in await scene.house.registrations(seat.partner.id) if r["customer"] == "Corrib Foundry")
    assert draft["amount"] is None
    await scene.answer(ann.email, scene.question(ann), "yes")
    draft = next(r for r in await scene.house.registrations(seat.partner.id) if r["customer"] == "Corrib Foundry")
    assert draft["amount"] == "5000"
    came, began = await scene.house.one(key), await scene.house.thread_of(str(first["Message-ID"]))
    assert came.thread_id == began["id"]


async def test_two_answers_at_once_release_the_message_once_and_later_ones_are_told_in_words(
    scene: Scene, ann: Contact
) -> None:
    key = await scene.claimed(ann)
    question = scene.question(ann)
    to = str(question["Reply-To"]).rpartition("<")[2].rstrip(">")
    await asyncio.gather(*(scene.doors.mail(ann.email, f"Yes{'!' * n}", "Re: ?", to=to) for n in range(3)))
    await scene.house.quiet()
    assert await scene.state(key) == ("proven", "handled")
    answers = [mail for mail in scene.to(ann.email) if mail["In-Reply-To"] == key]
    assert len(answers) == 1
    used = [words(mail) for mail in scene.to(ann.email) if "settled already" in words(mail)]
    assert used
    assert not any(secret in mail for mail in used for secret in DATA)


async def test_a_program_that_ignores_reply_to_still_answers_the_question(scene: Scene, ann: Contact) -> None:
    key = await scene.claimed(ann)
    question = scene.question(ann)
    await scene.doors.mail(ann.email, "Yes", "Re: ?", in_reply_to=str(question["Message-ID"]))
    await scene.house.quiet()
    assert await scene.state(key) == ("proven", "handled")


async def test_no_discards_it_and_the_manager_is_told(scene: Scene, seat: Seat, ann: Contact) -> None:
    key = await scene.claimed(ann, "Please register Corrib Foundry, Lumora Core, EUR 5,000.", "New deal")
    question = scene.question(ann)
    await scene.answer(ann.email, question, "No, I did not write that.")
    assert await scene.state(key) == ("claimed", "ignored")
    assert "discarded the message" in words(scene.to(ann.email)[-1])
    assert any("forged" in summary for summary in await scene.notices(seat))
    await scene.answer(ann.email, question, "Yes")
    assert await scene.state(key) == ("claimed", "ignored")
    assert "Corrib Foundry" not in [r["customer"] for r in await scene.house.registrations(seat.partner.id)]


async def test_a_code_proves_nobody_else(scene: Scene, seat: Seat, ann: Contact) -> None:
    key = await scene.claimed(ann)
    question = scene.question(ann)
    colleague = next(contact for contact in seat.contacts.values() if contact.id != ann.id)
    eve = await scene.answer("eve@evil.example", question, "Yes")
    await scene.proven(colleague, "Yes", "Re: ?", In_Reply_To=str(question["Message-ID"]))
    assert await scene.state(eve) == ("unknown", "held")
    assert await scene.state(key) == ("claimed", "held")
    for mail in scene.to("eve@evil.example"):
        assert not any(secret in words(mail) for secret in DATA)


@pytest.mark.parametrize(
    ("said", "headers"),
    [
        ("Yes", {"Auto_Submitted": "auto-replied"}),
        ("I am out of the office until 7 December and will answer your mail when I am back.", {}),
        ("Thank you for contacting support. A ticket was opened and one of our agents will be in touch soon.", {}),
        ("What is this about?", {}),
    ],
)  # fmt: skip
async def test_a_machine_or_a_doubt_is_no_word_for_it(
    scene: Scene, ann: Contact, said: str, headers: dict[str, str]
) -> None:
    key = await scene.claimed(ann)
    await scene.answer(ann.email, scene.question(ann), said, **headers)
    assert await scene.state(key) == ("claimed", "held")


async def test_a_doubt_is_asked_again_and_the_code_stays_good(scene: Scene, ann: Contact) -> None:
    key = await scene.claimed(ann)
    await scene.answer(ann.email, scene.question(ann), "What is this about?")
    again = scene.to(ann.email)[-1]
    assert "reply “Yes”" in words(again)
    await scene.answer(ann.email, again, "Yes, that was me")
    assert await scene.state(key) == ("proven", "handled")


async def test_an_answer_after_a_day_is_too_late(scene: Scene, ann: Contact) -> None:
    key = await scene.claimed(ann)
    question = scene.question(ann)
    async with scene.house.app.database.begin() as connection:
        await connection.execute(
            text("update confirmations set expires_at = now() where address = :a"), {"a": ann.email}
        )
    await scene.answer(ann.email, question, "Yes")
    assert await scene.state(key) == ("claimed", "held")
    told = words(scene.to(ann.email)[-1])
    assert "too late" in told
    assert not any(secret in told for secret in DATA)


async def test_who_left_meanwhile_releases_nothing(scene: Scene, ann: Contact) -> None:
    key = await scene.claimed(ann)
    question = scene.question(ann)
    await scene.house.app.crm.save_contact(replace(ann, active=False))
    await scene.house.mirror()
    await scene.answer(ann.email, question, "Yes")
    came = await scene.house.one(key)
    assert (came.trust, came.state) == ("unknown", "held")
    assert not any("Pelican" in words(mail) for mail in scene.to(ann.email))


async def test_the_answer_to_a_confirmed_message_goes_to_the_address_that_confirmed_it(
    scene: Scene, ann: Contact
) -> None:
    other = f"desk@{ann.email.partition('@')[2]}"
    key = await scene.claimed(ann, Reply_To=other)
    await scene.answer(ann.email, scene.question(ann), "Yes")
    assert await scene.state(key) == ("proven", "handled")
    assert scene.to(other) == []
    assert "Pelican" in words(scene.to(ann.email)[-1])


async def test_a_flood_of_forged_mail_asks_three_times_and_tells_the_manager_once(
    scene: Scene, seat: Seat, ann: Contact
) -> None:
    keys = [await scene.doors.mail(ann.email, f"{STATUS} ({n})", f"Deals {n}") for n in range(50)]
    await scene.house.quiet()
    assert {await scene.state(key) for key in keys} == {("claimed", "held")}
    assert len(scene.to(ann.email)) == 3
    held = await scene.house.tasks(partner_id=seat.partner.id, kind="held")
    assert len(held) == 3
    assert len(await scene.notices(seat)) == 1


async def test_a_proven_copy_that_comes_by_another_route_needs_no_word(scene: Scene, ann: Contact) -> None:
    raw = (
        f"From: {ann.email}\r\nTo: partners@lumora.example\r\nSubject: Deals\r\nMessage-ID: <two-routes@{ann.id}>\r\n"
        f"Date: Fri, 27 Nov 2026 09:00:00 +0100\r\n\r\n{STATUS}\r\n"
    )
    verdict = f"Authentication-Results: {passed(ann.email)}\r\n"
    for copy in (raw, verdict + raw):
        await scene.doors.raw_mail(copy.encode(), ann.email, "partners@lumora.example")
        await scene.house.quiet()
    await scene.answer(ann.email, scene.question(ann), "Yes")
    came = await scene.house.came(f"<two-routes@{ann.id}>")
    assert [(c.trust, c.state) for c in came] == [("claimed", "duplicate"), ("proven", "handled")]
    assert len([mail for mail in scene.to(ann.email) if "Pelican" in words(mail)]) == 1
