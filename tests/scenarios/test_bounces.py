"""An announcement that comes back: the mail port takes the report, and the next one passes the address over."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from email.message import Message
from uuid import uuid4

import pytest
import pytest_asyncio
from sqlalchemy import URL, select

from bot.announcements.segments.audience import UNDELIVERABLE
from bot.channels.console.announcing.views import Reached
from bot.channels.console.views import Reach
from bot.channels.email.bounce import BounceAddresses
from bot.operations import partners
from bot.storage.tables import mail_tables
from bot.vocabulary.segment import Segment
from tests.fakes.relay import FakeRelay
from tests.scenarios.announced import announced
from tests.scenarios.doors import Doors
from tests.scenarios.house import House
from tests.scenarios.relayed import AUTHSERV, relayed_house
from tests.scenarios.seats import take_seat

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("production")]

NOOR = "noor@lumora.example"


@dataclass
class Scene:
    house: House
    doors: Doors
    relay: FakeRelay

    async def announce(self, region: str, subject: str) -> Reached:
        segment = Segment(regions=(region,))
        reached = await self.house.app.announcing_in_console.reached(segment)
        await announced(self.house, NOOR, segment, subject, "Will you come?")
        return reached

    def sent_to(self, address: str) -> list[Message]:
        return [taken.mail for taken in self.relay.taken if taken.to == (address,)]

    def return_path(self, mail: Message) -> str:
        return self.house.app.bounces.bounce_address(row_of(mail))

    async def undeliverable(self) -> list[str]:
        async with self.house.app.database.begin() as connection:
            return list(await connection.scalars(select(mail_tables.undeliverable.c.address)))


def row_of(mail: Message) -> str:
    return str(mail["Message-ID"]).strip("<> \r\n").partition("@")[0]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def scene(
    postgres_server: URL, partners_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Scene]:
    folder = tmp_path_factory.mktemp("bounces")
    async with relayed_house(
        postgres_server,
        partners_template,
        folder,
        trusted_authserv_id=AUTHSERV,
        public_url="https://agent.lumora.example",
    ) as (house, relay):
        yield Scene(house, Doors(house), relay)


def report(to: str, gone: str, about: Message | None = None) -> tuple[bytes, str]:
    """The report of a mail server that does not know `gone`, and its Message-ID."""
    key = f"<{uuid4()}@mx.partner.example>"
    lines = [
        "From: Mail Delivery System <MAILER-DAEMON@mx.partner.example>", f"To: {to}", f"Message-ID: {key}",
        "Subject: Undelivered Mail Returned to Sender", "Auto-Submitted: auto-replied", "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"', "",
        "--b", "Content-Type: text/plain", "", "I'm sorry to have to inform you.", "",
        "--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.partner.example", "",
        f"Final-Recipient: rfc822; {gone}", "Action: failed", "Status: 5.1.1",
        f"Diagnostic-Code: smtp; 550 5.1.1 <{gone}>: User unknown in virtual mailbox table", "",
    ]  # fmt: skip
    if about is not None:
        lines += ["--b", "Content-Type: message/rfc822", "", about.as_string(), ""]
    return "\r\n".join([*lines, "--b--", ""]).encode("ascii", "replace"), key


async def test_what_came_back_is_marked_told_and_passed_over_until_the_person_writes(scene: Scene) -> None:
    seat = await take_seat(scene.house, "waterkant", region="Coming back")
    contact = seat.contacts["lotte"]
    await scene.announce("Coming back", "Partner day")
    (mail,) = scene.sent_to(contact.email)
    path = scene.return_path(mail)

    raw, key = report(path, contact.email, mail)
    await scene.doors.raw_mail(raw, "", path)
    await scene.house.quiet()
    came = await scene.house.one(key)
    assert (came.state, came.outcome, came.partner_id) == ("handled", "bounced", seat.partner.id)
    assert came.thread_id == (await scene.house.thread_of(str(mail["Message-ID"])))["id"]
    assert await scene.undeliverable() == [contact.email]
    (task,) = await scene.house.tasks(partner_id=seat.partner.id)
    assert (task["kind"], task["contact_id"]) == ("undeliverable", contact.id)
    assert task["manager_email"] == seat.partner.manager_email
    assert contact.email in task["summary"]
    assert "User unknown in virtual mailbox table" in task["summary"]
    noted = (await scene.house.timeline(seat.partner.id))[-1]
    assert (noted.contact_id, noted.outcome) == (contact.id, "bounced_hard")
    assert await scene.house.answers(came.id) == []

    again = await scene.announce("Coming back", "Second call")
    assert contact.email not in [reached.email for reached in again.recipients]
    assert [one.why for one in again.left_out] == [UNDELIVERABLE]
    assert len(scene.sent_to(contact.email)) == 1

    verdict = f"mx.lumora.example; dmarc=pass header.from={contact.email.partition('@')[2]}"
    await scene.doors.mail(contact.email, "Thanks!", "Hello", headers={"Authentication-Results": verdict})
    await scene.house.quiet()
    assert await scene.undeliverable() == []
    third = await scene.announce("Coming back", "Last call")
    assert contact.email in [reached.email for reached in third.recipients]


async def test_an_absence_notice_is_noted_and_not_answered(scene: Scene) -> None:
    """It comes to the return path, as RFC 3834 asks, and counts as its sender is proven."""
    seat = await take_seat(scene.house, "waterkant", region="Away")
    contact = seat.contacts["lotte"]
    await scene.announce("Away", "Partner day")
    (mail,) = scene.sent_to(contact.email)
    back = scene.house.app.today() + timedelta(days=20)
    domain = contact.email.partition("@")[2]
    headers = {"Auto-Submitted": "auto-replied"}
    text = f"I am out of the office until {back.isoformat()}. Please contact Anke at anke@{domain}."
    keys = [
        await scene.doors.mail(
            contact.email, text, f"Automatic reply {n}", to=scene.return_path(mail), headers=headers | verdict
        )
        for n, verdict in enumerate(
            ({}, {"Authentication-Results": f"mx.lumora.example; dmarc=pass header.from={domain}"})
        )
    ]
    await scene.house.quiet()
    claimed, proven = [await scene.house.one(key) for key in keys]
    assert (claimed.trust, proven.trust) == ("claimed", "proven")
    assert proven.outcome == f"away_until_{back.isoformat()}"
    assert "absence" in await scene.house.ledger(proven.id)
    assert "absence" not in await scene.house.ledger(claimed.id)
    for came in (claimed, proven):
        assert await scene.house.answers(came.id) == []
    assert await scene.undeliverable() == []
    async with scene.house.app.database.begin() as connection:
        view = await partners.view(connection, scene.house.app.crm, scene.house.app.program, seat.partner.id)
    assert view is not None
    assert view.reach == {contact.id: Reach(None, True, back, f"Anke, anke@{domain}")}
    assert [row.outcome for row in view.timeline if row.message_id == keys[1]] == [proven.outcome]


async def test_a_forged_bounce_does_nothing(scene: Scene) -> None:
    seat = await take_seat(scene.house, "waterkant", region="Forging")
    contact = seat.contacts["lotte"]
    await scene.announce("Forging", "Partner day")
    (mail,) = scene.sent_to(contact.email)
    forged = BounceAddresses("lumora.example", "a guess").bounce_address(row_of(mail))
    agent = scene.house.app.own.author.address
    keys = []
    for to, gone, about in (
        (forged, contact.email, None),
        (agent, contact.email, None),
        (agent, "someone.else@partner.example", mail),
    ):
        raw, key = report(to, gone, about)
        await scene.doors.raw_mail(raw, "", to)
        keys.append(key)
    await scene.house.quiet()
    assert contact.email not in await scene.undeliverable()
    assert await scene.house.tasks(partner_id=seat.partner.id) == []
    for key in keys:
        came = await scene.house.one(key)
        assert came.outcome != "bounced"
        assert await scene.house.answers(came.id) == []
    assert [r.email for r in (await scene.announce("Forging", "Second call")).recipients] == [
        reached.email for reached in (await scene.announce("Forging", "Third call")).recipients
    ]
    assert len(scene.sent_to(contact.email)) == 3
