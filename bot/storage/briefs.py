"""What managers were asked: known by a button's id, by a mail's reply key or Message-ID, or by a card's place in Slack.

Key and Message-ID of a mail are drawn by chance: who knows one has that mail.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import ColumnElement, Row, Select, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.desk_tables import briefs
from bot.storage.slack_tables import slack_buttons
from bot.storage.tables import outbox
from bot.vocabulary.briefs import BriefKind

EXPECTED = timedelta(hours=24)
"""How long words without a verb are taken for what a manager was asked for."""
_LOOKED_AT = 20  # keys and ids of one mail


@dataclass(frozen=True, slots=True)
class SentBrief:
    """A brief on its way or arrived, in one place. `manager_email` is empty for a channel of managers, `slack_channel`
    for a mail. `payload` is what stands in the outbox.
    """

    id: str
    kind: BriefKind
    subject: str
    manager_email: str
    outbox_id: str
    reply_key: str | None
    slack_channel: str
    pending: str
    settled_at: datetime | None
    settled_by: str
    payload: dict[str, Any]

    @property
    def open(self) -> bool:
        return self.settled_at is None

    @property
    def partner_id(self) -> str | None:
        """The partner whom it is about."""
        return self.payload.get("about")

    @property
    def named(self) -> str:
        """What people call the subject."""
        return str(self.payload.get("named") or self.subject)

    def expects(self, manager_email: str, now: datetime) -> str:
        """What this manager was asked to write next in answer to it; "" for nothing, or for too long ago."""
        act, since = _pending(self.pending).get(manager_email, ("", ""))
        return act if since and now - datetime.fromisoformat(since) < EXPECTED else ""


@dataclass(frozen=True, slots=True)
class OpenBrief:
    """One of those about a subject that nobody has settled: its id, what people call the subject, and whose it is; and
    the card in Slack that asks about it, where one stands in a channel.
    """

    id: str
    named: str
    partner_id: str | None
    card: tuple[str, str] = ("", "")


def brief_id(key: str, way: str) -> str:
    """The same for the same brief on the same way."""
    return str(uuid5(NAMESPACE_URL, f"partnerline:brief:{way}:{key}"))


async def note(connection: AsyncConnection, row_id: str, kind: BriefKind, subject: str, **values: Any) -> bool:
    """Note that it is sent; False where it was before."""
    made = insert(briefs).values(id=row_id, kind=kind.value, subject=subject, **values)
    noted = made.on_conflict_do_nothing(index_elements=["id"]).returning(briefs.c.id)
    return await connection.scalar(noted) is not None


async def by_id(connection: AsyncConnection, row_id: str, *, lock: bool = False) -> SentBrief | None:
    """None for what is no id of a brief, whatever it is."""
    try:
        known = str(UUID(row_id))
    except ValueError:
        return None
    query = _query().where(briefs.c.id == known)
    return _brief((await connection.execute(query.with_for_update(of=briefs) if lock else query)).one_or_none())


async def answered(connection: AsyncConnection, reply_keys: Sequence[str], mail_ids: Sequence[str]) -> SentBrief | None:
    """The brief that a mail answers: by the key it is sent to, else by the ids that it refers to, the latest brief."""
    keys, ids = list(reply_keys[:_LOOKED_AT]), [*mail_ids[:_LOOKED_AT], *mail_ids[-_LOOKED_AT:]]
    for known in (briefs.c.reply_key.in_(keys), briefs.c.mail_id.in_(ids)):
        query = _query().where(known).order_by(briefs.c.sent_at.desc()).limit(1)
        if found := _brief((await connection.execute(query)).one_or_none()):
            return found
    return None


async def under(connection: AsyncConnection, places: Sequence[str], ts: str) -> SentBrief | None:
    """The brief whose card was posted as `ts` in one of these places: a channel, or a manager's direct messages."""
    query = _query().where(briefs.c.slack_channel.in_([p for p in places if p]), outbox.c.remote_id == ts)
    return _brief((await connection.execute(query.limit(1))).one_or_none())


async def latest(connection: AsyncConnection, kind: BriefKind, subject: str, manager_email: str) -> SentBrief | None:
    """The newest open mail about this subject that went to this manager."""
    query = _query().where(*_about(kind, subject), briefs.c.settled_at.is_(None), briefs.c.reply_key.is_not(None))
    query = query.where(briefs.c.manager_email == manager_email).order_by(briefs.c.sent_at.desc()).limit(1)
    return _brief((await connection.execute(query)).one_or_none())


