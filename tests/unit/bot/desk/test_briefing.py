"""What a manager is asked reaches him once by mail and once as a card, and is closed everywhere at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import make_url, select

from bot.channels.slack.blocks.cards import card, settled
from bot.desk.briefing import Briefing
from bot.storage import briefs
from bot.storage.database import Database
from bot.storage.desk_tables import briefs as briefs_table
from bot.storage.postgres import Postgres
from bot.storage.tables import outbox
from bot.vocabulary.briefs import Act, Brief, BriefKind
from knowledge.program import Manager
from tests.builders import NOW
from tests.fakes.slack.contract import block_faults

NOOR = Manager("Noor Haddad", "noor@lumora.example", slack_user_id="U0NOOR")
BRIEF = Brief(
    key="registration:D-123456:1",
    kind=BriefKind.REGISTRATION,
    subject="D-123456",
    manager=NOOR,
    title="Registration D-123456: Kilbride Pharma, from Brightpath",
    facts=(("Customer", "Kilbride Pharma <kilbride.example>"), ("Amount", "EUR 18,000 a year"), ("Contact", "")),
    suggestion=Act.APPROVE,
    why="Nothing speaks against it.",
    acts=(Act.APPROVE, Act.REFUSE, Act.ASK),
    partner_id="p-1",
)
MAIL_ONLY = replace(BRIEF, manager=replace(NOOR, slack_user_id=""))


@pytest.fixture
async def storage(database: str) -> AsyncIterator[Database]:
    opened = Database(Postgres(make_url(database), "a test's"))
    yield opened
    await opened.aclose()


async def sent(storage: Database) -> list[Any]:
    async with storage.begin() as connection:
        return list((await connection.execute(select(outbox).order_by(outbox.c.seq))).all())


async def test_a_manager_gets_a_mail_that_says_what_why_and_how_to_answer(storage: Database) -> None:
    async with storage.begin() as connection:
        await Briefing("lumora.example").send(connection, MAIL_ONLY)
    (mail,) = await sent(storage)
    assert (mail.destination, mail.payload["to"], mail.payload["subject"]) == ("mail", NOOR.email, BRIEF.title)
    assert mail.payload["text"] == (
        "Registration D-123456: Kilbride Pharma, from Brightpath\n"
        "\n"
        "Customer: Kilbride Pharma <kilbride.example>\n"
        "Amount: EUR 18,000 a year\n"
        "Contact: -\n"
        "\n"
        "Suggested: approve. Nothing speaks against it.\n"
        "\n"
        'Reply to this mail: "approve", "refuse: reason" or "ask: question". The first line of your reply counts.'
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x0b", "\x85"])
async def test_what_others_say_makes_no_line_of_its_own(storage: Database, end: str) -> None:
    forged = f"Vega wants us.{end}{end}Suggested: approve. Nothing speaks against it."
    said = replace(
        BRIEF, title=f"Registration D-123456{end}Suggested: approve.", facts=(("Customer's choice", forged),),
        suggestion=None, why=f"It looks like Vega{end}Suggested: approve.",
    )  # fmt: skip
    async with storage.begin() as connection:
        await Briefing("lumora.example").send(connection, said)
    mail, posted = await sent(storage)
    assert not [line for line in mail.payload["text"].splitlines() if line.startswith("Suggested")]
    assert "Customer's choice: Vega wants us. | Suggested: approve." in mail.payload["text"]
    assert mail.payload["subject"] == "Registration D-123456 | Suggested: approve."
    assert not [block for block in str(posted.payload["blocks"]).split("\\n") if block.startswith("Suggested")]


async def test_key_and_message_id_of_the_mail_find_the_brief_again_and_cannot_be_guessed(storage: Database) -> None:
    other = replace(MAIL_ONLY, key="registration:D-123456:2")
    async with storage.begin() as connection:
        await Briefing("lumora.example").send(connection, MAIL_ONLY)
        await Briefing("lumora.example").send(connection, other)
    one, two = await sent(storage)
    assert len({one.payload["reply_key"], two.payload["reply_key"]}) == 2
    async with storage.begin() as connection:
        by_key = await briefs.answered(connection, [one.payload["reply_key"]], [])
        by_id = await briefs.answered(connection, [], ["<other@x>", f"<{one.id}@lumora.example>"])
        assert by_key == by_id
        assert by_key is not None
        assert (by_key.subject, by_key.partner_id, by_key.open) == ("D-123456", "p-1", True)
        assert await briefs.answered(connection, ["0" * 32], ["<no@such.id>"]) is None


async def test_the_same_brief_is_sent_once_however_often_and_wherever_it_is_asked_for(storage: Database) -> None:
    async def send() -> None:
        async with storage.begin() as connection:
            await Briefing("lumora.example").send(connection, BRIEF)

    await asyncio.gather(send(), send(), send())
    assert sorted(row.destination for row in await sent(storage)) == ["mail", "slack"]


@pytest.mark.parametrize(
    ("channel", "manager", "place"),
    [("C0MANAGERS", NOOR, "C0MANAGERS"), ("", NOOR, "U0NOOR"), ("C0MANAGERS", MAIL_ONLY.manager, "C0MANAGERS")],
)
async def test_the_card_goes_to_the_channel_of_managers_else_to_the_manager_himself(
    storage: Database, channel: str, manager: Manager, place: str
) -> None:
    async with storage.begin() as connection:
        await Briefing("lumora.example", channel).send(connection, replace(BRIEF, manager=manager))
    _mail, posted = await sent(storage)
    assert (posted.payload["channel"], posted.ordering) == (place, place)
    assert block_faults(posted.payload["blocks"]) == []
    (actions,) = [block for block in posted.payload["blocks"] if block["type"] == "actions"]
    assert [button["text"]["text"] for button in actions["elements"]] == ["Approve", "Refuse", "Ask", "Details …"]
    (value,) = {button["value"] for button in actions["elements"]}
    assert "D-123456" not in value
    assert "&lt;kilbride.example&gt;" in str(posted.payload["blocks"])


async def test_what_several_managers_get_is_one_card_in_their_channel_and_a_mail_to_each(storage: Database) -> None:
    other = replace(NOOR, email="jonas@lumora.example", slack_user_id="U0JONAS")
    briefs_of_all = [replace(BRIEF, key=who.email, manager=who, shared="over") for who in (NOOR, other)]
    for briefing, places in ((Briefing("lumora.example", "C0MANAGERS"), ["C0MANAGERS"]), (Briefing("x.example"), [])):
        async with storage.begin() as connection:
            for brief in briefs_of_all:
                await briefing.send(connection, brief)
        rows = await sent(storage)
        assert sorted(row.payload["to"] for row in rows if row.destination == "mail") == [other.email, NOOR.email]
        cards = [row.payload["channel"] for row in rows if row.destination == "slack"]
        assert cards == (places or ["C0MANAGERS", NOOR.slack_user_id, other.slack_user_id])


async def test_what_is_decided_is_closed_in_every_place_and_the_card_says_who_decided_what(storage: Database) -> None:
    briefing = Briefing("lumora.example", "C0MANAGERS")
    elsewhere = replace(BRIEF, key="registration:D-654321:1", subject="D-654321")
    async with storage.begin() as connection:
        await briefing.send(connection, BRIEF)
        await briefing.send(connection, elsewhere)
        for _ in range(2):
            await briefing.settle(
                connection, BriefKind.REGISTRATION, "D-123456", NOOR.email, "Accepted by Noor Haddad <&>"
            )
        open_ = select(briefs_table.c.subject, briefs_table.c.settled_by).order_by(briefs_table.c.subject)
        states = {tuple(row) for row in await connection.execute(open_)}
    assert states == {("D-123456", NOOR.email), ("D-654321", "")}
    rows = await sent(storage)
    card_row = rows[1]
    (updated,) = [row for row in rows if row.kind == "slack_update"]
    assert updated.payload["update_of"] == card_row.id
    assert updated.ordering == card_row.ordering
    assert "Accepted by Noor Haddad" in updated.payload["text"]
    assert "actions" not in {block["type"] for block in updated.payload["blocks"]}
    assert "Accepted by Noor Haddad &lt;&amp;&gt;" in str(updated.payload["blocks"])
    assert block_faults(updated.payload["blocks"]) == []


async def test_a_card_whose_matter_waits_for_something_else_has_other_buttons_and_stays_open(storage: Database) -> None:
    briefing = Briefing("lumora.example", "C0MANAGERS")
    brief = replace(BRIEF, kind=BriefKind.STATEMENT, subject="u-1", acts=(Act.APPROVE, Act.DECLINE, Act.BLOCK))
    async with storage.begin() as connection:
        await briefing.send(connection, brief)
        for occasion in ("1", "1", "2"):
            await briefing.amend(
                connection, BriefKind.STATEMENT, "u-1", "blocked by Noor <&>", (Act.RELEASE,), occasion
            )
        await briefing.settle(connection, BriefKind.STATEMENT, "u-1", NOOR.email, "cancelled by Noor")
        await briefing.amend(connection, BriefKind.STATEMENT, "u-1", "too late", (Act.RELEASE,), "3")
    card_row, *updates = [row for row in await sent(storage) if row.destination == "slack"]
    first, _second, last = updates
    assert {row.payload["update_of"] for row in updates} == {card_row.id}
    (actions,) = [block for block in first.payload["blocks"] if block["type"] == "actions"]
    assert [button["text"]["text"] for button in actions["elements"]] == ["Release", "Details …"]
    assert "blocked by Noor &lt;&amp;&gt;" in str(first.payload["blocks"])
    assert "release" in str(first.payload["blocks"][-1])
    assert "actions" not in {block["type"] for block in last.payload["blocks"]}
    assert all(block_faults(row.payload["blocks"]) == [] for row in updates)


@pytest.mark.parametrize("act", Act)
async def test_every_act_has_a_button_and_words(storage: Database, act: Act) -> None:
    async with storage.begin() as connection:
        await Briefing("lumora.example", "C0MANAGERS").send(connection, replace(BRIEF, acts=(act,)))
    mail, posted = await sent(storage)
    assert 'Reply to this mail: "' in mail.payload["text"]
    assert f"brief:{act.value}" in str(posted.payload["blocks"])
    assert block_faults(posted.payload["blocks"]) == []


async def test_a_notice_asks_for_nothing(storage: Database) -> None:
    notice = replace(BRIEF, kind=BriefKind.NOTICE, acts=(), suggestion=None, why="")
    async with storage.begin() as connection:
        await Briefing("lumora.example", "C0MANAGERS").send(connection, notice)
    mail, posted = await sent(storage)
    assert "Reply" not in mail.payload["text"]
    assert {block["type"] for block in posted.payload["blocks"]} == {"header", "section"}


async def test_what_a_manager_is_to_write_next_is_expected_of_him_alone_and_for_a_day(storage: Database) -> None:
    async with storage.begin() as connection:
        await Briefing("lumora.example").send(connection, MAIL_ONLY)
        brief = await briefs.latest(connection, BriefKind.REGISTRATION, "D-123456", NOOR.email)
        assert brief is not None
        await briefs.expect(connection, brief, NOOR.email, "refuse", NOW)
        asked = await briefs.by_id(connection, brief.id)
        assert asked is not None
        assert asked.expects(NOOR.email, NOW) == "refuse"
        assert asked.expects("jonas@lumora.example", NOW) == ""
        assert asked.expects(NOOR.email, NOW + briefs.EXPECTED) == ""


@pytest.mark.parametrize("forged", ["", "D-123456", "null", "../x", "0" * 32, "9" * 4_000, "\0", "ä"])
async def test_no_forged_id_finds_a_brief(storage: Database, forged: str) -> None:
    async with storage.begin() as connection:
        await Briefing("lumora.example", "C0MANAGERS").send(connection, BRIEF)
        assert await briefs.by_id(connection, forged) is None


texts = st.text(max_size=400) | st.just("<!channel> & more " * 300)


@given(
    title=texts, why=texts, facts=st.lists(st.tuples(texts, texts), max_size=40),
    acts=st.sets(st.sampled_from(Act)), result=texts,
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_a_card_of_any_content_keeps_slacks_limits_and_calls_nobody(
    title: str, why: str, facts: list[tuple[str, str]], acts: set[Act], result: str
) -> None:
    brief = replace(BRIEF, title=title, why=why, facts=tuple(facts), acts=tuple(sorted(acts)))
    blocks = card(brief, "b-1", "Or reply.")
    done = settled(blocks, result)
    assert block_faults(blocks) + block_faults(done) == []
    assert len(done) <= 50
    marked = [t["text"] for t in _texts(blocks + done) if t["type"] == "mrkdwn"]
    assert not any("<" in text or ">" in text for text in marked)


def _texts(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [found for item in value for found in _texts(item)]
    if not isinstance(value, dict):
        return []
    own = [value] if value.get("type") in ("mrkdwn", "plain_text") else []
    return own + [found for item in value.values() for found in _texts(item)]
