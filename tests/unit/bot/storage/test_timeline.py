"""What a timeline says of a message beside its words: subject, addresses, files, and where its thread is found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.storage.outbox import Destination, Outgoing
from bot.storage.timeline import Author, Talk, slack_link
from bot.vocabulary.documents import Document
from bot.vocabulary.identity import Identity, Trust
from bot.vocabulary.message import Attachment, Message, ReplyAddress, Sender
from bot.vocabulary.reply import Reply
from crm.records import Channel, Direction, LoggedFile
from tests.builders import NOW, contact, partner

AUTHOR = Author("partners@lumora.example", "lumora.example")
REPLY = Reply("Hello Anna,\n\nit is in negotiation.", language="en")
SHEET = Document("deals.csv", "text/csv", 12, "ab" * 32, "page:1")


MESSAGE = Message(
    "1", Channel.EMAIL, "<1@brightwave.example>", NOW, Sender("sara@brightpath.example", "Sara Lind"),
    "Where is D-1?", "Where does it stand?",
)  # fmt: skip


def talk(message: Message = MESSAGE) -> Talk:
    return Talk(
        message, Identity(Trust.PROVEN, partner(), contact()), ["deal_status"], "answered", ("D-1",), (), AUTHOR
    )


def mail(**payload: object) -> Outgoing:
    said = {"to": "sara@brightpath.example", "subject": "Re: Where is D-1?"} | payload
    return Outgoing("reply:1", Destination.MAIL, "reply", said)


def test_a_mail_and_its_answer_have_subject_addresses_and_a_link() -> None:
    answer = mail()
    came, went = talk().rows(REPLY, answer, NOW)
    assert (came.direction, went.direction) == (Direction.IN, Direction.OUT)
    assert (came.subject, went.subject) == ("Where is D-1?", "Re: Where is D-1?")
    assert (came.sender, came.recipients) == ("sara@brightpath.example", ("partners@lumora.example",))
    assert (went.sender, went.recipients) == ("partners@lumora.example", ("sara@brightpath.example",))
    assert came.link == "mid:1@brightwave.example"
    assert went.link == f"mid:{answer.id}@lumora.example"
    assert went.message_id == f"<{answer.id}@lumora.example>"


def test_a_reply_goes_by_the_subject_it_answers() -> None:
    bare = replace(MESSAGE, subject="", reply_to=ReplyAddress(to="sara@brightpath.example", subject="Re: Offer"))
    assert talk(bare).rows(None, None, NOW)[0].subject == "Re: Offer"


@pytest.mark.parametrize(
    ("kind", "payload", "borne"),
    [
        ("reply", {"subject": "Where is D-1?"}, "Re: Where is D-1?"),
        ("notice", {"subject": "AW: Where is D-1?", "in_reply_to": "<1@brightwave.example>"}, "Re: Where is D-1?"),
        ("notice", {"subject": "Vega Foods - D-1", "in_reply_to": ""}, "Vega Foods - D-1"),
        ("announcement", {"subject": "New: Lumora Assist"}, "New: Lumora Assist"),
    ],
)
def test_a_mail_is_logged_under_the_subject_that_it_bears(kind: str, payload: dict[str, object], borne: str) -> None:
    row = replace(mail(**payload), kind=kind)
    _, went = talk().rows(REPLY, row, NOW)
    assert went.subject == borne


def test_files_and_documents_are_named_with_what_they_are_kept_under() -> None:
    offer = Attachment("offer.pdf", "application/pdf", 3, "cd" * 32, kind="pdf")
    refused = Attachment("run.exe", "application/x-msdownload", 3, "ef" * 32, refused="no program")
    came, went = replace(talk(), files=(offer, refused)).rows(REPLY, mail(), NOW, [SHEET])
    assert came.files == (LoggedFile("offer.pdf", "application/pdf", 3, "cd" * 32),)
    assert went.files == (LoggedFile("deals.csv", "text/csv", 12, "ab" * 32),)


def test_slack_has_no_addresses_and_a_link_to_the_thread() -> None:
    there = ReplyAddress(slack_channel="C024", slack_thread_ts="1764233000.000100")
    row = Outgoing(
        "reply:1", Destination.SLACK, "reply", {"channel": "C024", "thread_ts": "1764233000.000100", "text": "…"}
    )
    came, went = talk(replace(MESSAGE, channel=Channel.SLACK, reply_to=there)).rows(REPLY, row, NOW)
    for one in (came, went):
        assert (one.sender, one.recipients) == ("", ())
        assert one.link == "https://slack.com/archives/C024/p1764233000000100"


def test_an_answer_that_may_not_go_claims_no_way() -> None:
    _, kept = talk().rows(REPLY, None, NOW)
    assert (kept.message_id, kept.subject, kept.sender, kept.recipients, kept.link) == ("", "", "", (), "")


@pytest.mark.parametrize(("channel", "link"), [("", ""), ("U07", ""), ("C1", "https://slack.com/archives/C1")])
def test_a_link_opens_a_conversation_or_nothing(channel: str, link: str) -> None:
    assert slack_link(channel, "") == link
