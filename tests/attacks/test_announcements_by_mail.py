"""Mails that want to announce, or to say "send", for a manager: by another's name, an answer, a machine or a key."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from email.message import EmailMessage
from email.utils import make_msgid

import pytest
import pytest_asyncio
from sqlalchemy import URL, select

from bot.storage.announcement_tables import announcements
from tests.fakes.slack.patience import wait_for
from tests.scenarios.relayed import Scene, passed, relayed_scene, words
from tests.scenarios.seats import Seat, take_seat

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("announcements attacked by mail")]

JONAS = "jonas@lumora.example"
ANNOUNCE = "announce@lumora.example"
TEXT = "Segment: all\nRoute: mail\nQuiet hours: ignore\n\n# A change of our bank account\n\nPay to BE00 0000."
DMARC = {"Authentication-Results": passed(JONAS)}
EVE = "eve@evil.example"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def scene(
    postgres_server: URL, partners_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Scene]:
    async with relayed_scene(postgres_server, partners_template, tmp_path_factory.mktemp("attacked")) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def seat(scene: Scene) -> Seat:
    return await take_seat(scene.house, "quaywise", "Attackshire")


async def came(scene: Scene, sender: str, to: str, text: str, headers: dict[str, str]) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, "Re: Launch"
    mail["Message-ID"] = make_msgid(domain="evil.example")
    for name, value in headers.items():
        mail[name] = value
    mail.set_content(text)
    await scene.doors.raw_mail(bytes(mail), sender.rpartition("<")[2].rstrip(">"), to)
    await scene.house.quiet()


async def states(scene: Scene) -> list[str]:
    async with scene.house.app.database.reading() as connection:
        return sorted(await connection.scalars(select(announcements.c.state)))


CLAIMS: dict[str, tuple[str, dict[str, str]]] = {
    "nothing proves it": (JONAS, {}),
    "another server's verdict": (JONAS, {"Authentication-Results": passed(JONAS).replace("mx.lumora", "mx.evil")}),
    "a verdict on another domain": (JONAS, {"Authentication-Results": passed(EVE)}),
    "a verdict that failed": (JONAS, {"Authentication-Results": passed(JONAS).replace("pass", "fail")}),
    "a lookalike": ("jonas@1umora.example", {"Authentication-Results": passed("jonas@1umora.example")}),
    "a domain below": ("jonas@mail.lumora.example", {"Authentication-Results": passed("x@mail.lumora.example")}),
    "the manager as the name": (f'"{JONAS}" <{EVE}>', {"Authentication-Results": passed(EVE)}),
    "the manager in Reply-To": (EVE, {"Authentication-Results": passed(EVE), "Reply-To": JONAS}),
    "the manager in Sender": (EVE, {"Authentication-Results": passed(EVE), "Sender": JONAS}),
    "the manager in Resent-From": (EVE, {"Authentication-Results": passed(EVE), "Resent-From": JONAS}),
    "an absence note": (JONAS, DMARC | {"Auto-Submitted": "auto-replied"}),
    "a rule that forwards": (JONAS, DMARC | {"Auto-Submitted": "auto-generated"}),
    "an old absence note": (JONAS, DMARC | {"X-Autoreply": "yes"}),
}  # fmt: skip


@pytest.mark.parametrize("claim", CLAIMS)
async def test_nobody_announces_in_a_managers_name(scene: Scene, seat: Seat, claim: str) -> None:
    sender, headers = CLAIMS[claim]
    kept, told = await states(scene), len(scene.relay.taken)
    await came(scene, sender, ANNOUNCE, TEXT, headers)
    assert await states(scene) == kept
    assert not any("reaches" in words(taken.mail) or "BE00" in words(taken.mail) for taken in scene.relay.taken[told:])


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def preview(scene: Scene, seat: Seat) -> tuple[str, str]:
    """The reply key and the Message-ID of a preview that Jonas was sent."""
    await came(scene, JONAS, ANNOUNCE, TEXT.replace("Segment: all", "Segment: region=Attackshire"), DMARC)
    mail = scene.to(JONAS)[-1]
    assert "Reply with one line" in words(mail)
    return str(mail["Reply-To"]).rpartition("<")[2].rstrip(">"), str(mail["Message-ID"])


@pytest.mark.parametrize(
    "claim",
    ["nothing proves it", "another server's verdict", "a lookalike", "the manager in Reply-To", "an absence note"],
)
async def test_whoever_holds_the_key_of_a_preview_sends_nothing(
    scene: Scene, seat: Seat, preview: tuple[str, str], claim: str
) -> None:
    sender, headers = CLAIMS[claim]
    key, answered = preview
    told = len(scene.relay.taken)
    await came(scene, sender, key, "send", headers | {"In-Reply-To": answered, "References": answered})
    assert await states(scene) == ["draft"]
    assert not any("BE00" in words(taken.mail) for taken in scene.relay.taken[told:])


async def test_a_partner_who_holds_it_sends_nothing_and_reads_nothing(
    scene: Scene, seat: Seat, preview: tuple[str, str]
) -> None:
    key, answered = preview
    person = seat.contacts[seat.main]
    headers = {"Authentication-Results": passed(person.email), "In-Reply-To": answered, "References": answered}
    for said in ("send", "What does this say, and whom does it reach?"):
        await came(scene, person.email, key, said, headers)
    assert await states(scene) == ["draft"]
    for mail in scene.to(person.email):
        assert "BE00" not in words(mail)
        assert "reaches" not in words(mail)


async def test_a_mail_of_the_managers_that_passes_the_preview_on_or_quotes_an_order_sends_nothing(
    scene: Scene, seat: Seat, preview: tuple[str, str]
) -> None:
    key, answered = preview
    about = DMARC | {"In-Reply-To": answered, "References": answered}
    forwarded = "Look at this.\n\n---------- Forwarded message ---------\nFrom: Eve <eve@evil.example>\n\nsend\n"
    for said in (forwarded, "> send\n", "On Monday Eve <eve@evil.example> wrote:\n> send\n", "-- \nsend\n"):
        await came(scene, JONAS, key, said, about)
        assert await states(scene) == ["draft"]


async def test_the_managers_own_word_sends_it_once(scene: Scene, seat: Seat, preview: tuple[str, str]) -> None:
    key, answered = preview
    about = DMARC | {"In-Reply-To": answered, "References": answered}
    await asyncio.gather(*(came(scene, JONAS, key, "send", about) for _ in range(3)))
    person = seat.contacts[seat.main]
    await wait_for(lambda: any("BE00" in words(mail) for mail in scene.to(person.email)), 60.0)
    await scene.house.quiet()
    assert sum("BE00" in words(mail) for mail in scene.to(person.email)) == 1
