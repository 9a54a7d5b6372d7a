"""Forms, the Home tab, commands: one-time keys, what a person fills in, and what the app's answer does to it."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack.contract import block_faults, view_faults
from tests.fakes.slack.elements import NotThere
from tests.fakes.slack.forms import TROUBLE, NotFilledIn
from tests.fakes.slack.hands import Hands
from tests.fakes.slack.web_api import HOME, FakeSlack
from tests.shared_folder import shared
from tests.unit.fakes_slack.app import App


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain("Announce"), "submit": plain("Next"), "blocks": list(blocks), **more}


SUBJECT = {
    "type": "input", "block_id": "subject", "label": plain("Subject"),
    "element": {"type": "plain_text_input", "action_id": "text"},
}  # fmt: skip
TIERS = {
    "type": "input", "block_id": "tiers", "label": plain("Tiers"), "optional": True,
    "element": {
        "type": "multi_static_select", "action_id": "pick",
        "options": [{"text": plain(one), "value": one.lower()} for one in ("Gold", "Silver")],
    },
}  # fmt: skip
HOME_TAB = {"type": "home", "blocks": [{"type": "divider"}]}


async def trigger(hands: Hands, app: App) -> str:
    await hands.commands("U0MANAGER", "C0INTERNAL", "announce")
    return str(app.last["trigger_id"])


async def refused(client: AsyncWebClient, method: str, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as raised:
        await client.api_call(method, json=arguments)
    return str(raised.value.response["error"])


async def test_a_form_opens_with_a_key_that_is_good_once(
    slack: FakeSlack, client: AsyncWebClient, hands: Hands, app: App
) -> None:
    key = await trigger(hands, app)
    opened = await client.views_open(trigger_id=key, view=modal(SUBJECT))
    assert (await hands.opened("U0MANAGER")).id == opened["view"]["id"]
    assert await refused(client, "views.open", trigger_id=key, view=modal(SUBJECT)) == "exchanged_trigger_id"
    assert await refused(client, "views.open", trigger_id="1.2.x", view=modal(SUBJECT)) == "invalid_trigger_id"
    assert slack.violations == []


async def test_a_key_is_too_old_after_three_seconds(
    slack: FakeSlack, client: AsyncWebClient, hands: Hands, app: App
) -> None:
    key, now = await trigger(hands, app), slack.clock()
    slack.clock = lambda: now + 3.5
    assert await refused(client, "views.open", trigger_id=key, view=modal(SUBJECT)) == "expired_trigger_id"


async def test_a_form_is_changed_unless_somebody_was_faster(client: AsyncWebClient, hands: Hands, app: App) -> None:
    opened = (await client.views_open(trigger_id=await trigger(hands, app), view=modal()))["view"]
    await client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal(SUBJECT))
    late = {"view_id": opened["id"], "hash": opened["hash"], "view": modal({"type": "divider"})}
    assert await refused(client, "views.update", **late) == "hash_conflict"
    assert await refused(client, "views.update", view_id="V0", view=modal(SUBJECT)) == "not_found"


async def test_forms_are_stacked_up_to_three(slack: FakeSlack, client: AsyncWebClient, hands: Hands, app: App) -> None:
    button = {"type": "button", "action_id": "more", "text": plain("More")}
    body = modal({"type": "actions", "elements": [button]})
    await client.views_open(trigger_id=await trigger(hands, app), view=body)
    for number in range(3):
        await hands.presses_in(await hands.opened("U0MANAGER"), "more")
        key = app.last["trigger_id"]
        if number < 2:
            await client.views_push(trigger_id=key, view=body)
        else:
            assert await refused(client, "views.push", trigger_id=key, view=body) == "push_limit_reached"
    top = await hands.opened("U0MANAGER")
    assert slack.shown_view(top)["root_view_id"] != top.id
    await hands.submits(top)
    assert (await hands.opened("U0MANAGER")).id == top.under


async def test_what_is_filled_in_is_sent_off(client: AsyncWebClient, hands: Hands, app: App) -> None:
    await client.views_open(trigger_id=await trigger(hands, app), view=modal(SUBJECT, TIERS, private_metadata="id"))
    view = await hands.opened("U0MANAGER")
    with pytest.raises(NotFilledIn, match="Subject"):
        await hands.submits(view)
    await hands.submits(view, {"Subject": "News", "Tiers": ["Gold", "silver"]})
    values = app.last["view"]["state"]["values"]
    assert values["subject"]["text"] == {"type": "plain_text_input", "value": "News"}
    assert [one["value"] for one in values["tiers"]["pick"]["selected_options"]] == ["gold", "silver"]
    assert app.last["view"]["private_metadata"] == "id"
    assert not view.open
    with pytest.raises(NotThere):
        hands.fills(view, {"Tiers": ["Bronze"]})


async def test_the_answer_says_what_becomes_of_the_form(
    slack: FakeSlack, client: AsyncWebClient, hands: Hands, app: App
) -> None:
    await client.views_open(trigger_id=await trigger(hands, app), view=modal(SUBJECT))
    view = await hands.opened("U0MANAGER")
    app.answers = [
        {"response_action": "errors", "errors": {"subject": "Too long"}},
        {"response_action": "update", "view": modal(TIERS)},
        {"response_action": "push", "view": modal(SUBJECT)},
        {"response_action": "clear"},
    ]
    assert await hands.submits(view, {"subject": "x"}) == {"subject": "Too long"}
    await hands.submits(view)
    assert view.body["blocks"] == [TIERS]
    await hands.submits(view)
    assert (await hands.opened("U0MANAGER")).under == view.id
    await hands.submits(await hands.opened("U0MANAGER"), {"subject": "y"})
    assert slack.open_view("U0MANAGER") is None
    assert slack.violations == []


async def test_an_answer_that_breaks_slacks_rules_is_noted(
    slack: FakeSlack, client: AsyncWebClient, hands: Hands, app: App
) -> None:
    await client.views_open(trigger_id=await trigger(hands, app), view=modal(SUBJECT))
    view = await hands.opened("U0MANAGER")
    app.answers = [
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "update", "view": modal(SUBJECT, title=plain("x" * 25))},
        {"response_action": "explode"},
    ]
    for _ in range(3):
        await hands.submits(view, {"subject": "x"})
    assert len(slack.violations) >= 3


async def test_a_submission_that_is_not_acknowledged_keeps_what_was_typed(
    client: AsyncWebClient, hands: Hands, app: App
) -> None:
    await client.views_open(trigger_id=await trigger(hands, app), view=modal(SUBJECT))
    view = await hands.opened("U0MANAGER")
    app.fails = True
    assert await hands.submits(view, {"subject": "News"}) == {"": TROUBLE}
    assert view.open
    assert view.filled["subject", "text"]["value"] == "News"


async def test_a_form_that_is_closed_is_told_where_that_is_asked_for(
    client: AsyncWebClient, hands: Hands, app: App
) -> None:
    await client.views_open(trigger_id=await trigger(hands, app), view=modal(SUBJECT, notify_on_close=True))
    await hands.closes(await hands.opened("U0MANAGER"))
    assert app.last["type"] == "view_closed"


async def test_the_home_tab_is_published_and_opened(
    slack: FakeSlack, client: AsyncWebClient, hands: Hands, app: App
) -> None:
    await hands.opens_home("U0MANAGER")
    assert "view" not in app.events[-1]
    first = (await client.views_publish(user_id="U0MANAGER", view=HOME_TAB))["view"]
    await client.views_publish(user_id="U0MANAGER", view=HOME_TAB, hash=first["hash"])
    late = {"user_id": "U0MANAGER", "view": HOME_TAB, "hash": first["hash"]}
    assert await refused(client, "views.publish", **late) == "hash_conflict"
    await hands.opens_home("U0MANAGER")
    assert app.events[-1]["view"]["id"] == slack.homes["U0MANAGER"].id
    await hands.opens_home("U0MANAGER", tab="messages")
    assert app.events[-1]["tab"] == "messages"


async def test_a_commands_answer_is_for_the_one_person(slack: FakeSlack, hands: Hands, app: App) -> None:
    app.answers = [{"response_type": "ephemeral", "text": "Three wait."}]
    await hands.commands("U0MANAGER", "C0INTERNAL", "status")
    ((user, post),) = slack.channels["C0INTERNAL"].ephemerals
    assert (user, post["text"]) == ("U0MANAGER", "Three wait.")
    assert (app.last["command"], app.last["text"], app.last["team_id"]) == ("/partners", "status", HOME)


async def test_a_button_only_one_person_sees_tells_nothing_of_its_post(hands: Hands, app: App) -> None:
    button = {"type": "button", "action_id": "more", "text": plain("More")}
    app.answers = [{"text": "Three wait.", "blocks": [{"type": "actions", "elements": [button]}]}]
    await hands.commands("U0MANAGER", "C0INTERNAL", "status")
    ((_, post),) = hands.slack.channels["C0INTERNAL"].ephemerals
    await hands.presses("U0MANAGER", "C0INTERNAL", post["ts"], "More")
    assert app.last["container"]["is_ephemeral"] is True
    assert "message" not in app.last


async def test_a_response_url_answers_five_times(slack: FakeSlack, hands: Hands, app: App) -> None:
    await hands.commands("U0MANAGER", "C0INTERNAL", "status")
    async with aiohttp.ClientSession() as session:
        said = [await session.post(app.last["response_url"], json={"text": str(number)}) for number in range(6)]
        assert [answer.status for answer in said] == [200] * 5 + [404]
        assert (await session.post(f"{slack.url}/hooks/nothing", json={})).status == 404
        assert (await session.post(app.last["response_url"], data=b"{")).status == 400
    assert [post["text"] for _, post in slack.channels["C0INTERNAL"].ephemerals] == list("01234")


async def test_a_response_url_replaces_the_post_that_was_pressed(slack: FakeSlack, hands: Hands, app: App) -> None:
    button = {"type": "button", "action_id": "yes", "text": plain("Yes")}
    post = hands.write(slack.bot_user, "C0PARTNER", "?", blocks=[{"type": "actions", "elements": [button]}])
    await hands.presses("U0ALICE", "C0PARTNER", post["ts"], "yes")
    async with aiohttp.ClientSession() as session:
        await session.post(app.last["response_url"], json={"replace_original": True, "text": "done"})
        assert (post["text"], "blocks" in post) == ("done", False)
        await session.post(app.last["response_url"], json={"delete_original": True})
    assert slack.channels["C0PARTNER"].posts == []


async def test_a_choice_in_a_post_is_remembered_for_the_next_press(hands: Hands, app: App) -> None:
    select = {
        "type": "static_select", "action_id": "deal", "placeholder": plain("Which deal?"),
        "options": [{"text": plain("Atlas"), "value": "d1"}],
    }  # fmt: skip
    feedback = {
        "type": "feedback_buttons", "action_id": "help",
        "positive_button": {"text": plain("Helpful"), "value": "good"},
        "negative_button": {"text": plain("Not helpful"), "value": "bad"},
    }  # fmt: skip
    blocks = [
        {"type": "actions", "block_id": "a", "elements": [select]},
        {"type": "context_actions", "block_id": "c", "elements": [feedback]},
    ]
    assert block_faults(blocks) == []
    post = hands.write("U0BOT", "C0PARTNER", "?", blocks=blocks)
    await hands.presses("U0ALICE", "C0PARTNER", post["ts"], "Which deal?", "Atlas")
    assert app.last["actions"][0]["selected_option"]["value"] == "d1"
    await hands.presses("U0ALICE", "C0PARTNER", post["ts"], "Not helpful")
    assert (app.last["actions"][0]["type"], app.last["actions"][0]["value"]) == ("feedback_buttons", "bad")
    assert app.last["state"]["values"]["a"]["deal"]["selected_option"]["value"] == "d1"
    with pytest.raises(NotThere):
        await hands.presses("U0ALICE", "C0PARTNER", post["ts"], "Nonsense")


@pytest.mark.parametrize(
    "view",
    [
        modal(SUBJECT, title=plain("x" * 25)),
        modal(SUBJECT, private_metadata="x" * 3001),
        modal(SUBJECT, SUBJECT),
        modal(*[{"type": "divider"}] * 101),
        {"type": "modal", "title": plain("x"), "blocks": [SUBJECT]},
        modal(SUBJECT, callback_id="x" * 256),
        modal({"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}),
    ],
)
def test_what_is_too_long_or_there_twice_in_a_view_is_a_fault(view: dict[str, Any]) -> None:
    assert view_faults(view) != []


@pytest.mark.shared
def test_a_view_of_the_wrong_shape_is_a_fault() -> None:
    if shared() is None:
        pytest.skip("Slack's contract is not at hand")
    assert view_faults(modal(SUBJECT)) == []
    assert view_faults(HOME_TAB) == []
    assert view_faults(modal({"type": "section", "text": {"type": "html", "text": "x"}})) != []
    assert view_faults({"type": "home", "blocks": [{"type": "nonsense"}]}) != []
