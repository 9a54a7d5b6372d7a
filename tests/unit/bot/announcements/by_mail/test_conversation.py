"""Composing by mail: what a manager's mail becomes, what he is shown, and what his replies do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import cast
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from bot.announcements.by_mail.taking import AnnouncingByMail
from bot.announcements.composing.attaching import GivenFile
from bot.ports import AttachedFile, FoundFiles, RawMessage
from bot.storage import inbox
from bot.storage.caps import Answering
from bot.storage.codec import to_doc
from bot.storage.database import Database
from bot.storage.documents import StoredDocuments
from bot.storage.inbox import Arrival, Inbox, InboxRow, InboxState
from bot.storage.queue import Queue
from bot.storage.tables import outbox
from bot.vocabulary.announcing import (
    Announcement,
    AnnouncementState,
    Composed,
    Preview,
    Progress,
    Sample,
    Zone,
)
from bot.vocabulary.message import Attachment, Message, ReplyAddress, Sender
from bot.vocabulary.results import Done, NotDone
from bot.vocabulary.segment import LeftOut, SegmentChoices
from crm.records import Channel
from knowledge.program import Manager
from tests.builders import NOW, TODAY, program
from tests.unit.bot.storage.conftest import queue, storage

__all__ = ["queue", "storage"]

DOMAIN = "partners.example"
ANNOUNCE = "announce@lumora.example"
JONAS = Manager("Jonas Weber", "jonas@lumora.example", announces=True)
NOOR = Manager("Noor Haddad", "noor@lumora.example", announces=True)
NEWS = (
    "Segment: tier=Elite\nCall: yes/no\n\n# Insight 3\n\nHello {first_name},\n\n- one\n\n[de]\n# Insight 3 da\n\nHallo"
)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@dataclass
class Desk:
    """Implements `bot.announcements.by_mail.desk.Desk` and `FollowUp` in memory; what was done stands in `done`."""

    contacts: int = 41
    kept: dict[str, Announcement] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)

    async def choices(self) -> SegmentChoices:
        return SegmentChoices(("Registered", "Select", "Elite"), ("referral",), ("DACH",), ("en", "de"))

    async def keep(self, by: str, composed: Composed, announcement_id: str | None = None) -> Announcement | NotDone:
        known = self.kept.get(announcement_id or "")
        if known is not None and known.state is AnnouncementState.SENDING:
            return NotDone("it has gone out already", "announce what has changed")
        name = announcement_id or str(uuid4())
        self.kept[name] = Announcement(name, composed, AnnouncementState.DRAFT, by, NOW)
        return self.kept[name]

    async def find(self, announcement_id: str) -> Announcement | None:
        return self.kept.get(announcement_id)

    async def preview(self, by: str, composed: Composed, samples: int = 3) -> Preview | NotDone:
        left_out = (LeftOut("Bo", "Two", "opted out"), LeftOut("Cy", "Two", "opted out"))
        text = composed.texts[0]
        shown = (
            Sample("Ada Byrne", "Quaywise", text.language, text.subject, text.body.replace("{first_name}", "Ada")),
        )
        return Preview(12, self.contacts, 3, self.contacts, str(composed.segment), left_out, shown)

    async def test(self, by: str, composed: Composed) -> Done | NotDone:
        self.done.append(f"test to {by}")
        return Done(f"it was sent to {by} alone")

    async def confirm(
        self, by: str, announcement_id: str, count: int, seen: str = ""
    ) -> Announcement | Preview | NotDone:
        found = self.kept[announcement_id]
        if count != self.contacts:
            preview = await self.preview(by, found.composed)
            assert isinstance(preview, Preview)
            return preview
        if found.state is AnnouncementState.DRAFT:
            self.done.append(f"confirmed {found.subject} to {count} by {by}")
            later = found.composed.timing.at is not None
            state = AnnouncementState.SCHEDULED if later else AnnouncementState.SENDING
            self.kept[announcement_id] = replace(found, state=state)
        return self.kept[announcement_id]

    async def pause(self, by: str, announcement_id: str) -> Done | NotDone:
        return self._note("paused")

    async def resume(self, by: str, announcement_id: str) -> Done | NotDone:
        return self._note("resumed")

    async def cancel(self, by: str, announcement_id: str) -> Done | NotDone:
        return self._note("cancelled")

    async def remind(self, by: str, announcement_id: str) -> Done | NotDone:
        return self._note("reminded")

    def _note(self, what: str) -> Done:
        self.done.append(what)
        return Done(f"it is {what}")

    async def progress(self, announcement_id: str) -> Progress | None:
        return Progress(AnnouncementState.SENDING, 44, 12, 1, 31, people=41, mails=41, posts=3)

    async def report(self, announcement_id: str) -> str | None:
        return "yes 12, no 3"

    async def report_files(self, announcement_id: str) -> tuple[GivenFile, ...]:
        return (GivenFile("report.csv", b"answer;count\nyes;12\n"),)


class Files:
    """Implements `bot.ports.FileSource`: the PDF that a test says a mail has."""

    async def files(self, raw: RawMessage, named: Sequence[Attachment] = ()) -> FoundFiles:
        return FoundFiles(tuple(named), tuple(AttachedFile(a, PDF) for a in named if a.kind))


@dataclass
class Mails:
    """A manager's mails, one after the other, and what he is answered."""

    storage: Database
    queue: Queue
    desk: Desk = field(default_factory=Desk)
    answers: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    key: str = ""
    dies_once: bool = False
    attached: list[str] = field(default_factory=list)

    async def _dies(self, row: InboxRow, message: Message, who: Manager) -> None:
        """The process ends when the desk has done its part, before the mail is closed."""
        announcing = replace(self.announcing, answering=cast("Answering", None))
        with pytest.raises(AttributeError):
            await announcing.take(row, message, who)

    @property
    def announcing(self) -> AnnouncingByMail:
        return AnnouncingByMail(
            self.storage, self.desk, self.desk, Files(), program(), Answering(DOMAIN), lambda: NOW, lambda: TODAY,
            lambda _: "en",
        )  # fmt: skip

    async def send(
        self, words: str, subject: str = "", *, to: str = ANNOUNCE, who: Manager = JONAS, answers: str = "",
        files: tuple[Attachment, ...] = (), forwarded: str = "",
    ) -> str:  # fmt: skip
        """The answer; "" where the mail is none of these."""
        arrival = Arrival(Channel.EMAIL, b"raw", {"mail_from": who.email, "rcpt_tos": [to]}, NOW, lock=who.email)
        await Inbox(self.storage, self.queue).accept([arrival])
        message_id = f"<{arrival.id}@lumora.example>"
        references = (answers, message_id) if answers else (message_id,)
        message = Message(
            arrival.id, Channel.EMAIL, message_id, NOW, Sender(who.email, who.name, proof="dmarc"), subject, words,
            forwarded=forwarded, attachments=files, reply_to=ReplyAddress(who.email, subject, message_id, references),
        )  # fmt: skip
        async with self.storage.begin() as connection:
            await inbox.mark(connection, arrival.id, InboxState.READ, message=to_doc(message), message_id=message_id)
        async with self.storage.reading() as connection:
            row = await inbox.fetch(connection, arrival.id)
        assert row is not None
        if self.dies_once:
            self.dies_once = False
            await self._dies(row, message, who)
        if not await self.announcing.take(row, message, who):
            return ""
        query = select(outbox).where(outbox.c.inbox_id == arrival.id)
        async with self.storage.reading() as connection:
            (sent,) = (await connection.execute(query)).all()
        self.answers.append(sent.payload["text"])
        self.ids.append(f"<{sent.id}@{DOMAIN}>")
        self.key = sent.payload.get("reply_key", "")
        self.attached = [document["name"] for document in sent.payload.get("documents", ())]
        assert sent.payload["to"] == who.email
        return self.answers[-1]

    async def reply(self, words: str, **more: object) -> str:
        """To the latest answer, as a mail program does."""
        said: dict[str, object] = {"to": f"reply+{self.key}@{DOMAIN}", "answers": self.ids[-1], **more}
        return await self.send(words, **said)  # type: ignore[arg-type]

    @property
    def only(self) -> Announcement:
        (found,) = self.desk.kept.values()
        return found


