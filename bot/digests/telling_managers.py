"""A managers' digest as a mail, as a message in Slack, and as plain text; each says the same."""

from __future__ import annotations

from typing import Any

from bot.channels.slack.managers.ports import Report
from bot.channels.slack.managers.reporting import report_blocks, report_text
from bot.channels.slack.outbound.outlet import CARD
from bot.digests.contents import ManagersDigest
from bot.storage.codec import storable
from bot.storage.outbox import BULK, Destination, Outgoing
from bot.vocabulary.layout import Block, Listing, Paragraph, Row, to_payload
from knowledge.program import Manager

KIND = "managers_digest"
_GROUPS = 19  # that one message in Slack shows
_HOW = (
    "Behind each arrow stands what decides it: write it to me by mail or in Slack, or run the command. "
    "“digest” to this address, “/partners digest” or “partnerline digest” gives you this page at any time."
)


def as_report(digest: ManagersDigest) -> Report:
    """As the counter in Slack shows it."""
    groups = tuple(digest.listed())
    if not digest.count:
        groups = (("Exceptions", (digest.first,)), *groups)
    left = len(groups) - _GROUPS
    more = (("More", (f"{left} more groups: `partnerline digest`, or “digest” by mail, has them all",)),)
    return Report(digest.title, (*groups[:_GROUPS], *(more if left > 0 else ())))


def as_text(digest: ManagersDigest) -> str:
    """Plain text, a paragraph for each group."""
    parts = ["\n".join([f"{title}:", *(f"- {line}" for line in lines)]) for title, lines in digest.listed()]
    first = [digest.first] if digest.first else []
    return "\n\n".join([digest.title, *first, *parts, *([_HOW] if digest.count else [])])


def mail(digest: ManagersDigest, manager: Manager, key: str) -> Outgoing:
    """Once per `key`. It belongs to no thread: what is written in answer to it is an order of its own."""
    layout: list[Block] = [Paragraph(digest.first)] if digest.first else []
    for title, lines in digest.listed():
        layout += [Paragraph(title), Listing(tuple(Row("", (line,)) for line in lines))]
    if digest.count:
        layout.append(Paragraph(_HOW))
    payload: dict[str, Any] = {
        "to": manager.email, "subject": digest.title, "in_reply_to": "", "references": [], "text": as_text(digest),
        "layout": to_payload(layout), "language": "en",
    }  # fmt: skip
    return Outgoing(
        f"{key}:mail", Destination.MAIL, KIND, storable(payload), ordering=manager.email.lower(), priority=BULK
    )


def post(digest: ManagersDigest, manager: Manager, key: str) -> Outgoing | None:
    """As a direct message; None for a manager who is not known in Slack."""
    if not manager.slack_user_id:
        return None
    report = as_report(digest)
    payload: dict[str, Any] = {
        "channel": manager.slack_user_id, "thread_ts": "", "text": report_text(report), "blocks": report_blocks(report),
    }  # fmt: skip
    return Outgoing(
        f"{key}:slack", Destination.SLACK, CARD, storable(payload), ordering=manager.slack_user_id, priority=BULK
    )
