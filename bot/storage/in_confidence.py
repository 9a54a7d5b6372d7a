"""Figures that others in a Slack channel must not read: to the asker alone, by the first way that is open to him.

A direct message, else a mail to the address on file, else a colleague: what Slack refuses goes the next way, and the
thread is told which one it went.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import ended, mirror, slack_channels, tasks, undeliverable
from bot.storage.answers import NOTICE, put_answer
from bot.storage.codec import from_doc, to_doc
from bot.storage.outbox import Due, Outgoing
from bot.vocabulary.layout import from_payload, to_payload
from bot.vocabulary.message import ReplyAddress, is_direct
from bot.vocabulary.reply import InConfidence, Reply
from crm.records import Contact, Partner

CONFIDED = "confided"
"""The kind of the direct message that holds the figures."""
IN_CONFIDENCE = "in_confidence"
_REPLIES = ("direct", "mail", "directly", "mailed", "colleague")


@dataclass(frozen=True, slots=True)
class Confided:
    """What goes to the asker alone, with all that is needed to find the next way when one is closed.

    `key` is that of the answer, `to` where it was asked; without a user there it begins with the mail. `task` is what a
    colleague has to do where no way is open, in words for the manager.
    """

    key: str
    to: ReplyAddress
    said: InConfidence
    partner_id: str
    contact_id: str | None
    thread_id: str | None
    inbox_id: str | None
    mail_domain: str
    task: str

    @property
    def with_post(self) -> dict[str, Any]:
        """As it stands with a post, for the time when that is refused."""
        said = {name: _to_doc(getattr(self.said, name)) for name in _REPLIES}
        others = {name: getattr(self, name) for name in ("key", "partner_id", "contact_id", "mail_domain", "task")}
        return {IN_CONFIDENCE: others | {"to": to_doc(self.to), "said": said, "subject": self.said.subject}}


async def confide(connection: AsyncConnection, confided: Confided) -> Outgoing:
    """As a direct message of the agent's to the asker; answers to it belong to the thread in which he asked."""
    return await put_answer(
        connection, f"{confided.key}:direct", CONFIDED, ReplyAddress(slack_channel=confided.to.slack_user),
        confided.said.direct, mail_domain=confided.mail_domain, thread_id=confided.thread_id,
        partner_id=confided.partner_id, inbox_id=confided.inbox_id, with_post=confided.with_post,
    )  # fmt: skip


def is_confided(row: Due) -> bool:
    """Whether the row goes another way where this one is closed."""
    return isinstance(row.payload.get(IN_CONFIDENCE), dict)


async def otherwise(connection: AsyncConnection, row: Due) -> bool:
    """Slack refused this post for good: what it says in confidence goes the next way. False where it holds nothing."""
    if not is_confided(row):
        return False
    confided = _confided(row.payload[IN_CONFIDENCE], row)
    if confided.to.slack_user and not is_direct(str(row.payload["channel"])):
        await confide(connection, confided)
        await _tell(connection, confided, "directly")
    elif await _mail(connection, confided):
        await _tell(connection, confided, "mailed")
    else:
        await _leave(connection, confided, row)
        await _tell(connection, confided, "colleague")
    return True


async def _mail(connection: AsyncConnection, confided: Confided) -> bool:
    """To the address on file as it stands now; False where there is none that takes mail."""
    contact = await mirror.one(connection, Contact, confided.contact_id) if confided.contact_id else None
    if contact is None or not contact.active or not contact.email or contact.partner_id != confided.partner_id:
        return False
    dead = await undeliverable.of_addresses(connection, [contact.email])
    if contact.email.lower() in dead or await ended.has_ended(connection, confided.partner_id):
        return False
    await put_answer(
        connection, f"{confided.key}:mail", NOTICE, ReplyAddress(to=contact.email, subject=confided.said.subject),
        confided.said.mail, mail_domain=confided.mail_domain, thread_id=confided.thread_id,
        partner_id=confided.partner_id, inbox_id=confided.inbox_id,
    )  # fmt: skip
    return True


async def _leave(connection: AsyncConnection, confided: Confided, row: Due) -> None:
    partner = await mirror.one(connection, Partner, confided.partner_id)
    await tasks.open_task(
        connection, f"{confided.key}:untold", "notice", f"{confided.task}: {confided.said.direct.text}",
        manager_email=partner.manager_email if partner else "", partner_id=confided.partner_id,
        contact_id=confided.contact_id, inbox_id=row.inbox_id,
    )  # fmt: skip


async def _tell(connection: AsyncConnection, confided: Confided, way: str) -> None:
    """In the thread, without a figure; not where the channel is paused by now."""
    to, said = replace(confided.to, outsiders=False), getattr(confided.said, way)
    if not said.text or await slack_channels.paused_since(connection, to.slack_channel) is not None:
        return
    await put_answer(
        connection, f"{confided.key}:{way}", NOTICE, to, said,
        mail_domain=confided.mail_domain, thread_id=confided.thread_id, partner_id=confided.partner_id,
        inbox_id=confided.inbox_id,
    )  # fmt: skip


def _confided(kept: dict[str, Any], row: Due) -> Confided:
    direct, mail, directly, mailed, colleague = (_from_doc(kept["said"][name]) for name in _REPLIES)
    return Confided(
        key=kept["key"],
        to=from_doc(ReplyAddress, kept["to"]),
        said=InConfidence(direct, mail, kept["subject"], directly, mailed, colleague),
        partner_id=kept["partner_id"],
        contact_id=kept["contact_id"],
        thread_id=row.thread_id,
        inbox_id=row.inbox_id,
        mail_domain=kept["mail_domain"],
        task=kept["task"],
    )


def _to_doc(reply: Reply) -> dict[str, Any]:
    """Blocks of a layout are told apart by their own form only."""
    doc: dict[str, Any] = to_doc(replace(reply, layout=()))
    return doc | {"layout": to_payload(reply.layout)}


def _from_doc(doc: dict[str, Any]) -> Reply:
    return replace(from_doc(Reply, doc | {"layout": []}), layout=from_payload(doc["layout"]))
