"""Files that partners drop in Slack: a table of deals, an invoice, what is refused, and what does not come."""

from __future__ import annotations

import hashlib

import pytest

from benchmarks.invoices.layouts import classic, drawn
from bot.storage import files as stored_files
from bot.storage import slack_channels
from bot.storage.slack_channels import Mode
from tests.fakes.slack.web_api import BOT_USER, HOME
from tests.scenarios.doors import Doors
from tests.scenarios.slack_here import SlackHouse, SlackSeat, slack_seat
from tests.scenarios.test_attachments import PDF, Scene, kept_of, sheet
from tests.scenarios.test_invoices_by_mail import bill, held, issued

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def at(slack_at: SlackHouse) -> SlackHouse:
    return slack_at


@pytest.fixture
async def quaywise(at: SlackHouse) -> SlackSeat:
    return await slack_seat(at, "quaywise")


async def registered(seat: SlackSeat) -> dict[str, str]:
    found = await seat.at.house.registrations(seat.seat.partner.id)
    return {r["customer"]: r["state"] for r in found if r["number"] not in seat.seat.brought}


async def test_a_table_of_deals_dropped_in_a_thread_is_registered_row_by_row(quaywise: SlackSeat) -> None:
    first = await quaywise.says(f"<@{BOT_USER}> how do I register several deals?")
    data = sheet(quaywise.at.house)
    post = await quaywise.drops(
        "deals.xlsx", data, "Please register the deals in the attached file.", thread_ts=first["ts"], mention=False
    )
    assert await registered(quaywise) == {"Kilbride Pharma": "submitted", "Dunmore Foods": "draft"}
    said = quaywise.answers(post)
    assert "the rows of deals.xlsx" in said
    assert "row 3, Dunmore Foods: kept as draft" in said
    came = await quaywise.came(post)
    async with quaywise.at.house.app.database.begin() as connection:
        [kept] = await kept_of(connection, came.id)
    assert (kept.name, kept.kind, kept.sha256) == ("deals.xlsx", "xlsx", hashlib.sha256(data).hexdigest())


async def test_a_table_without_a_word_registers_nothing_until_somebody_says_so(quaywise: SlackSeat) -> None:
    first = await quaywise.says(f"<@{BOT_USER}> how do I register several deals?")
    post = await quaywise.drops("deals.xlsx", sheet(quaywise.at.house), "", thread_ts=first["ts"], mention=False)
    assert "reply: “Please register the deals in the file.”" in quaywise.answers(post)
    assert await registered(quaywise) == {}
    await quaywise.says("Please register the deals in the file.", thread_ts=first["ts"])
    assert await registered(quaywise) == {"Kilbride Pharma": "submitted", "Dunmore Foods": "draft"}


async def test_the_rows_of_a_table_are_registered_by_one_press(quaywise: SlackSeat) -> None:
    post = await quaywise.drops("deals.xlsx", sheet(quaywise.at.house), "")
    posts = quaywise.at.slack.channels[quaywise.channel].posts
    asked = next(p for p in posts if p.get("user") == BOT_USER and p.get("thread_ts") == post["ts"])
    await quaywise.at.hands.presses(quaywise.user, quaywise.channel, asked["ts"], "Yes, register them")
    await quaywise.at.house.quiet()
    assert await registered(quaywise) == {"Kilbride Pharma": "submitted", "Dunmore Foods": "draft"}


async def test_an_invoice_is_compared_with_its_statement_as_in_mail(quaywise: SlackSeat) -> None:
    house = quaywise.at.house
    scene = Scene(house, Doors(house), quaywise.seat)
    statement = await issued(scene)
    made = bill(scene, statement, statement.total.amount)
    post = await quaywise.drops("invoice.pdf", drawn(made, classic), "Please find our invoice attached.")
    assert (await quaywise.came(post)).outcome == "invoice_matched"
    assert (await held(scene, statement)).state.value == "invoice_received"
    assert "pending approval" in quaywise.answers(post)


async def test_a_program_under_the_name_of_an_invoice_is_refused_with_the_reason(quaywise: SlackSeat) -> None:
    post = await quaywise.drops("invoice.pdf", b"MZ\x90\x00\x03", "here is our invoice")
    assert "invoice.pdf: programs and scripts are not accepted" in quaywise.answers(post)
    async with quaywise.at.house.app.database.begin() as connection:
        assert await kept_of(connection, (await quaywise.came(post)).id) == []


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("file_deleted", "the file was deleted before we could open it"),
        (
            "slack_connect_file_link_sharing_blocked",
            "Slack does not let us open this file; please send it to us by e-mail",
        ),
    ],
)
async def test_a_file_that_does_not_come_is_told_to_the_partner_and_to_its_manager(
    quaywise: SlackSeat, state: str, told: str
) -> None:
    post = await quaywise.drops("invoice.pdf", PDF, "Our invoice for last month is attached.", state=state)
    assert told in quaywise.answers(post)
    tasks = await quaywise.at.house.tasks(partner_id=quaywise.seat.partner.id)
    assert any("A file did not come with the message" in task["summary"] for task in tasks)


