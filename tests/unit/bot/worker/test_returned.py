"""Mail that came back: a true report marks the address and tells the manager; a forged one does nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from uuid import uuid4

import pytest

from bot.channels.email.bounce import BounceAddresses
from bot.channels.email.inlet import MailInlet, TrustsThisMachine
from bot.channels.email.own import own_addresses
from bot.storage import outbox, undeliverable
from bot.storage.inbox import Arrival
from bot.storage.outbox import Destination, Outgoing
from bot.storage.undeliverable import Bounced, SentMail
from bot.vocabulary.delivery import DeliveryReport, Failure
from bot.worker.returned import counted
from crm.records import Channel
from mail_ingest.apart import ReaderApart
from tests.builders import NOW, program
from tests.unit.bot.worker.assembled import Assembled, assembled, mail

pytestmark = pytest.mark.slow

OURS = "lumora.example"
SARA = "sara@brightpath.example"
_numbers = count(1)


@dataclass
class Scene:
    house: Assembled
    bounces: BounceAddresses

    async def sent(self, to: str = SARA, *, state: str = "sent", tried: bool = True, partner: str = "p-1") -> str:
        """The outbox row of a mail of ours."""
        row = Outgoing(str(uuid4()), Destination.MAIL, "announcement", {"to": to}, partner_id=partner)
        async with self.house.database.begin() as connection:
            await outbox.put(connection, [row])
        tried_at = "now()" if tried else "null"
        await self.house.change(
            f"update outbox set state = :state, first_tried_at = {tried_at} where id = :id", state=state, id=row.id
        )
        return row.id

    async def comes(self, raw: str, rcpt: str, *, mail_from: str = "", after: timedelta = timedelta()) -> Arrival:
        """A mail that is read, and handled where it is to be."""
        envelope = {"mail_from": mail_from, "rcpt_tos": [rcpt], "peer": "127.0.0.1", "helo": "mx"}
        arrival = Arrival(Channel.EMAIL, raw.encode(), envelope, NOW + after, lock="x")
        await self.house.inbox.accept([arrival])
        await self.house.jobs.read(arrival.id, 0)
        await self.house.jobs.handle(arrival.id, 0)
        return arrival

    async def bounces_of(self, row: str, **said: str) -> Arrival:
        return await self.comes(report(**said), self.bounces.bounce_address(row))

    async def marked(self) -> list[str]:
        return [row.address for row in await self.house.rows("select address from undeliverable")]

    async def tasks(self) -> list[tuple[str, str, str]]:
        return [tuple(r) for r in await self.house.rows("select kind, manager_email, summary from tasks")]

    async def outcome(self, arrival: Arrival) -> tuple[str, str]:
        row = (await self.house.rows("select state, outcome from inbox where id = :id", id=arrival.id))[0]
        return row.state, row.outcome


def report(
    recipient: str = SARA,
    status: str = "5.1.1",
    action: str = "failed",
    words: str = "550 unknown user",
    about: str = "",
) -> str:
    lines = [
        "From: MAILER-DAEMON@mx.example", "To: x", "Subject: Undelivered Mail Returned to Sender",
        f"Message-ID: <b{next(_numbers)}@mx.example>",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"', "",
        "--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.example", "",
        f"Final-Recipient: rfc822; {recipient}", f"Action: {action}", f"Status: {status}",
        f"Diagnostic-Code: smtp; {words}", "",
    ]  # fmt: skip
    if about:
        lines += ["--b", "Content-Type: text/rfc822-headers", "", f"Message-ID: <{about}@{OURS}>", ""]
    return "\r\n".join([*lines, "--b--", ""])


@pytest.fixture
async def scene(database: str) -> AsyncIterator[Scene]:
    bounces, reader = BounceAddresses(OURS, "secret"), ReaderApart()
    inlet = MailInlet(own_addresses(program().vendor, ""), TrustsThisMachine(), reader, bounces)
    async with assembled(database, inlet=inlet) as house:
        yield Scene(house, bounces)
    await reader.aclose()


async def test_a_hard_bounce_marks_the_address_and_tells_the_manager_once(scene: Scene) -> None:
    row = await scene.sent()
    came = await scene.bounces_of(row)
    assert await scene.outcome(came) == ("handled", "bounced")
    assert await scene.marked() == [SARA]
    ((kind, manager, summary),) = await scene.tasks()
    assert (kind, manager) == ("undeliverable", "noor@lumora.example")
    assert "Sara Lind (sara@brightpath.example) takes no mail" in summary
    assert "550 unknown user" in summary
    await scene.bounces_of(await scene.sent())
    assert len(await scene.tasks()) == 1


async def test_a_bounce_stands_in_the_ledger_and_on_the_timeline(scene: Scene) -> None:
    came = await scene.bounces_of(await scene.sent())
    kinds = await scene.house.rows("select kind, partner_id from ledger where inbox_id = :id", id=came.id)
    assert [tuple(row) for row in kinds] == [("bounced", "p-1")]
    await scene.house.jobs.deliver(Destination.CRM)
    (noted,) = await scene.house.crm.timeline("p-1")
    assert (noted.contact_id, noted.outcome, noted.body) == ("c-1", "bounced_hard", "550 unknown user")
    assert noted.summary == "A mail to sara@brightpath.example came back"


async def test_nothing_is_answered_to_a_bounce(scene: Scene) -> None:
    await scene.bounces_of(await scene.sent())
    assert await scene.house.value("select count(*) from outbox where kind = 'reply'") == 0


async def test_at_its_own_return_path_a_report_is_about_that_mail_whatever_it_names(scene: Scene) -> None:
    await scene.bounces_of(await scene.sent(), recipient="somebody@brightpath.example")
    assert await scene.marked() == [SARA]


async def test_elsewhere_a_report_has_to_name_our_mail_and_its_recipient(scene: Scene) -> None:
    row = await scene.sent()
    came = await scene.comes(report(about=row), f"partners@{OURS}")
    assert await scene.outcome(came) == ("handled", "bounced")
    assert await scene.marked() == [SARA]


@pytest.mark.parametrize("kind", ["no token of ours", "no evidence", "another recipient", "another mail", "never sent"])
async def test_a_forged_bounce_does_nothing(scene: Scene, kind: str) -> None:
    row = await scene.sent(state="kept" if kind == "never sent" else "sent", tried=kind != "never sent")
    forged = BounceAddresses(OURS, "guessed").bounce_address(row)
    to = {"no token of ours": forged, "never sent": scene.bounces.bounce_address(row)}.get(kind, f"partners@{OURS}")
    raw = {
        "another recipient": report(recipient="tom@brightpath.example", about=row),
        "another mail": report(about=str(uuid4())),
    }.get(kind, report())
    came = await scene.comes(raw, to)
    assert await scene.marked() == []
    assert await scene.tasks() == []
    assert (await scene.outcome(came))[0] != "shunted"
    assert await scene.house.value("select count(*) from outbox where kind = 'reply'") == 0
    kinds = await scene.house.rows("select kind from ledger where inbox_id = :id order by id", id=came.id)
    assert "bounce_not_counted" in [row.kind for row in kinds]


async def test_soft_bounces_count_once_a_mail_and_five_in_a_week_are_enough(scene: Scene) -> None:
    row = await scene.sent()
    for _ in range(6):
        await scene.bounces_of(row, action="delayed", status="4.4.1")
    for _ in range(3):
        await scene.bounces_of(await scene.sent(), status="5.2.2")
    assert await scene.marked() == []
    await scene.bounces_of(await scene.sent(), status="4.2.2")
    assert await scene.marked() == [SARA]
    assert "5 mails came back within a week" in (await scene.tasks())[0][2]


async def test_soft_bounces_of_more_than_a_week_ago_are_forgotten(scene: Scene) -> None:
    for days in (0, 1, 2, 3, 8):
        to = scene.bounces.bounce_address(await scene.sent())
        await scene.comes(report(action="delayed"), to, after=timedelta(days=days))
    assert await scene.marked() == []


async def test_a_later_proven_mail_shows_that_the_address_lives(scene: Scene) -> None:
    await scene.bounces_of(await scene.sent())
    await scene.comes(plain("1"), f"partners@{OURS}", mail_from=SARA, after=timedelta(hours=-1))
    assert await scene.marked() == [SARA]
    await scene.comes(plain("2"), f"partners@{OURS}", mail_from=SARA, after=timedelta(hours=1))
    assert await scene.marked() == []
    assert await scene.house.value("select count(*) from ledger where kind = 'deliverable'") == 1


async def test_a_mail_that_proves_nobody_clears_nothing(scene: Scene) -> None:
    await scene.bounces_of(await scene.sent())
    arrival = mail("hello", message_id="<x@x>", sender=SARA)
    arrival = replace(
        arrival, envelope=arrival.envelope | {"peer": "198.51.100.7"}, received_at=NOW + timedelta(hours=1)
    )
    await scene.house.inbox.accept([arrival])
    await scene.house.jobs.read(arrival.id, 0)
    assert await scene.marked() == [SARA]


async def test_a_person_who_writes_to_a_return_path_is_kept_and_not_answered(scene: Scene) -> None:
    row = await scene.sent()
    came = await scene.comes(plain("3"), scene.bounces.bounce_address(row), mail_from=SARA)
    assert (await scene.outcome(came))[0] == "handled"
    assert await scene.house.value("select count(*) from outbox where kind = 'reply'") == 0
    assert await scene.marked() == []


async def test_our_own_mail_that_comes_round_is_ignored(scene: Scene) -> None:
    row = await scene.sent()
    came = await scene.comes(
        plain("4").replace("<4@x>", f"<{row}@{OURS}>"), f"partners@{OURS}", mail_from=SARA
    )  # fmt: skip
    assert await scene.outcome(came) == ("ignored", "own mail come back")
    other = await scene.comes(plain("5").replace("<5@x>", f"<{uuid4()}@{OURS}>"), f"partners@{OURS}", mail_from=SARA)
    assert (await scene.outcome(other))[0] == "handled"


async def test_a_manager_s_word_clears_the_mark_and_the_count(scene: Scene) -> None:
    for _ in range(5):
        await scene.bounces_of(await scene.sent(), action="delayed")
    async with scene.house.database.begin() as connection:
        assert await undeliverable.clear(connection, SARA.upper(), "noor@lumora.example")
        assert not await undeliverable.clear(connection, SARA, "noor@lumora.example")
    await scene.bounces_of(await scene.sent(), action="delayed")
    assert await scene.marked() == []


def plain(number: str) -> str:
    return (
        f"From: {SARA}\r\nTo: partners@{OURS}\r\nMessage-ID: <{number}@x>\r\nSubject: Hello\r\n\r\nThanks {number}\r\n"
    )


def test_of_several_failures_at_one_return_path_the_worst_counts() -> None:
    sent = SentMail("r-1", "a@b.example", "p-1", None)
    other = SentMail("r-2", "c@b.example", "p-2", None)
    said = DeliveryReport(
        (Failure(("x@b.example",), False, "4.4.1", "later"), Failure(("c@b.example",), True, "5.1.1", "gone")),
        came_back_to="r-1",
    )
    assert counted(said, [other, sent]) == (Bounced(sent, True, "5.1.1", "gone"),)


def test_by_message_id_each_mail_has_its_own_recipient() -> None:
    one, two = SentMail("r-1", "a@b.example", "p-1", None), SentMail("r-2", "c@b.example", "p-2", None)
    said = DeliveryReport((Failure(("c@b.example", "c2@b.example"), True), Failure(("z@b.example",), True)))
    assert counted(said, [one, two]) == (Bounced(two, True, "", ""),)