@pytest.fixture
async def mails(storage: Database, queue: Queue) -> Mails:
    return Mails(storage, queue)


async def test_a_mail_becomes_a_draft_and_its_preview_says_whom_it_reaches_and_what_to_reply(mails: Mails) -> None:
    said = await mails.send(NEWS, "News")
    assert [(t.language, t.subject) for t in mails.only.composed.texts] == [("en", "Insight 3"), ("de", "Insight 3 da")]
    assert mails.only.created_by == JONAS.email
    for words in (
        "“Insight 3” reaches 41 people at 12 partners. Nothing is sent yet.", "tier=Elite",
        "41 mails, 3 Slack channels",
        "2 opted out", "as soon as you send it", "yes, no or maybe", "What Ada Byrne at Quaywise gets", "Hello Ada",
        "- send 41", "- send at 2026-12-01 09:00", "- test", "- cancel",
    ):  # fmt: skip
        assert words in said
    assert mails.desk.done == []


async def test_the_mails_subject_is_the_subject_of_a_text_without_a_heading(mails: Mails) -> None:
    await mails.send("Segment: all\n\nHello all,\n\n> quoted\n\n1. first", "  New   prices ")
    assert (mails.only.subject, mails.only.composed.texts[0].body) == (
        "New prices",
        "Hello all,\n\n> quoted\n\n1. first",
    )


