"""A manager announces by mail: the text in two languages and a file, the preview, "send", and what partners get."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from email.message import EmailMessage, Message
from email.utils import make_msgid

import pytest
import pytest_asyncio
from sqlalchemy import URL, func, select

from bot.storage.announcement_tables import announcements
from tests.scenarios.house import PATIENCE
from tests.scenarios.relayed import Scene, passed, relayed_scene, words
from tests.scenarios.seats import take_seat

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("announcing by mail")]

JONAS = "jonas@lumora.example"
ANNOUNCE = "announce@lumora.example"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
TEXT = """Segment: region=Mailland
Call: yes/no
Route: mail
Quiet hours: ignore

# Insight 3 is here

Hello {first_name},

> "The best so far"

- faster
- simpler

[de]

# Insight 3 ist da

Hallo {first_name}, {partner} ist dabei?

--\x20
Jonas Weber
Lumora
"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def scene(
    postgres_server: URL, partners_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Scene]:
    async with relayed_scene(postgres_server, partners_template, tmp_path_factory.mktemp("announcing")) as opened:
        yield opened


async def wrote(
    scene: Scene, text: str, *, to: str, subject: str, proven: bool = True, file: bytes = b"", answers: str = ""
) -> str:
    """The Message-ID of a mail in a manager's name."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"Jonas Weber <{JONAS}>", to, subject
    mail["Message-ID"] = make_msgid(domain="lumora.example")
    if proven:
        mail["Authentication-Results"] = passed(JONAS)
    if answers:
        mail["In-Reply-To"] = mail["References"] = answers
    mail.set_content(text)
    if file:
        mail.add_attachment(file, maintype="application", subtype="pdf", filename="Prices.pdf")
    await scene.doors.raw_mail(bytes(mail), JONAS, to)
    await scene.house.quiet()
    return str(mail["Message-ID"])


async def replied(scene: Scene, to: Message, text: str, *, proven: bool = True) -> str:
    key = str(to["Reply-To"]).rpartition("<")[2].rstrip(">")
    return await wrote(
        scene, text, to=key, subject=f"Re: {to['Subject']}", proven=proven, answers=str(to["Message-ID"])
    )


async def kept(scene: Scene) -> int:
    async with scene.house.app.database.reading() as connection:
        return await connection.scalar(select(func.count()).select_from(announcements)) or 0


async def arrived(scene: Scene, address: str) -> Message:
    until = time.monotonic() + PATIENCE
    while not scene.to(address):
        assert time.monotonic() < until, f"nothing came to {address}"
        await asyncio.sleep(0.05)
    (mail,) = scene.to(address)
    return mail


async def test_a_manager_composes_by_mail_and_each_partner_reads_it_in_its_language_with_the_file(scene: Scene) -> None:
    english, german = [await take_seat(scene.house, key, "Mailland") for key in ("quaywise", "lindgruen")]
    await wrote(scene, TEXT, to=ANNOUNCE, subject="Launch", file=PDF)
    (preview,) = scene.to(JONAS)
    said = words(preview)
    for told in (
        "“Insight 3 is here” reaches",
        "at 2 partners",
        "region=Mailland",
        "Prices.pdf",
        "Reply with one line",
    ):
        assert told in said
    assert scene.to(german.contacts[german.main].email) == []

    forged = await replied(scene, preview, "send", proven=False)
    assert await scene.state(forged) != ("proven", "handled")
    assert len(scene.to(JONAS)) <= 2  # at most the question whether it was his
    before = len(scene.to(JONAS))

    await replied(scene, preview, "send\n\n-- \nJonas")
    assert "goes out" in words(scene.to(JONAS)[before])
    for seat, subject, text, absent in (
        (english, "Insight 3 is here", "The best so far", "Hallo"), (german, "Insight 3 ist da", "Hallo ", "faster")
    ):  # fmt: skip
        mail = await arrived(scene, seat.contacts[seat.main].email)
        assert str(mail["Subject"]) == subject
        body = words(mail)
        assert text in body
        assert absent not in body
        assert "Jonas Weber" not in body
        assert [part.get_payload(decode=True) for part in mail.walk() if part.get_filename() == "Prices.pdf"] == [PDF]
    assert german.partner.name in words(await arrived(scene, german.contacts[german.main].email))

    await replied(scene, preview, "send")
    assert len(scene.to(german.contacts[german.main].email)) == 1
    await replied(scene, preview, "report")
    report = scene.to(JONAS)[-1]
    assert "Insight 3 is here" in words(report)
    assert [str(part.get_filename())[-4:] for part in report.walk() if part.get_filename()][-2:] == [".csv", ".png"]


async def test_who_only_writes_in_a_managers_name_announces_nothing_and_learns_nothing(scene: Scene) -> None:
    count, told = await kept(scene), len(scene.to(JONAS))
    key = await wrote(scene, TEXT, to=ANNOUNCE, subject="Launch", proven=False)
    assert await kept(scene) == count
    assert (await scene.house.one(key)).trust == "claimed"
    for mail in scene.to(JONAS)[told:]:
        assert "reaches" not in words(mail)


async def test_a_partners_mail_to_that_address_is_an_ordinary_one(scene: Scene) -> None:
    seat = await take_seat(scene.house, "quaywise")
    person = seat.contacts[seat.main]
    count = await kept(scene)
    headers = {"Authentication-Results": passed(person.email)}
    await scene.doors.mail(person.email, "Where do all our deals stand?", "Deals", to=ANNOUNCE, headers=headers)
    await scene.house.quiet()
    assert "Pelican" in words(scene.to(person.email)[-1])
    assert await kept(scene) == count
