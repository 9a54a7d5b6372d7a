"""Managers at the counter in Slack: command, forms for announcing and deciding, shortcut, and who is let in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from bot.storage import slack_channels
from bot.storage.announcement_tables import announcements
from bot.storage.slack_channels import Mode
from bot.storage.tables import outbox
from crm.records import RegistrationState
from knowledge.commission.statement import DisputeState, StatementState
from tests.fakes.slack.delivering import Kind
from tests.fakes.slack.hands import Hands
from tests.fakes.slack.patience import wait_for
from tests.fakes.slack.web_api import AWAY, HOME
from tests.fakes.slack.world import FakeView
from tests.scenarios.deciding import MANAGERS, NOOR, U_COLLEAGUE, U_JONAS, U_NOOR, U_PARTNER, Office
from tests.scenarios.payday import client
from tests.scenarios.seats import take_seat

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("managers counter")]

SHARED = "C0SHAREDCOUNTER"


@dataclass
class Counter:
    desk: Office

    @property
    def hands(self) -> Hands:
        return self.desk.hands

    async def types(self, words: str, user: str = U_JONAS, channel: str = MANAGERS, **more: Any) -> str:
        """What the manager alone reads in answer."""
        answer = await self.hands.commands(user, channel, words, **more)
        return str(answer.get("text", ""))

    async def form(self, words: str, user: str = U_JONAS) -> FakeView:
        """The form that the command opens, once it is filled in."""
        assert await self.types(words, user) == ""
        return await self.loaded(user)

    async def loaded(self, user: str = U_JONAS) -> FakeView:
        view = await self.hands.opened(user)
        await wait_for(lambda: view.body["callback_id"] != "counter_loading", 5.0)
        return view

    async def sent(self, subject: str) -> list[str]:
        """Addresses that got an announcement, or will."""
        query = select(outbox.c.payload).where(outbox.c.kind == "announcement", outbox.c.destination == "mail")
        async with self.desk.house.app.database.reading() as connection:
            payloads = (await connection.scalars(query)).all()
        return sorted(p["to"] for p in payloads if p["subject"] == subject)

    async def states(self, subject: str) -> list[str]:
        """Once the clock has looked at what has gone."""
        await self.desk.house.app.jobs.housekeeping("announce")
        await self.desk.house.quiet()
        query = select(announcements.c.state).where(announcements.c.subject == subject)
        async with self.desk.house.app.database.reading() as connection:
            return list((await connection.scalars(query)).all())

    def directly(self, user: str) -> list[str]:
        """What the agent wrote to somebody directly, beside cards."""
        channel = self.desk.slack.channels.get(f"D{user[1:]}")
        return [post["text"] for post in channel.posts] if channel else []


def shown(view: FakeView) -> str:
    return str(view.body)


@pytest.fixture
def counter(desk: Office) -> Counter:
    if SHARED not in desk.slack.channels:
        desk.slack.add_channel(SHARED, {HOME, AWAY})
    return Counter(desk)


async def test_help_says_what_can_be_typed(counter: Counter) -> None:
    assert "/partners announce" in await counter.types("")
    assert "/partners announce" in await counter.types("hilfe")


@pytest.mark.parametrize("words", ["", "announce", "status", "approve D-810001", "decide D-810001", "scheduled"])
async def test_who_is_no_manager_is_told_so_and_nothing_else(counter: Counter, words: str) -> None:
    assert "for managers" in await counter.types(words, U_COLLEAGUE)
    assert "for managers" in await counter.types(words, U_PARTNER, force=True)
    assert counter.desk.slack.open_view(U_COLLEAGUE) is None


async def test_an_announcement_is_written_looked_at_and_sent_once(counter: Counter) -> None:
    seat = await take_seat(counter.desk.house, "quaywise")
    view = await counter.form("announce Prices of 2027")
    assert "Prices of 2027" in shown(view)
    filled = {"text": "**New** prices hold.", "partners": [seat.partner.id], "quiet": "any"}
    assert await counter.hands.submits(view, filled) == {}
    people = [c.email for c in seat.contacts.values() if c.active and not c.opted_out]
    assert f"This goes to {len(people)} people" in shown(view) or f"This goes to {len(people)} person" in shown(view)
    assert "New prices hold." in shown(view)
    payload = counter.hands.interactions.submission(view)
    assert await counter.hands.submits(view) == {}
    assert "on its way" in shown(view)
    for _ in range(3):
        await counter.hands.send(payload, Kind.INTERACTIVE)
    await counter.desk.house.pass_time(timedelta(0))
    assert await counter.sent("Prices of 2027") == sorted(people)
    assert await counter.states("Prices of 2027") == ["sent"]


async def test_the_preview_shows_what_some_of_them_read_by_mail_and_in_their_channel(counter: Counter) -> None:
    seat = await take_seat(counter.desk.house, "quaywise")
    view = await counter.form("announce Prices")
    text = "Dear {first_name}, prices of {partner} stay. {first_nam}"
    said = {"text": text, "partners": [seat.partner.id], "call": "answer", "remind": "5", "language": "en"}
    assert "{first_nam}" in (await counter.hands.submits(view, said))["text"]
    assert await counter.hands.submits(view, {"text": text.removesuffix(" {first_nam}")}) == {}
    aoife = seat.contacts[seat.main].name.split()[0]
    for words in (
        f"Dear {aoife}, prices of {seat.partner.name} stay.", "Dear everyone, prices", "1 Slack channel",
        "Yes, no or maybe", "5 days later", "“unsubscribe”",
    ):  # fmt: skip
        assert words in shown(view), words
    await counter.hands.presses_in(view, "Add a language")
    await counter.hands.until(view, "counter_language")
    assert await counter.hands.submits(view, {"language": "de", "subject": "Preise", "text": "Es bleibt dabei."}) == {}
    await counter.hands.presses_in(view, "Send me a test")
    await counter.hands.until(view, "2 tests, one for each language, go to", 20.0)
    await counter.desk.house.quiet()
    assert any("[Test]" in told and "prices of" in told for told in counter.directly(U_JONAS))


async def test_what_is_wrong_is_told_at_its_field_and_nothing_typed_is_lost(counter: Counter) -> None:
    view = await counter.form("announce")
    said = {"subject": "Later", "text": "Soon.", "day": "2026-12-24"}
    assert "time" in (await counter.hands.submits(view, said))["hour"]
    assert "over" in (await counter.hands.submits(view, {"day": "2020-01-01", "hour": "09:00"}))["day"]
    assert "year" in (await counter.hands.submits(view, {"day": "2031-01-01"}))["day"]
    assert await counter.hands.submits(view, {"day": "2026-12-24"}) == {}
    assert "24 December 2026 at 09:00" in shown(view)
    await counter.hands.presses_in(view, "Change it")
    await counter.hands.until(view, "counter_write")
    assert "Soon." in shown(view)
    assert "2026-12-24" in shown(view)


async def test_what_is_scheduled_goes_out_at_its_time_or_is_cancelled(counter: Counter) -> None:
    await take_seat(counter.desk.house, "quaywise")
    at = counter.desk.house.app.now() + timedelta(days=2)
    for subject, hour in (("Stays in", "08:00"), ("Goes out", "09:00")):
        view = await counter.form(f"announce {subject}")
        filled = {"text": f"{subject}!", "tiers": ["Elite"], "day": f"{at:%Y-%m-%d}", "hour": hour, "quiet": "any"}
        assert await counter.hands.submits(view, filled) == {}
        assert await counter.hands.submits(view) == {}
        assert "goes out on" in shown(view)
    view = await counter.form("scheduled")
    assert "Goes out" in shown(view)
    await counter.hands.presses_in(view, "Cancel it")  # of the first, which would go before the other
    await counter.hands.until(view, "was cancelled")
    assert await counter.sent("Goes out") == []
    await counter.desk.house.pass_time(timedelta(days=3))
    assert await counter.states("Goes out") == ["sent"]
    assert await counter.states("Stays in") == ["cancelled"]
    assert len(await counter.sent("Goes out")) > 1
    assert await counter.sent("Stays in") == []


async def test_two_managers_who_announce_the_same_send_it_once(counter: Counter) -> None:
    views = []
    for _ in range(2):
        view = await counter.form("announce Twice")
        await counter.hands.submits(view, {"text": "The same words.", "tiers": ["Elite"], "quiet": "any"})
        views.append(view)
    await counter.hands.submits(views[0])
    await counter.hands.submits(views[1])
    assert "on its way" in shown(views[0])
    assert "announced exactly this" in shown(views[1])
    assert "The same words." in shown(views[1])
    await counter.desk.house.pass_time(timedelta(0))
    addresses = await counter.sent("Twice")
    assert len(addresses) == len(set(addresses)) > 0


async def test_a_message_becomes_the_text_of_an_announcement(counter: Counter) -> None:
    post = await counter.hands.says(
        U_COLLEAGUE, MANAGERS, "*Webinar on Friday*\nSee <https://lumora.example/w|here> :tada:"
    )
    await counter.hands.shortcuts(U_JONAS, MANAGERS, post["ts"])
    view = await counter.loaded()
    assert "Webinar on Friday" in shown(view)
    assert "See [here](https://lumora.example/w)" in shown(view)


async def test_a_registration_is_decided_in_a_form(counter: Counter) -> None:
    asked = await counter.desk.asked(await take_seat(counter.desk.house, "quaywise"))
    view = await counter.form(f"decide {asked.number}", U_NOOR)
    assert f"Registration {asked.number}" in shown(view)
    assert "reason" in (await counter.hands.submits(view, {"act": "refuse"}))["words"]
    assert await counter.hands.submits(view, {"words": "It is our own customer."}) == {}
    await counter.desk.house.quiet()
    assert await counter.desk.state(asked.number) is RegistrationState.DECLINED
    assert asked.number in counter.directly(U_NOOR)[-1]
    again = await counter.form(f"decide {asked.number}", U_NOOR)
    assert "nothing to decide" in shown(again)


async def test_a_card_opens_the_form_and_shows_what_was_decided(counter: Counter) -> None:
    asked = await counter.desk.asked(await take_seat(counter.desk.house, "quaywise"))
    await counter.hands.presses(U_COLLEAGUE, MANAGERS, asked.ts, "Details …")
    assert "for managers" in shown(await counter.hands.opened(U_COLLEAGUE))
    await counter.hands.presses(U_NOOR, MANAGERS, asked.ts, "Details …")
    view = await counter.loaded(U_NOOR)
    assert f"Registration {asked.number}" in shown(view)
    await counter.hands.submits(view, {"act": "ask", "words": "Which department buys?"})
    await counter.desk.house.quiet()
    assert await counter.desk.state(asked.number) is RegistrationState.NEEDS_INFO
    assert "Details …" not in str(counter.desk.card(asked))


async def test_a_statement_is_approved_and_paid_in_forms(counter: Counter) -> None:
    made = await client(counter.desk, "6000")
    await made.sends_invoice("INV-2026-99")
    named = f"{(await made.statement()).number} {made.partner.name}"
    assert f"Statement {named.replace(' ', ' of ', 1)}" in await counter.types(f"status {named}", U_NOOR)
    view = await counter.form(f"decide {named}", U_NOOR)
    assert "INV-2026-99" in shown(view)
    assert await counter.hands.submits(view, {"act": "approve"}) == {}
    await counter.desk.house.quiet()
    assert (await made.statement()).state is StatementState.APPROVED
    view = await counter.form(f"decide {named}", U_NOOR)
    assert "reference" in (await counter.hands.submits(view, {"act": "pay"}))["words"]
    assert await counter.hands.submits(view, {"words": "SEPA 7001-1 on 2026-11-20"}) == {}
    await counter.desk.house.quiet()
    statement = await made.statement()
    assert (statement.state, statement.reference) == (StatementState.PAID, "SEPA 7001-1")
    assert "SEPA 7001-1" in counter.directly(U_NOOR)[-1]
    assert "nothing to decide" in shown(await counter.form(f"decide {named}", U_NOOR))


async def test_a_dispute_is_corrected_in_the_form_of_its_card(counter: Counter) -> None:
    made = await client(counter.desk, "6000", "12000")
    await made.disputes(made.deals[0], "we expected EUR 1,080.00, because 12 seats are missing")
    asked = await made.asked("disputes", NOOR)
    await counter.hands.presses(U_NOOR, MANAGERS, asked.ts, "Details …")
    view = await counter.loaded(U_NOOR)
    assert "12 seats are missing" in shown(view)
    wrong = await counter.hands.submits(view, {"act": "correct", "words": "a bit more"})
    assert "words" in wrong
    assert await counter.hands.submits(view, {"words": "EUR 1080.00: the seats were there"}) == {}
    await counter.desk.house.quiet()
    assert (await made.dispute()).state is DisputeState.CORRECTED
    named = f"dispute {(await made.statement()).number} {made.partner.name}"
    assert "no open dispute" in shown(await counter.form(f"decide {named}", U_NOOR))


async def test_who_has_no_right_to_it_decides_nothing(counter: Counter) -> None:
    """Jonas decides for another region: what he may is looked up when the order is carried out."""
    asked = await counter.desk.asked(await take_seat(counter.desk.house, "quaywise"), amount=Decimal(900_000))
    view = await counter.form(f"decide {asked.number}", U_JONAS)
    assert "Noor Haddad" in shown(view)
    assert await counter.hands.submits(view, {"act": "approve"}) == {}
    await counter.desk.house.quiet()
    assert await counter.desk.state(asked.number) is RegistrationState.SUBMITTED
    assert "Jonas Weber decides for DACH" in counter.directly(U_JONAS)[-1]


@pytest.mark.parametrize(
    "words", ["decide", "decide nothing", "decide L-1234", "decide S-2020-01 Nobody", "decide D-1"]
)
async def test_what_nobody_knows_is_told(counter: Counter, words: str) -> None:
    told = await counter.types(f"decide {words}")
    if told:
        assert "decide D-123456" in told
        return
    view = await counter.loaded()
    assert view.body["callback_id"] == "counter_told"


async def test_typed_orders_are_carried_out_in_any_language(counter: Counter) -> None:
    asked = await counter.desk.asked(await take_seat(counter.desk.house, "quaywise"))
    assert "On it" in await counter.types(f"genehmige {asked.number}", U_NOOR)
    await counter.desk.house.quiet()
    assert await counter.desk.state(asked.number) is RegistrationState.APPROVED
    assert asked.number in counter.directly(U_NOOR)[-1]
    asked_of_posts = {"reactions.add", "conversations.replies", "conversations.history"}
    assert not asked_of_posts & {method for method, _ in counter.desk.slack.calls}


async def test_a_channel_is_mapped_by_words_behind_the_command(counter: Counter) -> None:
    counter.desk.slack.add_channel("C0NEWCOUNTER", {HOME, AWAY})
    await counter.types(f"map C0NEWCOUNTER to Northgate Foundry, team {AWAY}, mention", U_NOOR)
    await counter.desk.house.quiet()
    async with counter.desk.house.app.database.reading() as connection:
        mapped = await slack_channels.find(connection, "C0NEWCOUNTER")
    assert mapped is not None, counter.directly(U_NOOR)[-1]
    assert (mapped.partner_team_id, mapped.mode) == (AWAY, Mode.MENTION)
    assert "Northgate Foundry" in counter.directly(U_NOOR)[-1]


async def test_a_form_is_its_managers_own(counter: Counter) -> None:
    asked = await counter.desk.asked(await take_seat(counter.desk.house, "quaywise"))
    view = await counter.form(f"decide {asked.number}", U_JONAS)
    counter.hands.fills(view, {"act": "approve"})
    payload = counter.hands.interactions.submission(view)
    stolen = payload | {"user": {**payload["user"], "id": U_NOOR}}
    attempts = await counter.hands.send(stolen, Kind.INTERACTIVE)
    assert "not open any more" in str(attempts[-1].answer)
    foreign = payload | {"user": {**payload["user"], "id": U_PARTNER, "team_id": AWAY}}
    assert "for managers" in str((await counter.hands.send(foreign, Kind.INTERACTIVE))[-1].answer)
    await counter.desk.house.quiet()
    assert await counter.desk.state(asked.number) is RegistrationState.SUBMITTED


async def test_status_is_told_where_only_colleagues_read_and_directly_elsewhere(counter: Counter) -> None:
    asked = await counter.desk.asked(await take_seat(counter.desk.house, "quaywise"))
    assert asked.number in await counter.types("status", U_NOOR)
    told = await counter.types("status", U_NOOR, SHARED)
    assert asked.number not in told
    assert "directly" in told
    await counter.desk.house.quiet()
    assert asked.number in counter.directly(U_NOOR)[-1]
    assert asked.number not in str(counter.desk.slack.channels[SHARED].posts)


async def test_status_of_a_partner_and_of_a_number(counter: Counter) -> None:
    seat = await take_seat(counter.desk.house, "quaywise")
    asked = await counter.desk.asked(seat)
    assert f"Tier: {seat.partner.tier}" in await counter.types(f"status {seat.partner.id}")
    assert "Customer" in await counter.types(f"status {asked.number}")
    assert "no partner" in await counter.types("status Nobody & <!channel>")
    unknown = await counter.types("status D-999999")
    assert unknown.startswith("There is no registration D-999999. `/partners status` in Slack")


async def test_what_slack_cannot_open_in_time_is_said(counter: Counter) -> None:
    counter.desk.slack.refuse["views.open"] = "expired_trigger_id"
    try:
        assert "too long" in await counter.types("announce")
    finally:
        del counter.desk.slack.refuse["views.open"]
