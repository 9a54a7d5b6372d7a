"""What comes through the doors beside plain dialogues: repeats, loops, strangers, machines, huge and empty mails."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from aiosmtplib.errors import SMTPResponseException

from bot.storage import slack_channels
from bot.storage.slack_channels import SlackChannel
from tests.scenarios.doors import Doors
from tests.scenarios.house import House, kinds
from tests.scenarios.seats import Seat, take_seat

pytestmark = pytest.mark.asyncio(loop_scope="session")

TIER = "Which tier are we in?"


def said_by(seat: Seat, key: str = "") -> str:
    contact = seat.contacts[key or seat.main]
    return f"{contact.name} <{contact.email}>"


async def test_a_mail_that_arrives_twice_is_answered_once(house: House, doors: Doors) -> None:
    seat = await take_seat(house, "quaywise")
    contact = seat.contacts["aoife"]
    raw = (
        f"From: {contact.email}\r\nTo: partners@lumora.example\r\nSubject: Our tier\r\n"
        f"Message-ID: <twice@q.example>\r\nDate: Thu, 26 Nov 2026 09:00:00 +0000\r\n\r\n{TIER}\r\n"
    ).encode()
    await doors.raw_mail(raw, contact.email, "partners@lumora.example")
    await doors.raw_mail(raw, contact.email, "partners@lumora.example")
    await house.quiet()
    filed = await house.came("<twice@q.example>")
    assert sorted(came.state for came in filed) == ["duplicate", "handled"]
    assert kinds(await house.told(seat.partner.id)) == ["reply"]
    assert len(await house.timeline(seat.partner.id)) == 2


async def test_the_same_words_in_a_second_mail_are_answered_again(house: House, doors: Doors) -> None:
    seat = await take_seat(house, "quaywise")
    for _ in range(2):
        await doors.mail(said_by(seat), TIER, "Our tier")
    await house.quiet()
    assert kinds(await house.told(seat.partner.id)) == ["reply", "reply"]


async def test_a_slack_mention_that_comes_as_two_events_and_again_is_answered_once(house: House, doors: Doors) -> None:
    seat = await take_seat(house, "quaywise")
    user = seat.contacts["aoife"].slack_user_id
    key = await doors.slack(seat.channel, user, TIER)
    await house.quiet()
    ts = key.partition(":")[2]
    again = {
        "type": "message", "channel": seat.channel.channel_id, "user": user, "ts": ts, "text": TIER,
        "team": seat.channel.partner_team_id, "channel_type": "channel",
    }  # fmt: skip
    await doors.event(again)
    await house.quiet()
    assert len(await house.came(key)) == 1
    assert kinds(await house.told(seat.partner.id)) == ["reply"]


async def test_edits_bot_posts_and_what_is_not_for_the_agent_change_nothing(house: House, doors: Doors) -> None:
    seat = await take_seat(house, "quaywise")
    base = {
        "type": "message", "channel": seat.channel.channel_id, "channel_type": "channel",
        "team": seat.channel.partner_team_id,
    }  # fmt: skip
    user = seat.contacts["aoife"].slack_user_id
    ts = [doors.new_ts() for _ in range(4)]
    edited = {"user": user, "text": TIER, "ts": ts[0]}
    await doors.event({**base, "subtype": "message_changed", "message": edited, "ts": ts[1], "user": user})
    await doors.event({**base, "subtype": "message_deleted", "deleted_ts": ts[0], "ts": ts[1], "user": user})
    await doors.event({**base, "bot_id": "B0OTHER", "user": user, "text": TIER, "ts": ts[2]})
    assert house.app.slack is not None
    await doors.event({**base, "user": house.app.slack.own.bot_user, "text": TIER, "ts": ts[3]})
    await house.quiet()
    assert await house.told(seat.partner.id) == []
    assert await house.timeline(seat.partner.id) == []


async def test_talk_between_people_in_a_channel_is_noted_and_not_answered(house: House, doors: Doors) -> None:
    seat = await take_seat(house, "quaywise")
    key = await doors.slack(
        seat.channel, seat.contacts["aoife"].slack_user_id, "See you all at the office tomorrow", mention=False
    )
    await house.quiet()
    came = await house.one(key)
    assert came.state == "handled"
    assert await house.answers(came.id) == []
    assert (came.outcome, came.reading) == ("between_people", {})
    assert await house.ledger(came.id) == ["overheard"]
    assert await house.timeline(seat.partner.id) == []


async def test_an_unknown_sender_learns_nothing_and_a_person_sees_the_mail(house: House, doors: Doors) -> None:
    seat = await take_seat(house, "quaywise")
    number = seat.numbers["Pelican Freight"]
    key = await doors.mail(
        "Max Nobody <max@nobody-known.example>", f"What is the status of {number} with Pelican Freight?", "Status"
    )
    await house.quiet()
    came = await house.one(key)
    assert (came.state, came.trust) == ("held", "unknown")
    (answer,) = await house.answers(came.id)
    assert answer.to == "max@nobody-known.example"
    assert "could not verify" in answer.text
    for secret in ("Pelican", number, "Quaywise", "Max", "Noor", "EUR", "€"):
        assert secret not in answer.text
    assert [task["kind"] for task in await house.tasks(inbox_id=came.id)] == ["held"]


async def test_a_known_contact_of_a_lookalike_domain_is_a_stranger(house: House, doors: Doors) -> None:
    seat = await take_seat(house, "quaywise")
    contact = seat.contacts["aoife"]
    key = await doors.mail(f"{contact.name} <{contact.email}.evil.example>", "Where do our deals stand?", "Status")
    await house.quiet()
    assert (await house.one(key)).trust == "unknown"


async def test_one_partners_reply_key_opens_nothing_for_another(house: House, doors: Doors) -> None:
    victim, other = await take_seat(house, "quaywise"), await take_seat(house, "rivedroite")
    asked = await doors.mail(said_by(victim), "Please register a new deal: Corrib Foundry, Lumora Core.", "New deal")
    await house.quiet()
    (question,) = await house.answers((await house.one(asked)).id)
    key_address = f"reply+{question.payload['reply_key']}@{house.app.own.domain}"
    spoofed = await doors.mail(
        said_by(other), "Where does this deal stand? The value is 5,000 EUR.", "Re: New deal",
        in_reply_to=house.message_id(question), to=key_address,
    )  # fmt: skip
    await house.quiet()
    came = await house.one(spoofed)
    assert came.partner_id == other.partner.id
    assert came.thread_id != (await house.one(asked)).thread_id
    for answer in await house.answers(came.id):
        assert "Corrib" not in answer.text
        assert (await house.registrations(victim.partner.id))[-1]["number"] not in answer.text
    draft = next(r for r in await house.registrations(victim.partner.id) if r["customer"] == "Corrib Foundry")
    assert draft["state"] == "draft"
    assert draft["amount"] is None


async def test_a_user_of_a_foreign_team_in_a_partners_channel_is_nobody(house: House, doors: Doors) -> None:
    host, guest = await take_seat(house, "quaywise"), await take_seat(house, "rivedroite")
    key = await doors.slack(
        host.channel, guest.contacts["mathilde"].slack_user_id, "Where do all our deals stand?",
        team=guest.channel.partner_team_id,
    )  # fmt: skip
    await house.quiet()
    came = await house.one(key)
    assert came.trust == "unknown"
    for answer in await house.answers(came.id):
        assert "could not verify" in answer.text
    assert await house.told(host.partner.id) == []
    assert await house.told(guest.partner.id) == []


async def test_a_channel_that_belongs_to_no_partner_gets_no_data(house: House, doors: Doors) -> None:
    seat = await take_seat(house, "quaywise")
    unmapped = replace(seat.channel, channel_id=f"C0NOMAP{seat.channel.channel_id[-4:]}")
    key = await doors.slack(unmapped, seat.contacts["aoife"].slack_user_id, "Where do all our deals stand?")
    await house.quiet()
    came = await house.one(key)
    assert (came.trust, came.partner_id) == ("unknown", None)
    for answer in await house.answers(came.id):
        assert "Pelican" not in answer.text


async def test_somebody_of_the_partners_team_without_a_contact_is_the_partner_all_the_same(
    house: House, doors: Doors
) -> None:
    """The demo knows its people by the contacts alone, so a colleague nobody named is of no team there."""
    seat = await take_seat(house, "quaywise")
    key = await doors.slack(seat.channel, "U0NEWCOMER", TIER)
    await house.quiet()
    assert (await house.one(key)).trust == "unknown"


@pytest.mark.parametrize(
    "sender", ["partners@lumora.example", "deals@lumora.example", "Partner team <partners@lumora.example>"]
)
async def test_the_agents_own_mail_come_back_ends_there(house: House, doors: Doors, sender: str) -> None:
    key = await doors.mail(sender, "Which tier are we in?", "Re: Our tier")
    await house.quiet()
    came = await house.one(key)
    assert came.state == "ignored"
    assert await house.answers(came.id) == []
    assert await house.ledger(came.id) == ["ignored"]


@pytest.mark.parametrize(
    ("headers", "subject", "text", "noted"),
    [
        (
            {"Auto-Submitted": "auto-replied"},
            "Automatic reply: Our tier",
            "I am out of the office until Monday. In urgent cases call Declan.",
            "away_until_",
        ),
        (
            {"X-Autoreply": "yes", "Precedence": "bulk"},
            "Abwesenheit",
            "Ich bin bis Montag nicht im Büro.",
            "away_until_",
        ),
        ({}, "Out of office: Our tier", "I am out of the office until Monday and will answer then.", "away_until_"),
        (
            {"List-Unsubscribe": "<https://news.example/u>", "Precedence": "bulk"},
            "Our newsletter",
            "News of the month",
            "auto_reply",
        ),
    ],
)
async def test_a_machines_mail_is_logged_and_never_answered(
    house: House, doors: Doors, headers: dict[str, str], subject: str, text: str, noted: str
) -> None:
    seat = await take_seat(house, "quaywise")
    key = await doors.mail(said_by(seat), text, subject, headers=headers)
    await house.quiet()
    came = await house.one(key)
    assert (came.state, came.intents) == ("handled", ["auto_reply"])
    assert await house.answers(came.id) == []
    (line,) = await house.timeline(seat.partner.id)
    assert line.outcome.startswith(noted)


async def test_a_header_against_answers_keeps_the_answer_back_and_does_what_was_wanted(
    house: House, doors: Doors
) -> None:
    seat = await take_seat(house, "quaywise")
    day = (house.app.today() + timedelta(days=60)).isoformat()
    key = await doors.mail(
        said_by(seat),
        f"Please register Tramore Surf (tramoresurf.example), contact Jo Power, jo@tramoresurf.example, Lumora Core, "
        f"EUR 5,000 a year, closing on {day}.",
        "Deal registration",
        headers={"X-Auto-Response-Suppress": "All"},
    )
    await house.quiet()
    came = await house.one(key)
    assert await house.answers(came.id) == []
    assert "Tramore Surf" in [r["customer"] for r in await house.registrations(seat.partner.id)]
    (task,) = await house.tasks(inbox_id=came.id)
    assert "please answer by hand" in task["summary"]


@pytest.mark.parametrize("text", ["", "   \n\n", "\u200b", "👍👍👍"])
async def test_a_mail_without_a_word_is_filed_and_harms_nothing(house: House, doors: Doors, text: str) -> None:
    seat = await take_seat(house, "quaywise")
    key = await doors.mail(said_by(seat), text, "")
    await house.quiet()
    came = await house.one(key)
    assert came.state == "handled"
    assert len(await house.answers(came.id)) <= 1
    assert len([r for r in await house.registrations(seat.partner.id) if r["state"] == "draft"]) == 0


async def test_a_huge_mail_is_handled_and_the_next_one_is_not_held_up(house: House, doors: Doors) -> None:
    seat = await take_seat(house, "quaywise")
    filler = "\n".join(f"Line {n}: nothing that anybody wants to know, and quite a lot of it." for n in range(60_000))
    huge = await doors.mail(said_by(seat), f"{TIER}\n\n{filler}", "Our tier")
    small = await doors.mail(said_by(seat), TIER, "Our tier")
    await house.quiet()
    assert (await house.one(huge)).state == "handled"
    assert kinds(await house.answers((await house.one(small)).id)) == ["reply"]


async def test_a_mail_over_the_limit_is_refused_at_the_door(house: House, doors: Doors) -> None:
    seat = await take_seat(house, "quaywise")
    with pytest.raises(SMTPResponseException) as refused:
        await doors.mail(said_by(seat), "x" * 70 + ("\n" + "y" * 70) * 800_000, "Our tier")
    assert refused.value.code == 552


async def test_what_is_no_mail_at_all_is_filed_and_nobody_is_held_up(house: House, doors: Doors) -> None:
    seat = await take_seat(house, "quaywise")
    contact = seat.contacts["aoife"]
    await doors.raw_mail(b"\x00\xff\xfe\x80 no header, no body \x00\r\n" * 40, contact.email, "partners@lumora.example")
    after = await doors.mail(said_by(seat), TIER, "Our tier")
    await house.quiet()
    assert kinds(await house.answers((await house.one(after)).id)) == ["reply"]


async def test_a_manager_who_orders_what_cannot_be_is_told_so(house: House, doors: Doors) -> None:
    key = await doors.mail("Noor Haddad <noor@lumora.example>", "Please approve D-1234.", "Approve")
    await house.quiet()
    came = await house.one(key)
    (answer,) = await house.answers(came.id)
    assert "There is no registration D-1234" in answer.text
    assert await house.tasks(inbox_id=came.id) == []


async def test_the_answer_goes_to_the_sender_and_to_nobody_in_copy(house: House, doors: Doors) -> None:
    seat = await take_seat(house, "quaywise")
    key = await doors.mail(
        said_by(seat), TIER, "Our tier",
        headers={"Cc": "spy@elsewhere.example", "Reply-To": "spy@elsewhere.example"},
    )  # fmt: skip
    await house.quiet()
    (answer,) = await house.answers((await house.one(key)).id)
    assert answer.to == seat.contacts["aoife"].email
    assert "spy@" not in str(answer.payload)


async def test_a_mapping_to_another_partner_changes_whose_channel_it_is(house: House, doors: Doors) -> None:
    first, second = await take_seat(house, "quaywise"), await take_seat(house, "rivedroite")
    moved = SlackChannel(
        first.channel.team_id, first.channel.channel_id, "moved", second.partner.id, second.channel.partner_team_id
    )
    async with house.app.database.begin() as connection:
        await slack_channels.save(connection, moved)
    old = await doors.slack(first.channel, first.contacts["aoife"].slack_user_id, "Where do all our deals stand?")
    await house.quiet()
    assert (await house.one(old)).trust == "unknown"


async def test_of_many_mails_at_once_each_gets_its_own_answer(house: House, doors: Doors) -> None:
    seat = await take_seat(house, "quaywise")
    keys = [await doors.mail(said_by(seat, who), TIER, f"Tier {n}") for n in range(5) for who in ("aoife", "declan")]
    await house.quiet()
    found = [(await house.one(key)) for key in keys]
    assert {came.state for came in found} == {"handled"}
    answers = [(await house.answers(came.id)) for came in found]
    assert [len(told) for told in answers] == [1] * len(keys)
    assert [told[0].to for told in answers] == [seat.contacts[w].email for _ in range(5) for w in ("aoife", "declan")]
