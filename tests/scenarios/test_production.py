"""The production profile: a mail server in front proves senders, a relay and Slack take the answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from email.message import Message
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from pydantic import SecretStr
from sqlalchemy import URL

from bot.announcements.segments.audience import OPTED_OUT
from bot.payouts.run import StatementRun
from bot.payouts.run_report import RunReport
from bot.vocabulary.results import Done
from bot.vocabulary.segment import Segment
from tests.fakes.relay import FakeRelay
from tests.fakes.slack.events import SECRET
from tests.fakes.slack.web_api import HOME, THIRD, TOKEN, FakeSlack
from tests.scenarios.announced import announced
from tests.scenarios.doors import Doors
from tests.scenarios.house import House
from tests.scenarios.relayed import AUTHSERV, relayed_house
from tests.scenarios.seats import Seat, take_seat

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("production")]

STATUS = "Where do all our deals stand?"
REGISTER = (
    "Please register Kilbride Pharma (kilbride.example), contact Ann Roche, ann@kilbride.example, Lumora Core, "
    "EUR 18,000 a year, closing on 2027-06-30."
)


@dataclass
class Scene:
    """A production agent between a relay and a Slack that only look real."""

    house: House
    doors: Doors
    relay: FakeRelay
    slack: FakeSlack

    async def seat(self, key: str) -> Seat:
        """A partner whose channel and people Slack knows."""
        seat = await take_seat(self.house, key)
        channel = seat.channel
        self.slack.add_channel(channel.channel_id, {HOME, channel.partner_team_id})
        for contact in seat.contacts.values():
            self.slack.add_user(contact.slack_user_id, channel.partner_team_id, contact.name)
        return seat

    async def mail(self, seat: Seat, text: str, subject: str, *results: str, **more: str) -> str:
        """From the main contact; `results` are the verdicts of the mail server in front."""
        contact = seat.contacts[seat.main]
        verdicts = {"Authentication-Results": f"{AUTHSERV}; {'; '.join(results)}"} if results else {}
        headers = verdicts | {name.replace("_", "-"): value for name, value in more.items()}
        return await self.doors.mail(f"{contact.name} <{contact.email}>", text, subject, headers=headers)

    def sent_to(self, address: str) -> list[Message]:
        return [taken.mail for taken in self.relay.taken if taken.to == (address,)]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def scene(
    postgres_server: URL, partners_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Scene]:
    slack = FakeSlack()
    await slack.start()
    async with relayed_house(
        postgres_server,
        partners_template,
        tmp_path_factory.mktemp("production"),
        public_url="https://agent.lumora.example",
        trusted_authserv_id=AUTHSERV,
        slack_bot_token=SecretStr(TOKEN),
        slack_signing_secret=SecretStr(SECRET),
        slack_api_url=slack.base_url,
    ) as (house, relay):
        yield Scene(house, Doors(house), relay, slack)
    await slack.stop()


def proven(seat: Seat) -> str:
    return f"dmarc=pass header.from={seat.contacts[seat.main].email.partition('@')[2]}"


def text_of(mail: Message) -> str:
    part = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
    return bytes(part.get_payload(decode=True)).decode()


async def test_a_proven_mail_is_answered_through_the_relay_in_its_thread(scene: Scene) -> None:
    seat = await scene.seat("quaywise")
    key = await scene.mail(seat, REGISTER, "Deal registration", proven(seat))
    await scene.house.quiet()
    assert (await scene.house.one(key)).trust == "proven"
    (answer,) = scene.sent_to(seat.contacts["aoife"].email)
    assert "registration of Kilbride Pharma" in text_of(answer)
    assert answer["In-Reply-To"] == key
    assert key in answer["References"]
    assert answer["Subject"] == "Re: Deal registration"
    assert answer["Auto-Submitted"] == "auto-replied"
    assert answer["From"] == "Lumora partner team <partners@lumora.example>"
    assert "reply+" in answer["Reply-To"]
    assert answer.get_content_type() == "multipart/alternative"

    number = next(
        r["number"] for r in await scene.house.registrations(seat.partner.id) if r["customer"] == "Kilbride Pharma"
    )
    assert isinstance(await scene.house.app.registration_desk.approve(number, "noor@lumora.example"), Done)
    await scene.house.quiet()
    decision = scene.sent_to(seat.contacts["aoife"].email)[-1]
    assert f"registration {number} of Kilbride Pharma is accepted" in text_of(decision)
    assert decision["In-Reply-To"] == key


@pytest.mark.parametrize(
    "verdicts",
    [
        (),
        ("dmarc=fail header.from={domain}",),
        ("dmarc=pass header.from=elsewhere.example",),
        ("spf=pass smtp.mailfrom=bounce@elsewhere.example", "dkim=pass header.d=elsewhere.example"),
        ("dmarc=none", "spf=softfail smtp.mailfrom={domain}"),
    ],
)
async def test_a_claimed_sender_gets_no_data_and_changes_nothing(scene: Scene, verdicts: tuple[str, ...]) -> None:
    seat = await scene.seat("quaywise")
    contact = seat.contacts["aoife"]
    before = await scene.house.registrations(seat.partner.id)
    domain = contact.email.partition("@")[2]
    key = await scene.mail(seat, f"{REGISTER} And {STATUS}", "Deals", *(v.format(domain=domain) for v in verdicts))
    await scene.house.quiet()
    came = await scene.house.one(key)
    assert (came.trust, came.state) == ("claimed", "held")
    assert await scene.house.registrations(seat.partner.id) == before
    (answer,) = scene.sent_to(contact.email)
    for secret in ("Pelican", "D-", "Aoife", "Quaywise", "Noor", "€"):
        assert secret not in text_of(answer)
    assert {task["kind"] for task in await scene.house.tasks(inbox_id=came.id)} >= {"held"}
    assert [row for row in await scene.house.timeline(seat.partner.id) if row.contact_id == contact.id] == []


async def test_a_verdict_that_the_sender_wrote_itself_proves_nothing(scene: Scene) -> None:
    seat = await scene.seat("quaywise")
    forged = f"mx.evil.example; {proven(seat)}"
    key = await scene.mail(seat, STATUS, "Deals", Authentication_Results=forged)
    await scene.house.quiet()
    assert (await scene.house.one(key)).trust == "claimed"


async def test_whoever_is_named_by_a_spoofer_gets_three_mails_a_day_at_most(scene: Scene) -> None:
    seat = await scene.seat("quaywise")
    keys = [await scene.mail(seat, f"{STATUS} ({n})", f"Deals {n}") for n in range(6)]
    await scene.house.quiet()
    assert [(await scene.house.one(key)).state for key in keys] == ["held"] * 6
    assert len(scene.sent_to(seat.contacts["aoife"].email)) == 3


async def test_a_spoofed_answer_in_a_thread_completes_no_draft(scene: Scene) -> None:
    seat = await scene.seat("quaywise")
    await scene.mail(seat, "Please register a new deal: Corrib Foundry, Lumora Core.", "New deal", proven(seat))
    await scene.house.quiet()
    (question,) = scene.sent_to(seat.contacts["aoife"].email)
    spoofed = await scene.doors.mail(
        seat.contacts["aoife"].email, "The value is 5 EUR a year.", "Re: New deal",
        in_reply_to=str(question["Message-ID"]), to=str(question["Reply-To"]).rpartition("<")[2].rstrip(">"),
    )  # fmt: skip
    await scene.house.quiet()
    assert (await scene.house.one(spoofed)).state == "held"
    draft = next(r for r in await scene.house.registrations(seat.partner.id) if r["customer"] == "Corrib Foundry")
    assert (draft["state"], draft["amount"]) == ("draft", None)


async def test_a_claimed_unsubscribe_changes_nothing(scene: Scene) -> None:
    seat = await scene.seat("quaywise")
    key = await scene.mail(seat, "Please unsubscribe me from all announcements.", "Unsubscribe")
    await scene.house.quiet()
    assert (await scene.house.one(key)).state == "held"


async def test_an_announcement_carries_the_ways_to_leave_and_its_link_works(scene: Scene) -> None:
    seat = await take_seat(scene.house, "waterkant", region="Leaving")
    segment = Segment(regions=("Leaving",))
    await announced(scene.house, "noor@lumora.example", segment, "Partner day", "Will you come?")
    contact = seat.contacts["lotte"]
    (mail,) = scene.sent_to(contact.email)
    assert "Will you come?" in text_of(mail)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Precedence"] == "bulk"
    link = mail["List-Unsubscribe"].split(",")[0].strip("<> ")
    path = urlsplit(link).path
    assert link.startswith("https://agent.lumora.example/unsubscribe/")
    assert await scene.doors.post(path, {"List-Unsubscribe": "One-Click"}) == 200
    again = await scene.house.app.announcing_in_console.reached(segment)
    assert contact.email not in [reached.email for reached in again.recipients]
    assert [one.why for one in again.left_out] == [OPTED_OUT]
    assert await scene.doors.post("/unsubscribe/nobodys-token", {"List-Unsubscribe": "One-Click"}) != 500


async def test_a_mention_in_slack_is_answered_in_its_thread(scene: Scene) -> None:
    seat = await scene.seat("quaywise")
    key = await scene.doors.slack(seat.channel, seat.contacts["aoife"].slack_user_id, "Which tier are we in?")
    await scene.house.quiet()
    (post,) = scene.slack.channels[seat.channel.channel_id].posts
    assert "Your tier is Registered." in post["text"]
    assert post["thread_ts"] == key.partition(":")[2]
    assert scene.slack.violations == []


async def test_a_colleague_whom_no_contact_names_speaks_for_the_partner_in_its_channel(scene: Scene) -> None:
    seat = await scene.seat("quaywise")
    scene.slack.add_user("U0COLLEAG", seat.channel.partner_team_id, "Colm Nolan")
    await scene.doors.slack(seat.channel, "U0COLLEAG", "Which tier are we in?")
    await scene.house.quiet()
    (post,) = scene.slack.channels[seat.channel.channel_id].posts
    assert "Your tier is Registered." in post["text"]


async def test_a_guest_of_another_workspace_gets_no_data(scene: Scene) -> None:
    seat = await scene.seat("quaywise")
    scene.slack.add_user("U0GUEST01", THIRD, "Theo Third")
    key = await scene.doors.slack(seat.channel, "U0GUEST01", STATUS, team=seat.channel.partner_team_id)
    await scene.house.quiet()
    came = await scene.house.one(key)
    assert came.trust == "unknown"
    for post in scene.slack.channels[seat.channel.channel_id].posts:
        assert "Pelican" not in post["text"]
        assert "D-" not in post["text"]


async def test_a_channel_that_a_second_company_joined_gets_no_figures(scene: Scene) -> None:
    seat = await scene.seat("quaywise")
    scene.slack.channels[seat.channel.channel_id].teams.add(THIRD)
    await scene.doors.slack(seat.channel, seat.contacts["aoife"].slack_user_id, STATUS)
    await scene.house.quiet()
    (post,) = scene.slack.channels[seat.channel.channel_id].posts
    for secret in ("Pelican", "D-", "€", "negotiation"):
        assert secret not in post["text"]


async def test_the_same_partner_may_go_on_by_mail_after_slack(scene: Scene) -> None:
    seat = await scene.seat("quaywise")
    another = REGISTER.replace("Kilbride", "Kilcullen").replace("kilbride", "kilcullen")
    await scene.doors.slack(seat.channel, seat.contacts["aoife"].slack_user_id, another)
    await scene.house.quiet()
    await scene.mail(seat, "What is the status of our deal with Kilcullen Pharma?", "Status", proven(seat))
    await scene.house.quiet()
    (answer,) = scene.sent_to(seat.contacts["aoife"].email)
    assert "Kilcullen Pharma: registration: submitted" in text_of(answer)


async def test_a_statement_is_mailed_and_told_in_the_channel_without_a_sum_even_where_others_read(scene: Scene) -> None:
    seat = await scene.seat("quaywise")
    scene.slack.channels[seat.channel.channel_id].teams.add(THIRD)
    app, today = scene.house.app, scene.house.app.today()
    last_month = today.replace(day=1) - timedelta(days=1)
    run = StatementRun(app.database, app.queue, app.programs, scene.house.clock, scene.house.mirror)
    report = await run(f"{last_month:%Y-%m}", partner_id=seat.partner.id)
    assert isinstance(report, RunReport)
    await scene.house.quiet()
    mails = scene.sent_to(seat.contacts["aoife"].email)
    posts = scene.slack.channels[seat.channel.channel_id].posts
    assert len(mails) == len(posts) == len(report.issued) > 0
    for issued in report.issued:
        (mail,) = [mail for mail in mails if f"{issued.number} for" in str(mail["Subject"])]
        assert f"{issued.total.amount:,.2f}" in text_of(mail)
        names = [part.get_filename() for part in mail.walk() if part.get_content_disposition() == "attachment"]
        assert names == [f"{issued.number}.pdf", f"{issued.number}.csv"]
    for post in posts:
        assert "has gone by mail to your main contact" in post["text"]
        for secret in ("€", "$", "Aoife", "@", *(f"{issued.total.amount:,.2f}" for issued in report.issued)):
            assert secret not in post["text"]
