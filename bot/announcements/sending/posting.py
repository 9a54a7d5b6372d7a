"""An announcement in a partner's Slack channel: a post with what may be pressed, in a thread that knows its answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.slack.blocks.announced import Around, announced
from bot.storage import ledger, outbox, threads
from bot.storage.crm_writes import interaction_row
from bot.storage.outbox import BULK, Destination, Outgoing
from bot.storage.slack_answers import MORE, standing
from bot.storage.slack_channels import SlackChannel
from bot.storage.timeline import Author, as_it_went
from bot.texts.own import worded
from bot.texts.wording import Wording, reader_locale
from bot.vocabulary import wish
from bot.vocabulary.announcing import Announcement, AnnouncementText, Call, CallKind
from bot.vocabulary.documents import to_payload
from bot.vocabulary.message import ThreadKind
from bot.vocabulary.reply import Choice, Choices, Style
from bot.vocabulary.requests import AnswerFields, DayFields, DaySaid, Finer, Intent, Request
from crm.records import Channel, Direction, Interaction, Partner
from knowledge.program import Manager, Program

POSTED = "announcement"
"""The kind of the parcel with the post; further ones stand below it."""
_PRESSED_FOR = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Posted:
    """Our thread, and the outbox row of the post in the channel."""

    thread_id: str
    outbox_id: str


@dataclass(frozen=True, slots=True)
class Posting:
    """Writes in the caller's transaction; the outbox posts it, no faster than Slack takes it."""

    program: Program
    mail_domain: str
    now: Callable[[], datetime]

    async def __call__(
        self, connection: AsyncConnection, announcement: Announcement, text: AnnouncementText, partner: Partner,
        channel: SlackChannel,
    ) -> Posted:  # fmt: skip
        """Once for each channel. `text` has its personal fields filled in. It is posted only while nobody but the
        partner and the vendor reads the channel.
        """
        wording = wording_for(self.program, text.language, partner)
        key = f"{POSTED}:{announcement.id}:{channel.channel_id}"
        thread_id = await threads.open_thread(
            connection, Channel.SLACK, text.subject, partner_id=partner.id, kind=ThreadKind.ANNOUNCEMENT.value,
            announcement_id=announcement.id, agent_took_part=True,
        )  # fmt: skip
        first = self._row(key, announcement.id, partner, channel, thread_id)
        groups = await standing(
            connection, first, offered(announcement.composed.call, wording), wording.language, self.now(), _PRESSED_FOR
        )
        by = self.program.manager(announcement.confirmed_by or announcement.created_by)
        around = around_post(self.program, by, announcement.composed.call_in(text.language), wording)
        made = announced(text.subject, text.body, around, groups)
        rows = [
            first if place == 0 else self._row(f"{key}:{place}", announcement.id, partner, channel, thread_id, first.id)
            for place, _post in enumerate(made)
        ]
        for row, post in zip(rows, made, strict=True):
            row.payload.update(text=post.text, blocks=post.blocks, language=wording.language)
        files = self._files(key, announcement, partner, channel, first, thread_id)
        told = self._told(text, partner, first)
        await outbox.put(connection, [*rows, *files, interaction_row(told)])
        said = {"key": key, "announcement": announcement.id, "subject": text.subject, "outcome": told.outcome}
        await ledger.append(connection, "message_out", Channel.SLACK.value, said, partner_id=partner.id)
        return Posted(thread_id, first.id)

    def _row(
        self, key: str, announcement_id: str, partner: Partner, channel: SlackChannel, thread_id: str,
        under: str = "",
    ) -> Outgoing:  # fmt: skip
        payload: dict[str, Any] = {
            "channel": channel.channel_id, "thread_ts": "", "only_team": channel.partner_team_id,
        }  # fmt: skip
        return Outgoing(
            key, Destination.SLACK, MORE if under else POSTED, payload | ({"under": under} if under else {}),
            ordering=channel.channel_id, partner_id=partner.id, thread_id=thread_id, priority=BULK,
            announcement_id=announcement_id,
        )  # fmt: skip

    def _files(
        self, key: str, announcement: Announcement, partner: Partner, channel: SlackChannel, first: Outgoing,
        thread_id: str,
    ) -> list[Outgoing]:  # fmt: skip
        """Below the post, each as a file."""
        documents = to_payload(announcement.composed.documents)
        payloads = [
            {name: first.payload[name] for name in ("channel", "thread_ts", "only_team")}
            | {"under": first.id, "text": str(document["name"]), "document": document}
            for document in documents
        ]
        return [
            Outgoing(
                f"{key}:file:{place}", Destination.SLACK, MORE, payload, ordering=channel.channel_id,
                partner_id=partner.id, thread_id=thread_id, priority=BULK, announcement_id=announcement.id,
            )
            for place, payload in enumerate(payloads)
        ]  # fmt: skip

    def _told(self, text: AnnouncementText, partner: Partner, row: Outgoing) -> Interaction:
        told = Interaction(
            key=row.key,
            partner_id=partner.id,
            contact_id=None,
            deal_numbers=(),
            channel=Channel.SLACK,
            direction=Direction.OUT,
            at=self.now(),
            summary=f"Announcement: {text.subject}",
            message_id=row.id,
            outcome="announced",
            body=text.body,
        )
        return as_it_went(told, row, Author(self.program.vendor.agent_address, self.mail_domain))


