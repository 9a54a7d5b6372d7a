"""Files that come with mail: a table of deals, an invoice, and what is not accepted."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import files as stored_files
from bot.storage.file_tables import files
from tests.scenarios.doors import Doors
from tests.scenarios.house import Came, House, Told
from tests.scenarios.seats import Seat, take_seat

pytestmark = pytest.mark.asyncio(loop_scope="session")

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF"
EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "deals.csv"
HEAD = ("Customer", "Domain", "Contact", "E-mail", "Product", "Value (EUR)", "Close date")


@dataclass
class Scene:
    house: House
    doors: Doors
    seat: Seat

    async def sends(self, text: str, subject: str, *attached: tuple[str, bytes], sender: str = "") -> str:
        """A mail with files from the main contact; its Message-ID."""
        contact = self.seat.contacts[self.seat.main]
        mail = EmailMessage()
        mail["From"] = sender or f"{contact.name} <{contact.email}>"
        mail["To"] = self.house.app.own.author.address
        mail["Subject"] = subject
        mail["Date"] = formatdate(localtime=True)
        mail["Message-ID"] = make_msgid(domain="sender.example")
        mail.set_content(text)
        for name, content in attached:
            mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
        await self.doors.raw_mail(bytes(mail), sender or contact.email, str(mail["To"]))
        await self.house.quiet()
        return str(mail["Message-ID"])

    async def answer(self, message_id: str) -> tuple[Came, str]:
        """The message as it was filed, and the one answer to it."""
        came = await self.house.one(message_id)
        [answer] = await self.house.answers(came.id)
        return came, _spaced(answer)

    async def registered(self) -> dict[str, dict[str, Any]]:
        found = await self.house.registrations(self.seat.partner.id)
        return {r["customer"]: r for r in found if r["number"] not in self.seat.brought}


@pytest.fixture
async def scene(house: House, doors: Doors) -> Scene:
    return Scene(house, doors, await take_seat(house, "quaywise"))


def _spaced(told: Told) -> str:
    return told.text.replace("\u00a0", " ").replace("\u202f", " ")


async def kept_of(connection: AsyncConnection, *messages: str) -> list[stored_files.KeptFile]:
    found = await stored_files.newest(connection, most=10_000)
    return [received.file for received in found if received.file.inbox_id in messages]


def sheet(house: House) -> bytes:
    """Three rows: a complete one, one without an address, and the first one again."""
    soon = house.app.today() + timedelta(days=90)
    made = Workbook()
    made.active.append(HEAD)
    made.active.append(
        ("Kilbride Pharma", "kilbride.example", "Ann Roche", "ann@kilbride.example", "Core", 18000, soon)
    )
    made.active.append(("Dunmore Foods", "dunmore.example", "Tom Hale", None, "Core", 24000, soon))
    made.active.append(
        ("Kilbride Pharma", "kilbride.example", "Ann Roche", "ann@kilbride.example", "Core", 18000, soon)
    )
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


async def test_a_table_of_three_deals_gets_one_answer_with_three_results(scene: Scene) -> None:
    data = sheet(scene.house)
    message = await scene.sends("Please register the deals in the attached file.", "New deals", ("deals.xlsx", data))
    came, answer = await scene.answer(message)
    deals = await scene.registered()
    complete, lacking = deals["Kilbride Pharma"], deals["Dunmore Foods"]
    assert (len(deals), complete["state"], lacking["state"]) == (2, "submitted", "draft")
    assert "the rows of deals.xlsx" in answer
    assert f"row 2, Kilbride Pharma: registered as {complete['number']}" in answer
    assert f"row 3, Dunmore Foods: kept as draft {lacking['number']}, still needed (contact's e-mail address)" in answer
    assert f"row 4, Kilbride Pharma: already there as {complete['number']}" in answer
    assert came.outcome == "registration_submitted, fields_asked, own_duplicate"
    again = await scene.sends("Please register the deals in the attached file.", "New deals", ("deals.xlsx", data))
    _, answer = await scene.answer(again)
    assert await scene.registered() == deals
    assert f"row 2, Kilbride Pharma: already there as {complete['number']}" in answer
    assert f"row 3, Dunmore Foods: kept as draft {lacking['number']}" in answer


async def test_a_table_that_came_without_a_word_is_registered_by_a_reply(scene: Scene) -> None:
    message = await scene.sends("See attached.", "Our pipeline", ("deals.xlsx", sheet(scene.house)))
    came, said = await scene.answer(message)
    [answer] = await scene.house.answers(came.id)
    assert await scene.registered() == {}, said
    contact = scene.seat.contacts[scene.seat.main]
    await scene.doors.mail(
        f"{contact.name} <{contact.email}>", "Please register the deals in the file.", "Re: Our pipeline",
        in_reply_to=scene.house.message_id(answer),
        to=f"reply+{answer.payload['reply_key']}@{scene.house.app.own.domain}",
    )  # fmt: skip
    await scene.house.quiet()
    assert {d["state"] for d in (await scene.registered()).values()} == {"submitted", "draft"}


async def test_the_example_of_the_docs_is_registered(scene: Scene) -> None:
    message = await scene.sends("Deals attached.", "Deal registrations", ("deals.csv", EXAMPLE.read_bytes()))
    _, answer = await scene.answer(message)
    deals = await scene.registered()
    assert {d["state"] for d in deals.values()} == {"submitted"}, answer
    assert deals["Northgate Foods Ltd"]["amount"] == "18000"
    assert deals["Kestrel Logistics GmbH"]["products"] == ["Lumora Core", "Lumora Insights"]


async def test_the_missing_detail_of_a_row_is_given_by_simply_replying(scene: Scene) -> None:
    message = await scene.sends("Please register these.", "New deals", ("deals.xlsx", sheet(scene.house)))
    came = await scene.house.one(message)
    [answer] = await scene.house.answers(came.id)
    contact = scene.seat.contacts[scene.seat.main]
    await scene.doors.mail(
        f"{contact.name} <{contact.email}>", "tom.hale@dunmore.example", "Re: New deals",
        in_reply_to=scene.house.message_id(answer),
        to=f"reply+{answer.payload['reply_key']}@{scene.house.app.own.domain}",
    )  # fmt: skip
    await scene.house.quiet()
    assert (await scene.registered())["Dunmore Foods"]["state"] == "submitted"


async def test_an_invoice_is_stored_once_and_its_hash_stands_in_the_crm_and_before_the_manager(scene: Scene) -> None:
    text = "Please find attached our invoice RE-2026-114 for statement S-2026-10."
    pdf = PDF + scene.seat.partner.id.encode()
    message = await scene.sends(text, "Invoice RE-2026-114", ("Invoice RE-2026-114.pdf", pdf))
    came, answer = await scene.answer(message)
    digest = hashlib.sha256(pdf).hexdigest()
    assert "Invoice RE-2026-114.pdf could not be opened as a PDF" in answer
    [task] = await scene.house.tasks(partner_id=scene.seat.partner.id)
    assert task["kind"] == "submit_invoice"
    assert f"Invoice RE-2026-114.pdf (sha256 {digest[:12]}" in task["summary"]
    [came_in] = [row for row in await scene.house.timeline(scene.seat.partner.id) if row.direction.value == "in"]
    assert f"sha256 {digest}" in came_in.body
    again = await scene.sends(text + " (again)", "Invoice RE-2026-114", ("copy.pdf", pdf))
    second = await scene.house.one(again)
    async with scene.house.app.database.begin() as connection:
        assert await connection.scalar(select(func.count()).where(files.c.sha256 == digest)) == 1
        kept = await kept_of(connection, came.id, second.id)
        assert {file.name for file in kept} == {"Invoice RE-2026-114.pdf", "copy.pdf"}
        assert await stored_files.content(connection, came.id, 0) == (
            next(file for file in kept if file.inbox_id == came.id), pdf,
        )  # fmt: skip


async def test_an_invoice_without_its_pdf_is_asked_for(scene: Scene) -> None:
    text = "Please find attached our invoice RE-2026-115 for statement S-2026-10."
    _, answer = await scene.answer(await scene.sends(text, "Invoice RE-2026-115"))
    assert "could not find a PDF of your invoice" in answer


async def test_a_refused_file_is_named_beside_the_answer_and_not_stored(scene: Scene) -> None:
    message = await scene.sends("Which tier are we in?", "Our tier", ("tier\u202efdp.exe", b"MZ\x90\x00" + bytes(99)))
    came, answer = await scene.answer(message)
    assert "Your tier is" in answer
    assert "tier_fdp.exe: programs and scripts are not accepted" in answer
    async with scene.house.app.database.begin() as connection:
        assert await kept_of(connection, came.id) == []


async def test_of_a_stranger_nothing_is_stored_and_no_file_is_named(scene: Scene) -> None:
    message = await scene.sends(
        "Please register these.", "Deals", ("deals.xlsx", sheet(scene.house)), ("setup.exe", b"MZ"),
        sender="stranger@nowhere.example",
    )  # fmt: skip
    came, answer = await scene.answer(message)
    assert "setup.exe" not in answer
    assert "deals.xlsx" not in answer
    async with scene.house.app.database.begin() as connection:
        assert await kept_of(connection, came.id) == []