async def asked_since(connection: AsyncConnection, kind: BriefKind, subject: str, form: str) -> bool:
    """Whether managers were asked about it anew after this form was opened."""
    opened = select(slack_buttons.c.made_at).where(slack_buttons.c.id == form).scalar_subquery()
    newer = select(briefs.c.id).where(*_about(kind, subject), briefs.c.sent_at > opened)
    return bool(await connection.scalar(select(newer.exists())))


async def open_cards(connection: AsyncConnection, kind: BriefKind, subject: str) -> list[SentBrief]:
    """The cards about the subject that still have their buttons, locked."""
    query = _query().where(*_about(kind, subject), briefs.c.settled_at.is_(None), briefs.c.slack_channel != "")
    rows = await connection.execute(query.order_by(briefs.c.sent_at, briefs.c.id).with_for_update(of=briefs))
    return [_to_brief(row) for row in rows.all()]


async def open_ones(
    connection: AsyncConnection, kinds: Collection[BriefKind]
) -> dict[tuple[BriefKind, str], OpenBrief]:
    """What managers were asked and nobody has settled: (kind, subject) -> the first brief about it."""
    query = (
        select(briefs.c.kind, briefs.c.subject, briefs.c.id, outbox.c.payload["named"].astext.label("named"),
               outbox.c.payload["about"].astext.label("partner_id"), briefs.c.slack_channel, outbox.c.remote_id)
        .join(outbox, outbox.c.id == briefs.c.outbox_id)
        .where(briefs.c.kind.in_([kind.value for kind in kinds]), briefs.c.settled_at.is_(None))
        .order_by(briefs.c.sent_at.desc(), briefs.c.id.desc())
    )  # fmt: skip
    rows = (await connection.execute(query)).all()
    cards = {(row.kind, row.subject): (row.slack_channel, row.remote_id) for row in rows
             if row.slack_channel and row.remote_id}  # fmt: skip
    return {
        (BriefKind(row.kind), row.subject): OpenBrief(
            row.id, row.named or row.subject, row.partner_id, cards.get((row.kind, row.subject), ("", ""))
        )
        for row in rows
    }


async def expect(connection: AsyncConnection, brief: SentBrief, manager_email: str, act: str, now: datetime) -> None:
    """What this manager writes next in answer to it is taken for `act`; "" expects nothing of him any more."""
    known = await connection.scalar(select(briefs.c.pending).where(briefs.c.id == brief.id).with_for_update())
    pending = _pending(str(known or ""))
    pending.pop(manager_email, None)
    if act:
        pending[manager_email] = (act, now.isoformat())
    await connection.execute(update(briefs).where(briefs.c.id == brief.id).values(pending=json.dumps(pending)))


async def settle(connection: AsyncConnection, kind: BriefKind, subject: str, by: str) -> list[SentBrief]:
    """Close every open brief about the subject; those that were open."""
    open_ = (*_about(kind, subject), briefs.c.settled_at.is_(None))
    query = _query().where(*open_).order_by(briefs.c.sent_at, briefs.c.id).with_for_update(of=briefs)
    found = [_to_brief(row) for row in (await connection.execute(query)).all()]
    ids = [brief.id for brief in found]
    done = update(briefs).where(briefs.c.id.in_(ids)).values(settled_at=func.now(), settled_by=by, pending="")
    await connection.execute(done)
    return found


def _about(kind: BriefKind, subject: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return briefs.c.kind == kind.value, briefs.c.subject == subject


def _query() -> Select[Any]:
    return select(
        briefs.c.id, briefs.c.kind, briefs.c.subject, briefs.c.manager_email, briefs.c.outbox_id, briefs.c.reply_key,
        briefs.c.slack_channel, briefs.c.pending, briefs.c.settled_at, briefs.c.settled_by, outbox.c.payload,
    ).join(outbox, outbox.c.id == briefs.c.outbox_id)  # fmt: skip


def _brief(row: Row[Any] | None) -> SentBrief | None:
    return None if row is None else _to_brief(row)


def _to_brief(row: Row[Any]) -> SentBrief:
    return SentBrief(**{**row._asdict(), "kind": BriefKind(row.kind)})


def _pending(text: str) -> dict[str, tuple[str, str]]:
    """Manager's address -> (act, since when)."""
    return {name: (str(said[0]), str(said[1])) for name, said in json.loads(text or "{}").items()}
