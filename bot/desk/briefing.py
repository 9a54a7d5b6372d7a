"""Puts what managers have to decide before them, by mail and as a card in Slack, and closes it once it is decided."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.slack.blocks.cards import amended, card, settled
from bot.channels.slack.outbound.outlet import CARD, UPDATE
from bot.storage import briefs, outbox
from bot.storage.briefs import SentBrief, brief_id
from bot.storage.codec import storable
from bot.storage.outbox import Destination, Outgoing
from bot.vocabulary.briefs import Act, Brief, BriefKind
from bot.vocabulary.layout import Block, Listing, Paragraph, Row, to_payload

LETTER = "brief"
_WORDS = {
    Act.APPROVE: "approve",
    Act.REFUSE: "refuse: reason",
    Act.ASK: "ask: question",
    Act.ACCEPT: "accept",
    Act.REJECT: "reject",
    Act.DECLINE: "decline: reason",
    Act.POSTPONE: "postpone: reason",
    Act.BLOCK: "block: reason",
    Act.RELEASE: "release",
    Act.PAY: "paid REFERENCE",
    Act.UPHOLD: "uphold: reason",
    Act.CORRECT: "correct AMOUNT: reason",
    Act.RETRY: "retry",
}


class Briefing:
    """Sends each brief once, however often it is asked to, and settles all of one subject together."""

    def __init__(self, mail_domain: str, managers_channel: str = "") -> None:
        """`managers_channel` "" sends cards to the managers themselves, those of them that are known in Slack."""
        self._mail_domain = mail_domain
        self._managers_channel = managers_channel

    async def send(self, connection: AsyncConnection, brief: Brief) -> None:
        """A mail to the manager and, where there is a place for it, a card in Slack; in the caller's transaction."""
        brief = _line_by_line(storable(brief))
        await self._mail(connection, brief)
        if place := self._managers_channel or brief.manager.slack_user_id:
            await self._card(connection, brief, place)

    async def settle(self, connection: AsyncConnection, kind: BriefKind, subject: str, by: str, result: str) -> None:
        """Everything that was put before managers about the subject is done with: `by` an address or what decided,
        `result` who decided what in a line. Cards say so and lose their buttons.
        """
        rows = [_update(brief, result) for brief in await briefs.settle(connection, kind, subject, by)]
        await outbox.put(connection, [row for row in rows if row is not None])

    async def amend(
        self,
        connection: AsyncConnection,
        kind: BriefKind,
        subject: str,
        result: str,
        acts: tuple[Act, ...],
        occasion: str,
    ) -> None:
        """What was asked about the subject stays open, and something else may be done about it from now on: its cards
        say why (`result`) and have other buttons. Once for each `occasion`.
        """
        how = _in_words(acts, "Or reply in this thread")
        rows = [_amended(b, result, acts, how, occasion) for b in await briefs.open_cards(connection, kind, subject)]
        await outbox.put(connection, rows)

    async def _mail(self, connection: AsyncConnection, brief: Brief) -> None:
        # The Message-ID is made of the row's key: nobody can tell it who does not have the mail.
        key = secrets.token_hex(16)
        payload = _letter(brief) | {"reply_key": key}
        row = Outgoing(f"brief:{key}", Destination.MAIL, LETTER, payload, ordering=brief.manager.email.lower())
        mail_id = f"<{row.id}@{self._mail_domain}>"
        if await briefs.note(
            connection, brief_id(brief.key, "mail"), brief.kind, brief.subject,
            manager_email=brief.manager.email, outbox_id=row.id, reply_key=key, mail_id=mail_id,
        ):  # fmt: skip
            await outbox.put(connection, [row])

    async def _card(self, connection: AsyncConnection, brief: Brief, place: str) -> None:
        in_channel = place == self._managers_channel
        row_id = brief_id(brief.shared if in_channel and brief.shared else brief.key, "slack")
        payload: dict[str, Any] = {
            "channel": place, "thread_ts": "", "text": _in_a_line(brief), "about": brief.partner_id,
            "named": brief.named, "blocks": card(brief, row_id, _in_words(brief.acts, "Or reply in this thread")),
        }  # fmt: skip
        row = Outgoing(f"brief:{row_id}", Destination.SLACK, CARD, payload, ordering=place)
        to = "" if in_channel else brief.manager.email
        if await briefs.note(
            connection, row_id, brief.kind, brief.subject, manager_email=to, outbox_id=row.id, slack_channel=place
        ):
            await outbox.put(connection, [row])