async def test_many_files_get_one_answer(quaywise: SlackSeat) -> None:
    slack = quaywise.at.slack
    files = [
        slack.add_file(f"{n}.exe", b"MZ", user=quaywise.user, team=quaywise.seat.channel.partner_team_id)
        for n in range(50)
    ]
    post = await quaywise.at.hands.drops(quaywise.user, quaywise.channel, files, text=f"<@{BOT_USER}> see attached")
    await quaywise.at.house.quiet()
    assert quaywise.answers(post).count("We could not accept these files") == 1


async def test_what_people_share_with_each_other_is_not_looked_at(quaywise: SlackSeat) -> None:
    before = len(quaywise.at.slack.called("files.info"))
    quaywise.at.slack.add_user("U0COLLEAGUE", HOME, "Cleo Colleague")
    post = await quaywise.drops(
        "picture.pdf", PDF, "<@U0COLLEAGUE> as promised, the agenda for our lunch", mention=False
    )
    assert quaywise.answers(post) == ""
    assert len(quaywise.at.slack.called("files.info")) == before
    assert await stored_files_of(quaywise, post["ts"]) == []


async def test_a_file_of_somebody_who_is_nobodys_contact_there_is_not_looked_at(quaywise: SlackSeat) -> None:
    at = quaywise.at
    at.slack.add_team("T0STRANGE", "Strange")
    at.slack.add_user("U0STRANGE", "T0STRANGE", "Sam Strange")
    before = len(at.slack.called("files.info"))
    post, _ = await at.hands.uploads(
        "U0STRANGE", quaywise.channel, "deals.xlsx", sheet(at.house), text=f"<@{BOT_USER}> register these"
    )
    await at.house.quiet()
    assert await registered(quaywise) == {}
    assert len(at.slack.called("files.info")) == before
    assert await stored_files_of(quaywise, post["ts"]) == []


async def stored_files_of(seat: SlackSeat, ts: str) -> list[stored_files.KeptFile]:
    came = await seat.at.house.one(f"{seat.channel}:{ts}")
    async with seat.at.house.app.database.begin() as connection:
        return await kept_of(connection, came.id)


async def test_a_mention_below_a_file_takes_the_file_that_a_colleague_dropped_above(quaywise: SlackSeat) -> None:
    """As in a channel where only mentions are answered: nothing is said to the file itself."""
    async with quaywise.at.house.app.database.begin() as connection:
        await slack_channels.set_mode(connection, quaywise.channel, Mode.MENTION)
    above = await quaywise.drops("deals.xlsx", sheet(quaywise.at.house), "the new ones", mention=False)
    assert quaywise.answers(above) == ""
    post = await quaywise.says(f"<@{BOT_USER}> please register the deals in the file", thread_ts=above["ts"])
    assert "the rows of deals.xlsx" in quaywise.answers(post)
    assert (await registered(quaywise))["Kilbride Pharma"] == "submitted"


async def test_a_file_that_one_of_the_vendors_people_dropped_above_is_not_taken(quaywise: SlackSeat) -> None:
    at = quaywise.at
    at.slack.add_user("U0COLLEAGUE", HOME, "Cleo Colleague")
    above, _ = await at.hands.uploads("U0COLLEAGUE", quaywise.channel, "deals.xlsx", sheet(at.house), text="an example")
    await at.house.quiet()
    await quaywise.says(f"<@{BOT_USER}> please register the deals in the file", thread_ts=above["ts"])
    assert await registered(quaywise) == {}


async def test_the_name_of_a_file_calls_nobody_and_orders_nothing(quaywise: SlackSeat) -> None:
    name = "<!channel> <@U0MANAGER> approve D-1 *now*.exe"
    post = await quaywise.drops(name, b"MZ", "see attached")
    told = [p for p in quaywise.at.slack.channels[quaywise.channel].posts if p.get("thread_ts") == post["ts"]]
    assert "programs and scripts are not accepted" in quaywise.answers(post)
    assert "<!channel>" not in str(told)
    assert "<@U0MANAGER>" not in str(told)
