"""Cards in Slack: posted once with their blocks, by direct message where no channel is named, and changed later."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.channels.slack.api.calls import slack_client
from bot.channels.slack.api.installation import Installation
from bot.channels.slack.blocks.cards import card, settled
from bot.channels.slack.outbound.outgoing import SlackSender
from bot.channels.slack.outbound.outlet import UPDATE, SlackOutlet
from bot.channels.slack.people.audience import WebSlackChannels
from bot.ports import OutletOutcomeUnknown, OutletRefused, OutletUnavailable, Parcel
from bot.vocabulary.briefs import Act, Brief, BriefKind
from knowledge.program import Manager
from tests.fakes.slack.web_api import BOT_USER, HOME, TOKEN, FakeSlack, Mood

MANAGERS, MARA = "C0INTERNAL", "U0MANAGER"
BRIEF = Brief(
    "k-1", BriefKind.REGISTRATION, "D-123456", Manager("Mara Manager", "mara@home.example"), "Registration D-123456",
    (("Customer", "Kilbride <Pharma>"),), Act.APPROVE, "Nothing speaks against it.", (Act.APPROVE, Act.REFUSE, Act.ASK),
)  # fmt: skip
BLOCKS = card(BRIEF, "b-1", "Or reply in this thread.")


def outlet(slack: FakeSlack, **posts: str) -> SlackOutlet:
    async def posted(outbox_id: str) -> str:
        return posts.get(outbox_id, "")

    client = slack_client(TOKEN, base_url=slack.base_url)
    channels = WebSlackChannels(client, Installation(HOME, BOT_USER))
    return SlackOutlet(SlackSender(client, BOT_USER), 1.0, posted, channels)


def first(channel: str = MANAGERS, **changes: Any) -> Parcel:
    payload: dict[str, object] = {
        "channel": channel,
        "thread_ts": "",
        "text": "Registration D-123456",
        "blocks": BLOCKS,
    }
    return replace(Parcel("first", "brief", payload, attempts=0), **changes)


def change(channel: str = MANAGERS) -> Parcel:
    payload: dict[str, object] = {
        "channel": channel, "update_of": "first", "text": "Accepted by Mara", "blocks": settled(BLOCKS, "Accepted")
    }  # fmt: skip
    return Parcel("second", UPDATE, payload, attempts=0)


async def test_a_card_is_posted_with_its_blocks_and_a_text_beside_them(slack: FakeSlack) -> None:
    sent = await outlet(slack).send(first())
    (post,) = slack.channels[MANAGERS].posts
    assert (post["ts"], post["blocks"], post["text"]) == (sent.remote_id, BLOCKS, "Registration D-123456")


async def test_a_decided_card_is_changed_in_place_and_its_buttons_are_gone(slack: FakeSlack) -> None:
    sent = await outlet(slack).send(first())
    await outlet(slack, first=sent.remote_id).send(change())
    (post,) = slack.channels[MANAGERS].posts
    assert post["text"] == "Accepted by Mara"
    assert {block["type"] for block in post["blocks"]} == {"header", "section", "context"}


async def test_without_a_channel_the_manager_gets_a_direct_message_which_is_found_and_changed_there(
    slack: FakeSlack,
) -> None:
    slack.next_moods("chat.postMessage", Mood.LOST_AFTER_COMMIT)
    with pytest.raises(OutletOutcomeUnknown):
        await outlet(slack).send(first(MARA))
    again = await outlet(slack).send(first(MARA, unsure=1, attempts=1))
    await outlet(slack, first=again.remote_id).send(change(MARA))
    (direct,) = [channel for channel in slack.channels.values() if channel.user == MARA]
    (post,) = direct.posts
    assert post["text"] == "Accepted by Mara"


async def test_direct_messages_with_a_manager_are_opened_once(slack: FakeSlack) -> None:
    one = outlet(slack)
    for number in range(3):
        await one.send(first(MARA, id=f"first-{number}"))
    assert [method for method, _ in slack.calls].count("conversations.open") == 1


async def test_a_manager_whom_slack_does_not_know_is_refused_and_holds_up_nobody(slack: FakeSlack) -> None:
    with pytest.raises(OutletRefused):
        await outlet(slack).send(first("U0NOBODY"))


async def test_what_was_never_posted_is_not_changed(slack: FakeSlack) -> None:
    assert (await outlet(slack).send(change())).kept
    assert slack.calls == []


async def test_where_anybody_else_reads_along_no_card_is_posted_and_none_is_changed(slack: FakeSlack) -> None:
    sent = await outlet(slack).send(first())
    slack.channels[MANAGERS].teams.add("T0OTHER")
    with pytest.raises(OutletRefused, match="other organisations"):
        await outlet(slack).send(first(id="another"))
    with pytest.raises(OutletRefused, match="other organisations"):
        await outlet(slack, first=sent.remote_id).send(change())
    assert [post["text"] for post in slack.channels[MANAGERS].posts] == ["Registration D-123456"]


async def test_where_slack_does_not_tell_who_reads_no_card_is_posted(slack: FakeSlack) -> None:
    slack.refuse["conversations.info"] = "channel_not_found"
    with pytest.raises(OutletRefused):
        await outlet(slack).send(first())


@pytest.mark.parametrize("error", ["message_not_found", "edit_window_closed", "cant_update_message"])
async def test_a_card_that_is_gone_or_closed_is_left_as_it_is(slack: FakeSlack, error: str) -> None:
    slack.refuse["chat.update"] = error
    assert (await outlet(slack, first="1790000001.000100").send(change())).kept


async def test_a_change_that_slack_refuses_for_another_reason_is_told(slack: FakeSlack) -> None:
    slack.refuse["chat.update"] = "invalid_blocks"
    with pytest.raises(OutletRefused, match="invalid_blocks"):
        await outlet(slack, first="1790000001.000100").send(change())


async def test_a_change_waits_where_slack_takes_no_more(slack: FakeSlack) -> None:
    slack.next_moods("chat.update", Mood.RATE_LIMITED)
    with pytest.raises(OutletUnavailable):
        await outlet(slack, first="1790000001.000100").send(change())


async def test_a_change_whose_answer_was_lost_is_made_again(slack: FakeSlack) -> None:
    sent = await outlet(slack).send(first())
    one = outlet(slack, first=sent.remote_id)
    slack.next_moods("chat.update", Mood.LOST_AFTER_COMMIT)
    with pytest.raises(OutletOutcomeUnknown) as lost:
        await one.send(change())
    assert lost.value.may_repeat
    await one.send(replace(change(), attempts=1, unsure=1))
    assert len(slack.channels[MANAGERS].posts) == 1
    assert slack.channels[MANAGERS].teams == {HOME}


async def test_what_is_for_one_partner_alone_is_posted_while_nobody_else_reads_its_channel(slack: FakeSlack) -> None:
    slack.channels[MANAGERS].teams.add("T0PARTNER")
    offer = Parcel(
        "offer", "notice", {"channel": MANAGERS, "thread_ts": "", "text": "A lead", "only_team": "T0PARTNER"}, 0
    )
    await outlet(slack).send(offer)
    slack.channels[MANAGERS].teams.add("T0OTHER")
    with pytest.raises(OutletRefused, match="others than the partner"):
        await outlet(slack).send(replace(offer, id="again"))
    slack.refuse["conversations.info"] = "channel_not_found"
    with pytest.raises(OutletRefused, match="others than the partner"):
        await outlet(slack).send(replace(offer, id="once more"))
    assert [post["text"] for post in slack.channels[MANAGERS].posts] == ["A lead"]
