"""A manager opens the app's Home tab in Slack: what waits stands there with its buttons, and follows what changes."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, update

from bot.operations.home_desk import HomeDesk
from bot.storage.tables import tasks
from tests.fakes.slack.patience import wait_for
from tests.fakes.slack.web_api import AWAY, HOME, FakeView
from tests.scenarios.slack_here import SlackHouse, slack_seat

pytestmark = pytest.mark.asyncio(loop_scope="session")

PATIENCE = 20.0  # seconds
NOOR, JONAS, COLLEAGUE, OUTSIDER = "U0NOOR", "U0JONAS", "U0COLLEAGUE", "U0OUTSIDER"


@pytest.fixture
def at(slack_at: SlackHouse) -> SlackHouse:
    """With two of the vendor's people and one of somebody else's."""
    for user, team, name in (
        (NOOR, HOME, "Noor Haddad"), (COLLEAGUE, HOME, "Carl Colleague"), (OUTSIDER, AWAY, "Olga Outsider"),
        (JONAS, HOME, "Jonas Keller"),
    ):  # fmt: skip
        slack_at.slack.users.get(user) or slack_at.slack.add_user(user, team, name)
    return slack_at


def said(view: FakeView) -> str:
    return json.dumps(view.body, ensure_ascii=False)


async def home_of(at: SlackHouse, user: str, words: str = "") -> FakeView:
    """The page, once these words stand there."""
    await wait_for(lambda: user in at.slack.homes and words in said(at.slack.homes[user]), PATIENCE)
    return at.slack.homes[user]


def desk_of(at: SlackHouse) -> HomeDesk:
    desk = at.house.app.home
    assert desk is not None
    return desk


async def test_what_waits_is_there_as_soon_as_the_tab_is_opened_and_follows_a_partners_request(at: SlackHouse) -> None:
    async with at.house.app.database.begin() as connection:  # others' plays may have left more than a page shows
        await connection.execute(update(tasks).values(closed_at=func.now()))
    await at.hands.opens_home(NOOR)
    page = await home_of(at, NOOR)
    assert "waits for you, Noor" in said(page)
    assert '"image"' in said(page)
    seat = await slack_seat(at, "quaywise")
    post = await seat.says("<@U0BOT> I want to talk to a person about our contract, please.")
    assert seat.answers(post)
    await desk_of(at).refresh()
    page = await home_of(at, NOOR, f"/p{post['ts'].replace('.', '')}|Open it in Slack>")
    assert "Quaywise" in said(page)
    assert "Handed over to you" in said(page)


async def test_its_button_opens_what_is_to_be_decided_and_what_was_decided_is_gone_from_the_page(
    at: SlackHouse,
) -> None:
    await at.hands.opens_home(NOOR)
    page = await home_of(at, NOOR, "Registrations to decide")
    [button, *_] = [
        block["accessory"]["value"]
        for block in page.body["blocks"]
        if "D-" in json.dumps(block) and "accessory" in block
    ]
    await at.hands.presses_in(page, button)
    form = await at.hands.until(await at.hands.opened(NOOR, PATIENCE), "What is to be done?", PATIENCE)
    number = next(word for word in said(form).split() if word.strip('",:').startswith("D-")).strip('",:')
    assert not await at.hands.submits(form, {"act": "refuse", "words": "The customer is ours already."})
    # What a manager did is gone from the page at once, not with the clock's next look.
    await wait_for(lambda: number not in said(at.slack.homes[NOOR]), PATIENCE)


@pytest.mark.parametrize(
    ("user", "told"), [(JONAS, "This button is not current any more"), (COLLEAGUE, "This is for managers")]
)
async def test_a_button_of_somebody_elses_page_opens_nothing(at: SlackHouse, user: str, told: str) -> None:
    await at.hands.opens_home(NOOR)
    page = await home_of(at, NOOR, "Decide")
    forged = at.slack.new_view(user, page.body)
    forged.open = False
    [button, *_] = [block["accessory"]["value"] for block in page.body["blocks"] if "accessory" in block]
    await at.hands.presses_in(forged, button)
    form = await at.hands.until(await at.hands.opened(user, PATIENCE), told, PATIENCE)
    assert "D-" not in said(form).replace("/partners decide D-123456", "")


async def test_who_is_no_manager_sees_nothing_of_a_partner(at: SlackHouse) -> None:
    for user in (COLLEAGUE, OUTSIDER):
        await at.hands.opens_home(user)
    for user in (COLLEAGUE, OUTSIDER):
        page = said(await home_of(at, user))
        assert "Quaywise" not in page
        assert "D-" not in page
        assert "button" not in page
