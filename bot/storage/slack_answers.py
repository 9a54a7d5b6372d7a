"""An answer in Slack as its posts: portions in their order, and what may be pressed below the last of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import slack_buttons, threads
from bot.storage.outbox import Outgoing
from bot.storage.slack_buttons import Button, ButtonKind
from bot.storage.slack_tables import slack_buttons as buttons_table
from bot.vocabulary.layout import Paragraph, to_payload
from bot.vocabulary.message import ReplyAddress, ThreadContext
from bot.vocabulary.portions import in_text, portions, text_portions
from bot.vocabulary.reply import Choices, Reply

STAYS = "stays"
"""In what a button means: a press does not end it."""
MORE = "more"
"""The kind of a parcel with a further portion of an answer: the answer is counted once."""


def posts(to: ReplyAddress, reply: Reply) -> list[dict[str, Any]]:
    """The payload of each post; the first of several says the `whole` answer, for those who read it elsewhere."""
    place = {"channel": to.slack_channel, "thread_ts": to.slack_thread_ts, "language": reply.language}
    if not reply.layout and not reply.choices:
        return _whole([place | {"text": text} for text in text_portions(reply.text)], reply)
    cut = portions(reply.layout or (Paragraph(reply.text),))
    if len(cut) < 2:
        return [place | {"text": reply.text, "layout": to_payload(cut[0] if cut else ())}]
    return _whole([place | {"text": in_text(portion), "layout": to_payload(portion)} for portion in cut], reply)


def said(payload: dict[str, Any]) -> str:
    """All that an answer says, by the payload of its first post."""
    return str(payload.get("whole") or payload["text"])


async def with_buttons(connection: AsyncConnection, row: Outgoing, reply: Reply, now: datetime) -> None:
    """Put the choices below the post, each group known by an id that says nothing."""
    groups = [await _group(connection, row, reply, group, now) for group in reply.choices if group.choices]
    if groups:
        row.payload["choices"] = groups
    if reply.judged and row.partner_id is not None:
        not_helpful_first = [{"label": label, "words": label} for label in reversed(reply.judged)]
        doc = {"language": reply.language, "choices": not_helpful_first}
        made = await _make(connection, row, ButtonKind.FEEDBACK, doc, now)
        row.payload["judgement"] = {"id": made, "labels": list(reply.judged)}


async def standing(
    connection: AsyncConnection, row: Outgoing, group: Choices, language: str, now: datetime, lives: timedelta
) -> list[dict[str, Any]]:
    """Choices that several people take, each for himself: they stay after a press, and count for so long. Groups as the
    payload of an answer has them; [] without a choice.
    """
    if not group.choices:
        return []
    doc = {"language": language, "choices": _documented(group), STAYS: True}
    return [_labelled(await _make(connection, row, ButtonKind.SAY, doc, now, lives), group)]


async def note_question(connection: AsyncConnection, thread_id: str, outbox_id: str) -> None:
    """The answers below this post count as long as the thread waits for what it waits for now."""
    thread = await threads.get(connection, thread_id)
    query = select(buttons_table.c.id, buttons_table.c.doc).where(
        buttons_table.c.outbox_id == outbox_id, buttons_table.c.kind == ButtonKind.SAY.value
    )
    for row in (await connection.execute(query)).all():
        if "question" in row.doc and thread is not None:
            doc = row.doc | {"question": question_of(thread.context)}
            await connection.execute(update(buttons_table).where(buttons_table.c.id == row.id).values(doc=doc))


def question_of(thread: ThreadContext) -> dict[str, Any]:
    """What the thread waits for, to be compared with what it waited for when a button was made."""
    return {"asked": list(thread.asked), "about": thread.subject_ref, "proposal": thread.proposal}


def _whole(payloads: list[dict[str, Any]], reply: Reply) -> list[dict[str, Any]]:
    if len(payloads) > 1:
        payloads[0]["whole"] = reply.text
    return payloads


async def _group(
    connection: AsyncConnection, row: Outgoing, reply: Reply, group: Choices, now: datetime
) -> dict[str, Any]:
    doc: dict[str, Any] = {"language": reply.language, "choices": _documented(group)}
    if group.answers:
        thread = await threads.get(connection, row.thread_id) if row.thread_id else None
        doc["question"] = question_of(thread.context if thread else ThreadContext())
    return _labelled(await _make(connection, row, ButtonKind.SAY, doc, now), group)


def _labelled(made: str, group: Choices) -> dict[str, Any]:
    labels = [[choice.label, choice.style.value] for choice in group.choices]
    return {"id": made, "prompt": group.prompt, "labels": labels}


def _documented(group: Choices) -> Sequence[dict[str, str]]:
    return [{"label": one.label, "words": one.words, "wish": one.wish} for one in group.choices]


async def _make(
    connection: AsyncConnection, row: Outgoing, kind: ButtonKind, doc: dict[str, Any], now: datetime,
    lives: timedelta = slack_buttons.LIVES,
) -> str:  # fmt: skip
    button = Button(
        kind, doc, partner_id=row.partner_id, channel=row.ordering, thread_id=row.thread_id, outbox_id=row.id
    )
    return await slack_buttons.make(connection, button, now, lives)