def around_post(program: Program, by: Manager | None, call: Call, wording: Wording) -> Around:
    """What stands around the text; `by` is who announces it, None for nobody in particular."""
    vendor = program.vendor.name
    byline = wording.text("announced.from", {"name": by.name, "vendor": vendor}) if by else vendor
    stop, goes_on = wording.text("announced.stop", {}), wording.text("announced.goes_on", {})
    return Around(byline, stop, goes_on, _asked(call, wording))


def offered(call: Call, wording: Wording) -> Choices:
    """What may be pressed instead of written; nothing where nothing is asked, or words are."""
    made: tuple[Choice, ...] = ()
    if call.kind is CallKind.ANSWER:
        made = (_yes(wording), _no("no", wording), _maybe(wording))
    elif call.kind is CallKind.DATE:
        made = (*(_day(day, wording) for day in call.dates), _no("no_day", wording))
    return Choices(made, prompt=wording.text("announced.pick_day", {}))


def _yes(wording: Wording) -> Choice:
    label, words = wording.text("announced.yes", {}), wording.text("announced.say_yes", {})
    return Choice(label, words, _wish(AnswerFields("yes"), wording), Style.PRIMARY)


def _no(label: str, wording: Wording) -> Choice:
    words = wording.text("announced.say_no", {})
    return Choice(wording.text(f"announced.{label}", {}), words, _wish(AnswerFields("no"), wording))


def _maybe(wording: Wording) -> Choice:
    label, words = wording.text("announced.maybe", {}), wording.text("announced.say_maybe", {})
    return Choice(label, words, _wish(AnswerFields("maybe"), wording))


def _day(day: date, wording: Wording) -> Choice:
    label, words = wording.text("announced.day", {"day": day}), wording.text("announced.say_day", {"day": day})
    said = DayFields(days=(DaySaid(day.day, day.month, day.year),))
    return Choice(label, words, _wish(said, wording, Finer.DAY))


def _wish(said: AnswerFields, wording: Wording, finer: Finer | None = None) -> str:
    return wish.write([Request(Intent.ANSWER_ANNOUNCEMENT, said, finer=finer)], wording.language)


def _asked(call: Call, wording: Wording) -> str:
    if call.kind is CallKind.QUESTION:
        return " ".join(filter(None, (call.question, wording.text("announced.answer_below", {}))))
    return call.question


def wording_for(program: Program, language: str, partner: Partner) -> Wording:
    """In the language of a text, with days as they are written where the partner is."""
    texts = worded(program.texts)
    known = texts.language(language)
    return Wording(texts, known, reader_locale(known, partner.country), ZoneInfo("UTC"), Channel.SLACK)