def _update(brief: SentBrief, result: str) -> Outgoing | None:
    """The card's last state. It goes to the same place, so never before the card itself."""
    if not brief.slack_channel:
        return None
    payload: dict[str, Any] = {
        "channel": brief.slack_channel,
        "update_of": brief.outbox_id,
        "text": storable(f"{brief.payload['text']} - {result}"),
        "blocks": settled(brief.payload["blocks"], storable(result)),
    }
    key = f"brief-settled:{brief.id}"
    return Outgoing(key, Destination.SLACK, UPDATE, payload, ordering=brief.slack_channel)


def _amended(brief: SentBrief, result: str, acts: tuple[Act, ...], how: str, occasion: str) -> Outgoing:
    said = storable(result)
    payload: dict[str, Any] = {
        "channel": brief.slack_channel,
        "update_of": brief.outbox_id,
        "text": f"{brief.payload['text']} - {said}",
        "blocks": amended(brief.payload["blocks"], said, acts, brief.id, how),
    }
    key = f"brief-amended:{brief.id}:{occasion}"
    return Outgoing(key, Destination.SLACK, UPDATE, payload, ordering=brief.slack_channel)


def _line_by_line(brief: Brief) -> Brief:
    """Each thing on a line of its own, and that line alone: what partners, strangers and the CRM say in several would
    read as lines of ours.
    """
    facts = tuple((label, _one_line(value)) for label, value in brief.facts)
    return replace(brief, title=_one_line(brief.title), facts=facts, why=_one_line(brief.why))


def _one_line(said: str) -> str:
    return " | ".join(filter(None, (" ".join(line.split()) for line in said.splitlines())))


def _letter(brief: Brief) -> dict[str, Any]:
    layout: list[Block] = [Paragraph(brief.title)]
    if brief.facts:
        layout.append(Listing(tuple(Row(label, (value or "-",)) for label, value in brief.facts)))
    if suggested := _suggestion(brief):
        layout.append(Paragraph(suggested))
    if brief.acts:
        layout.append(Paragraph(f"{_in_words(brief.acts, 'Reply to this mail')} The first line of your reply counts."))
    facts = [f"{label}: {value or '-'}" for label, value in brief.facts]
    parts = [b.text for b in layout if isinstance(b, Paragraph)]
    text = "\n\n".join([parts[0], *(["\n".join(facts)] if facts else []), *parts[1:]])
    return {
        "to": brief.manager.email, "subject": brief.title, "in_reply_to": "", "references": [], "text": text,
        "layout": to_payload(layout), "language": "en", "about": brief.partner_id,
        "named": brief.named,
    }  # fmt: skip


def _suggestion(brief: Brief) -> str:
    said = f"Suggested: {brief.suggestion.value}." if brief.suggestion else ""
    return f"{said} {brief.why}".strip()


def _in_words(acts: tuple[Act, ...], where: str) -> str:
    """How to answer in words: `Reply to this mail: "approve", "refuse: reason" or "ask: question".`"""
    words = [f'"{_WORDS[act]}"' for act in acts]
    last = words[-1:] if len(words) == 1 else [f"{', '.join(words[:-1])} or {words[-1]}"] if words else []
    return f"{where}: {''.join(last)}."


def _in_a_line(brief: Brief) -> str:
    return f"{brief.title}. {_suggestion(brief)}".strip()[:3_000]
