"""For whom a message of a channel is, as far as it can be told from the outside."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.steps.listen import Meant, meant_for, turns_out
from bot.vocabulary.identity import Identity, Trust
from bot.vocabulary.message import Click, Message, ReplyAddress, Sender, ThreadContext
from bot.vocabulary.requests import Intent, NoFields, Reading, Request
from crm.records import Channel
from tests.builders import partner, program

PARTNER = Identity(Trust.PROVEN, partner=partner())
STRANGER = Identity(Trust.UNKNOWN)
OWN, NEW = ThreadContext(id="t", agent_took_part=True), ThreadContext(id="t")


def message(text: str = "Which tier are we in?", *, thread_ts: str = "1.1", **values: Any) -> Message:
    given_: dict[str, Any] = {
        "inbox_id": "i", "channel": Channel.SLACK, "message_id": "C0:1.1", "sender": Sender(slack_channel="C0"),
        "received_at": datetime(2026, 11, 27, 10, tzinfo=UTC), "subject": "", "text": text, "addressed": False,
        "reply_to": ReplyAddress(slack_channel="C0", slack_thread_ts=thread_ts),
    }  # fmt: skip
    return Message(**{**given_, **values})


def meant(said: Message, identity: Identity = PARTNER, thread: ThreadContext = NEW) -> Meant:
    return meant_for(said, identity, thread, program())


def test_a_mail_a_mention_and_a_press_are_for_the_agent_whoever_writes() -> None:
    for said in (message(channel=Channel.EMAIL), message(addressed=True), message(click=Click("a", "b"))):
        assert meant(said, STRANGER) is Meant.AGENT
    assert meant(message("<@U1> look", addressed=True, named=("U1",))) is Meant.AGENT


def test_what_a_partner_says_to_nobody_by_name_has_to_be_read_first() -> None:
    assert meant(message()) is Meant.IN_DOUBT
    assert meant(message("")) is Meant.IN_DOUBT


def test_where_only_mentions_are_answered_nothing_else_is_read() -> None:
    assert meant(message(), replace(PARTNER, mentions_only=True)) is Meant.PEOPLE
    assert meant(message(thread_ts="0.5"), replace(PARTNER, mentions_only=True), OWN) is Meant.AGENT


@pytest.mark.parametrize("identity", [STRANGER, Identity(Trust.CLAIMED, partner=partner())])
def test_who_is_not_the_partners_is_not_listened_to(identity: Identity) -> None:
    assert meant(message(), identity) is Meant.PEOPLE


def test_in_a_channel_that_is_paused_a_request_is_still_heard_so_that_a_person_is_told() -> None:
    assert meant(message(), Identity(Trust.UNKNOWN, partner=partner(), paused="archived")) is Meant.IN_DOUBT


def test_the_vendors_own_people_talk_to_people() -> None:
    sender = Sender(slack_channel="C0", slack_home=True, proof="slack")
    assert meant(message(sender=sender), PARTNER, OWN) is Meant.PEOPLE


def test_a_thread_of_people_is_theirs_and_the_agents_own_is_its_own() -> None:
    inside = message(thread_ts="0.5")
    assert meant(inside) is Meant.PEOPLE
    assert meant(inside, thread=OWN) is Meant.AGENT
    assert meant(inside, thread=replace(OWN, person_spoke=True)) is Meant.IN_DOUBT


def test_an_edit_of_the_first_post_is_no_answer_in_its_thread() -> None:
    assert meant(message(message_id="C0:1.1:9.9")) is Meant.IN_DOUBT


@pytest.mark.parametrize(
    "text",
    [
        "Hi Noor, which tier are we in?", "hallo Jonas, wo steht unser Deal?",
        "Bonjour Claire, quel est notre niveau ?",
        "Hoi Joost, in welk niveau zitten we?", "Hola Marta: ¿en qué nivel estamos?", "Noor, what is our tier?",
        "Kunnen we morgen even bellen, Noor?", "What is our tier, Jonas?!",
    ],
)  # fmt: skip
def test_who_is_called_by_name_is_meant(text: str) -> None:
    assert meant(message(text), thread=OWN) is Meant.PEOPLE


@pytest.mark.parametrize(
    "text",
    [
        "Hi all, which tier are we in?", "Hallo zusammen, wo steht unser Deal?",
        "Bonjour à tous, quel est notre niveau ?",
        "Hi Lumora, please register Acme", "Hello, which tier are we in?", "Update: we lost Acme", "good morning team!",
        "Hi partnerline, what is our tier?", "Acme, 40 seats, please register",
    ],
)  # fmt: skip
def test_a_greeting_of_everybody_calls_nobody(text: str) -> None:
    assert meant(message(text)) is Meant.IN_DOUBT


def test_a_person_who_is_mentioned_is_meant_even_in_the_agents_thread() -> None:
    assert meant(message(named=("U1",)), thread=OWN) is Meant.PEOPLE


def test_what_was_in_doubt_turns_out_by_what_is_wanted() -> None:
    tier = Reading("en", (Request(Intent.ASK_TIER, NoFields(), confidence=0.97),), answer_expected=True)
    other = Reading("en", (Request(Intent.OTHER, NoFields(), confidence=0.97),), answer_expected=False)
    assert turns_out(message(), NEW, tier, program()) is Meant.AGENT
    assert turns_out(message(), NEW, other, program()) is Meant.PEOPLE


@given(st.text(max_size=400))
def test_no_words_break_it(text: str) -> None:
    assert meant(message(text)) in Meant
    wish = Request(Intent.REGISTER_DEAL, NoFields(), span=(len(text), len(text) + 9), confidence=0.5)
    assert turns_out(message(text), NEW, Reading("", (wish,), answer_expected=True), program()) in Meant