async def test_a_mail_that_is_passed_on_is_the_text_below_the_managers_head_lines(mails: Mails) -> None:
    await mails.send("Segment: all", "Fwd: New prices", forwarded="They rise in May.")
    assert (mails.only.subject, mails.only.composed.texts[0].body) == ("New prices", "They rise in May.")


async def test_a_reply_sends_it_once(mails: Mails) -> None:
    await mails.send(NEWS)
    first = mails.ids[-1]
    assert "goes out to 41 people now" in await mails.reply("Send 41.\n\nJonas")
    for words in ("send", "senden bitte"):
        told = await mails.reply(words, answers=first)
        assert "12 of 44 copies delivered (41 people: 41 mails, 3 posts), 1 failed, 31 waiting" in told
    assert mails.desk.done == ["confirmed Insight 3 to 41 by jonas@lumora.example"]


async def test_a_reply_may_name_the_time(mails: Mails) -> None:
    await mails.send(NEWS)
    first = mails.ids[-1]
    said = await mails.reply("send at 2026-12-01 09:00 in each partner's time")
    assert "goes out to 41 people on 2026-12-01 at 09:00 (each partner's time)" in said
    assert mails.only.composed.timing.zone is Zone.PARTNER
    assert "goes out on 2026-12-01 at 09:00" in await mails.reply("send", answers=first)
    assert len(mails.desk.done) == 1


async def test_where_the_count_has_changed_nothing_is_sent_and_the_new_preview_may_be_confirmed(mails: Mails) -> None:
    await mails.send(NEWS)
    mails.desk.contacts = 42
    said = await mails.reply("send")
    assert "it was 41 people, and has changed since" in said
    assert "reaches 42 people" in said
    assert mails.desk.done == []
    assert "goes out to 42 people now" in await mails.reply("send")


async def test_a_number_that_is_not_the_previews_sends_nothing(mails: Mails) -> None:
    await mails.send(NEWS)
    assert "you wrote 14, and the mail that you answered said 41" in await mails.reply("send 14")
    assert mails.desk.done == []


async def test_a_reply_to_an_older_preview_sends_nothing(mails: Mails) -> None:
    await mails.send(NEWS)
    old = mails.ids[-1]
    assert "“Insight 4” reaches 41" in await mails.reply("# Insight 4\n\nHello")
    assert mails.only.composed.segment.tiers == ("Elite",)
    said = await mails.reply("send", answers=old)
    assert "showed another version" in said
    assert "“Insight 4” reaches" in said
    assert mails.desk.done == []
    await mails.reply("send")
    assert mails.desk.done == ["confirmed Insight 4 to 41 by jonas@lumora.example"]


async def test_what_was_changed_elsewhere_meanwhile_is_shown_before_it_goes(mails: Mails) -> None:
    await mails.send(NEWS)
    other = replace(mails.only.composed.texts[0], subject="Changed in the console")
    await mails.desk.keep(NOOR.email, replace(mails.only.composed, texts=(other,)), mails.only.id)
    assert "“Changed in the console” reaches" in await mails.reply("send")
    assert mails.desk.done == []
    await mails.reply("Route: mail")
    assert mails.only.subject == "Changed in the console"


async def test_single_lines_change_what_they_say_and_nothing_else(mails: Mails) -> None:
    await mails.send(NEWS)
    before = mails.only.composed
    await mails.reply("Segment: tier=Select\nRemind: 5 days", subject="Re: News")
    changed = mails.only.composed
    assert (changed.segment.tiers, changed.remind_after) == (("Select",), 5)
    assert (changed.texts, changed.call) == (before.texts, before.call)


