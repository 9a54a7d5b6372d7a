"""A message from the ledger is labelled as its reader saw it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.evaluation.cases import Wanted, load_cases, readable_of
from bot.evaluation.folder import Candidate, LabelFolder
from bot.evaluation.mails import mail_text
from bot.operations.read_messages import read_messages
from bot.storage.codec import to_doc
from bot.storage.tables import inbox
from bot.vocabulary.message import Attachment, Message, Sender
from crm.records import Channel
from tests.unit.bot.cli.records import on, shunt

AT = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
# As a person sees it: cleaned of mrkdwn once more it would lose its signs.
TEXT = "price is 3 *net* &amp; <https://acme.example|not a link>, see <@U07> ~now~"
FILES = (Attachment("order.pdf", "application/pdf", 5, ""), Attachment("Größen.xlsx", "application/x", 7, ""))
MESSAGE = Message(
    "1", Channel.SLACK, "C1:1", AT, Sender(slack_user="U7"), "", TEXT, addressed=False, attachments=FILES
)  # fmt: skip


def from_ledger(url: str, message: Message) -> Candidate:
    name = shunt(url, "")

    async def through(connection: AsyncConnection) -> tuple[Candidate, ...]:
        values = {"message": to_doc(message), "channel": message.channel.value, "state": "handled"}
        await connection.execute(update(inbox).where(inbox.c.id == name).values(**values))
        return await read_messages(connection, 10)

    (found,) = on(url, through)
    return found


def test_a_slack_message_keeps_its_words_and_the_names_of_its_files(database: str, tmp_path: Path) -> None:
    candidate = from_ledger(database, MESSAGE)
    LabelFolder(tmp_path, mail_text).add(candidate, (Wanted("other", {}),), answer_expected=False)
    (case,) = load_cases(tmp_path)
    readable = readable_of(case, mail_text)
    assert readable == candidate.readable(mail_text)
    assert readable.text == case.visible_text == TEXT
    assert readable.attachments == ("order.pdf", "Größen.xlsx")
    assert not readable.addressed


def test_a_slack_message_of_files_alone_is_a_message(database: str, tmp_path: Path) -> None:
    candidate = from_ledger(database, replace(MESSAGE, text=""))
    folder = LabelFolder(tmp_path, mail_text)
    assert folder.add(candidate, (Wanted("other", {}),), answer_expected=False)
    assert folder.add(replace(candidate, attachments=("x.pdf",)), (Wanted("other", {}),), answer_expected=False)