async def test_everything_that_is_wrong_is_said_at_once_and_the_text_is_kept_until_it_is_mended(mails: Mails) -> None:
    said = await mails.send(NEWS.replace("Elite", "Gold").replace("{first_name}", "{firstname}"))
    assert "Nothing is sent" in said
    assert "no tier 'Gold'" in said.replace("“", "'").replace("”", "'")
    assert "line 6: there is no field {firstname}" in said
    assert mails.desk.kept == {}
    assert "Nothing is sent" in await mails.reply("send")
    assert "Nothing is sent" in await mails.reply("Segment: tier=Elite")
    said = await mails.reply("# Insight 3\n\nHello {first_name}")
    assert "“Insight 3” reaches 41" in said


async def test_what_cannot_be_announced_is_answered_with_what_would_help(mails: Mails) -> None:
    for words, said in (
        ("", "there is no text"),
        ("Hello all", "nothing says whom it goes to"),
        ("Segment: all\n# News\n" + "x" * 200_000, "the text has 200,020 characters; use at most 100,000"),
        ("Segment: all\nAttach: prices.pdf\n# News\nText", "attach the file to the mail itself"),
    ):
        assert said in await mails.send(words, "News")


async def test_what_is_no_order_does_nothing_and_is_told_which_there_are(mails: Mails) -> None:
    await mails.send(NEWS)
    said = await mails.reply("send it to the Elite partners only, please")
    assert "is no order that I know" in said
    assert "send at 2026-12-01 09:00" in said
    assert mails.desk.done == []


async def test_its_other_orders_reach_the_desk(mails: Mails) -> None:
    await mails.send(NEWS)
    for words in ("test", "pause", "resume", "remind", "Cancel"):
        assert (await mails.reply(words)).startswith("It ")
    assert mails.desk.done == ["test to jonas@lumora.example", "paused", "resumed", "reminded", "cancelled"]
    assert "yes 12, no 3" in await mails.reply("report")
    assert mails.attached == ["report.csv"]
    assert "12 of 44" in await mails.reply("progress")
    assert "reaches 41 people" in await mails.reply("preview")


async def test_another_manager_may_answer_and_acts_in_his_own_name(mails: Mails) -> None:
    await mails.send(NEWS)
    await mails.reply("send", who=NOOR)
    assert mails.desk.done == ["confirmed Insight 3 to 41 by noor@lumora.example"]


async def test_who_may_not_announce_is_told_who_may(mails: Mails) -> None:
    said = await mails.send(NEWS, who=Manager("Eve", "eve@lumora.example"))
    assert "may not announce" in said
    assert "Noor@lumora.example" in said
    assert mails.desk.kept == {}


async def test_other_mails_are_none_of_it(mails: Mails) -> None:
    assert await mails.send("approve", to="partners@lumora.example") == ""
    assert await mails.send(NEWS, to=f"reply+{'0' * 32}@{DOMAIN}", answers="<other@x.example>") == ""


async def test_files_go_with_it_and_those_that_may_not_are_named(mails: Mails) -> None:
    files = (
        Attachment("Prices.pdf", "application/pdf", len(PDF), "x", kind="pdf"),
        Attachment("tool.exe", "application/octet-stream", 9, "y", refused="program"),
    )
    said = await mails.send(NEWS, files=files)
    assert "tool.exe: programs and scripts are not accepted" in said
    assert "Prices.pdf (1 kB)" in said
    (document,) = mails.only.composed.documents
    assert (document.name, document.content_type) == ("Prices.pdf", "application/pdf")
    assert await StoredDocuments(mails.storage).load(document) == PDF
    more = replace(files[0], name="Terms.pdf")
    await mails.reply("here is the other one", files=(more,))
    assert [d.name for d in mails.only.composed.documents] == ["Prices.pdf", "Terms.pdf"]
    await mails.reply("send", files=(replace(files[0], name="logo.pdf"),))
    assert [d.name for d in mails.only.composed.documents] == ["Prices.pdf", "Terms.pdf"]
    assert len(mails.desk.done) == 1


async def test_a_mail_that_is_handled_again_after_a_crash_makes_one_draft_and_one_announcement(mails: Mails) -> None:
    mails.dies_once = True
    await mails.send(NEWS)
    assert len(mails.desk.kept) == 1
    mails.dies_once = True
    await mails.reply("send")
    assert len(mails.desk.done) == 1


async def test_every_mail_is_written_down(mails: Mails) -> None:
    await mails.send(NEWS)
    await mails.reply("send")
    async with mails.storage.reading() as connection:
        rows = await connection.execute(text("select actor, body ->> 'outcome' from ledger order by id"))
    assert [tuple(row) for row in rows] == [
        (JONAS.email, "announcement_previewed"), (JONAS.email, "announcement_send_done")
    ]  # fmt: skip
