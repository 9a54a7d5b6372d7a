"""Announcements in memory for the console: counted by the sample contacts, sent at once, progressing at each look."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from bot.announcements.segments.parsing import SegmentFault, parse_segment
from bot.announcements.text_format.faults import Faults
from bot.announcements.text_format.reading import Surroundings, read_text
from bot.announcements.text_format.writing import as_text
from bot.announcements.translations.translating import missing
from bot.channels.console.announcing.views import AnnouncementRow, Awaiting, NamedFile, PartFault, Reached
from bot.vocabulary.announcement_report import AnnouncementReport, Copies, Registered, SignUp, SignUps, Slice
from bot.vocabulary.announcing import (
    Announcement,
    AnnouncementText,
    Call,
    CallKind,
    Composed,
    Preview,
    Progress,
    Sample,
)
from bot.vocabulary.announcing import AnnouncementState as State
from bot.vocabulary.documents import Document
from bot.vocabulary.results import Done, NotDone
from bot.vocabulary.segment import LeftOut, Recipient, SavedSegment, Segment, SegmentChoices
from tests.fakes import console_data as data

NO_MODEL = NotDone("No model is configured, so nothing can be proposed.", "Set model_url and model_name.")
PIXEL = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")


def sample_announcement(now: datetime) -> Announcement:
    """One that went out six days ago."""
    body = "We meet in Antwerp on **11 February**.\n\nWill you come?"
    text = AnnouncementText("en", "Partner summit in Antwerp", body)
    segment = Segment(tiers=("Select", "Elite"))
    at = now - timedelta(days=6)
    composed = Composed((text,), segment, Call(CallKind.ANSWER))
    return Announcement("a1", composed, State.SENT, "noor@lumora.example", at, "noor@lumora.example", at, at, at)


def sample_draft(now: datetime) -> Announcement:
    """In two languages, one of which nobody has approved."""
    texts = (
        AnnouncementText("en", "Prices of 2027", "Dear {first_name},\n\nfrom January on **Lumora Core** costs less."),
        AnnouncementText("de", "Preise 2027", "Guten Tag {name},\n\n**Lumora Core** kostet weniger.", approved=False),
    )
    composed = Composed(texts, Segment(tiers=("Elite",), without=("region!=Iberia",)), remind_after=5)
    return Announcement("d1", composed, State.DRAFT, "noor@lumora.example", now - timedelta(hours=3))


class AnnouncingInMemory:
    """Implements `Announcing`. `calls` are what changed something; `wrong` is what `faults` finds."""

    def __init__(self, now: Callable[[], datetime], calls: list[tuple[object, ...]]) -> None:
        self.now = now
        self.calls = calls
        self.kept = {"a1": sample_announcement(now()), "d1": sample_draft(now())}
        self.saved = [SavedSegment("Elite in DACH", Segment(tiers=("Elite",), regions=("DACH",)), "noor", now())]
        self.wrong: tuple[PartFault, ...] = ()
        self.can_propose = False
        self.gone: dict[str, int] = {}
        self.answers = (
            SignUp("yes", "Priya Oakeshott", "priya@northgate.example", "Northgate Foundry", "Elite", "mail", now()),
        )

    async def choices(self) -> SegmentChoices:
        return SegmentChoices(
            ("Registered", "Select", "Elite"),
            ("referral", "reseller", "services", "distributor"),
            tuple(sorted({p.region for p in data.PARTNERS})),
            ("en", "de", "fr", "nl", "es"),
            partners=tuple(sorted(p.name for p in data.PARTNERS)),
            products=("Lumora Core",),
            pipeline=("open", "none", "stalled", "closing"),
            certificates=("valid", "none", "expiring", "expired"),
            countries=tuple(sorted({p.country for p in data.PARTNERS})),
            saved=tuple(self.saved),
        )

    async def segment_of(self, words: str) -> Segment | NotDone:
        try:
            return parse_segment(words, await self.choices())
        except SegmentFault as fault:
            return NotDone(str(fault))

    async def reached(self, segment: Segment) -> Reached:
        inside = [seat for seat in data.partner_seats() if _in(segment, seat.tier, seat.partner_id, seat.language)]
        out = {contact.id for contact in data.CONTACTS if contact.opted_out}
        people = tuple(Recipient(s.name, s.email, s.partner_name, s.language) for s in inside if s.id not in out)
        return Reached(people, tuple(LeftOut(s.name, s.partner_name, "opted out") for s in inside if s.id in out))

    async def read_text(self, text: str) -> Composed | NotDone:
        choices = await self.choices()
        read = read_text(text, Surroundings(lambda words: parse_segment(words, choices)))
        return read.as_not_done() if isinstance(read, Faults) else read.composed

    def as_text(self, composed: Composed) -> str:
        return as_text(composed)

    async def keep_file(self, name: str, content: bytes, declared: str) -> Document | NotDone:
        if name.endswith(".exe"):
            return NotDone("programs are not taken")
        sha256 = hashlib.sha256(content).hexdigest()
        return Document(name, declared or "application/pdf", len(content), sha256, f"page/{sha256}")

    def faults(self, composed: Composed) -> tuple[PartFault, ...]:
        return self.wrong

    async def keep(self, by: str, composed: Composed, announcement_id: str) -> Announcement | NotDone:
        if by != data.MANAGERS[0].email:
            return NotDone(f"{by} may not announce", "Ask Noor Haddad to send it.")
        known = self.kept.get(announcement_id)
        if known is not None and known.state not in (State.DRAFT, State.SCHEDULED):
            return NotDone(f"“{known.subject}” has gone out already", "only what has not been sent is changed")
        if known is None:
            UUID(announcement_id)
            known = Announcement(announcement_id, composed, State.DRAFT, by, self.now())
        self.calls.append(("keep", by, announcement_id, composed))
        self.kept[announcement_id] = replace(known, composed=composed, state=State.DRAFT)
        return self.kept[announcement_id]

    async def save_segment(self, by: str, name: str, segment: Segment) -> Done | NotDone:
        if not name:
            return NotDone("The segment has no name.", "Give it one by which others know it.")
        self.calls.append(("save_segment", by, name, segment))
        self.saved.append(SavedSegment(name, segment, by, self.now()))
        return Done(f"“{name}” is saved: {segment}.", name)

    async def delete_segment(self, by: str, name: str) -> Done | NotDone:
        self.calls.append(("delete_segment", by, name))
        self.saved = [one for one in self.saved if one.name != name]
        return Done(f"“{name}” is deleted.", name)

    async def find(self, announcement_id: str) -> Announcement | None:
        return self.kept.get(announcement_id)

    async def preview(self, by: str, composed: Composed) -> Preview | NotDone:
        reached = await self.reached(composed.segment)
        text = composed.text_for("")
        samples = tuple(
            Sample(
                one.name, one.partner_name, one.language, text.subject, text.body,
                f"<!doctype html><p>{_plain(text.body)}</p>", f"{text.subject}\n\n{text.body}",
            )
            for one in reached.recipients[:3]
        )  # fmt: skip
        return Preview(
            reached.partners, reached.count, 1, reached.count, str(composed.segment), reached.left_out, samples,
            self.now(), self.now() + timedelta(minutes=2), (("en", reached.count),) if reached.count else (),
        )  # fmt: skip

    async def test(self, by: str, composed: Composed) -> Done | NotDone:
        self.calls.append(("test", by, composed.subject))
        return Done(f"The test goes to {by}.")

    async def confirm(
        self, by: str, announcement_id: str, count: int, seen: str = ""
    ) -> Announcement | Preview | NotDone:
        draft = self.kept.get(announcement_id)
        if draft is None:
            return NotDone("There is no such announcement.")
        if draft.state is not State.DRAFT:
            return draft
        if seen and seen != draft.composed.version:
            return NotDone("It was changed since you looked at it.", "Look at it as it is now.")
        reached = await self.preview(by, draft.composed)
        if isinstance(reached, Preview) and reached.contacts != count:
            return reached
        self.calls.append(("confirm", by, announcement_id, count))
        later = draft.composed.timing.at is not None
        now = self.now()
        self.kept[announcement_id] = replace(
            draft, state=State.SCHEDULED if later else State.SENDING, confirmed_by=by, send_at=now,
            began_at=None if later else now,
        )  # fmt: skip
        self.gone[announcement_id] = 0
        return self.kept[announcement_id]

    def missing_languages(self, composed: Composed) -> tuple[str, ...]:
        return missing(composed)

    async def propose(self, by: str, announcement_id: str, languages: Sequence[str]) -> Done | NotDone:
        if not self.can_propose:
            return NO_MODEL
        draft = self.kept[announcement_id]
        proposed = tuple(AnnouncementText(one, f"[{one}] Subject", "Text.", approved=False) for one in languages)
        composed = replace(draft.composed, texts=draft.composed.texts + proposed)
        self.kept[announcement_id] = replace(draft, composed=composed)
        return Done("Read what is proposed, and approve it.")

    async def approve(
        self, by: str, announcement_id: str, language: str, subject: str, body: str
    ) -> Announcement | NotDone:
        if not subject:
            return NotDone("The announcement has no subject.", "Write it in one line.")
        draft = self.kept[announcement_id]
        made = AnnouncementText(language, subject, body, by=by)
        texts = tuple(made if text.language == language else text for text in draft.composed.texts)
        self.kept[announcement_id] = replace(draft, composed=replace(draft.composed, texts=texts))
        return self.kept[announcement_id]

    async def listed(self) -> tuple[AnnouncementRow, ...]:
        rows = sorted(self.kept.values(), key=lambda one: one.created_at, reverse=True)
        return tuple(
            AnnouncementRow(one, 14, 14, 6, 2, 1, 1) if one.state is State.SENT else AnnouncementRow(one)
            for one in rows
        )

    async def progress(self, announcement_id: str) -> Progress | None:
        one = self.kept.get(announcement_id)
        if one is None:
            return None
        if one.state is State.SENT:
            return Progress(one.state, 14, 14, 0, 0)
        gone = self.gone.get(announcement_id, 0)
        if one.state is State.SENDING:
            self.gone[announcement_id] = gone + 1
        return Progress(one.state, 4, min(gone, 4), 0, max(4 - gone, 0))

    async def pause(self, by: str, announcement_id: str) -> Done | NotDone:
        return self._move("pause", by, announcement_id, State.PAUSED)

    async def resume(self, by: str, announcement_id: str) -> Done | NotDone:
        return self._move("resume", by, announcement_id, State.SENDING)

    async def cancel(self, by: str, announcement_id: str) -> Done | NotDone:
        return self._move("cancel", by, announcement_id, State.CANCELLED)

    async def awaiting(self, announcement_id: str) -> Awaiting | None:
        return Awaiting(5, 0, {"opted out": 1}) if announcement_id in self.kept else None

    async def remind(self, by: str, announcement_id: str, count: int) -> Done | NotDone:
        self.calls.append(("remind", by, announcement_id, count))
        return Done(f"{count} people are reminded.")

    async def sign_ups(self, announcement_id: str) -> SignUps | None:
        one = self._begun(announcement_id)
        return SignUps(one.id, one.subject, (), self.answers, 5) if one else None

    async def sign_ups_csv(self, announcement_id: str) -> NamedFile | None:
        one = self._begun(announcement_id)
        return NamedFile("answers.csv", "text/csv", b"answer,name\r\n") if one else None

    async def report(self, announcement_id: str) -> AnnouncementReport | None:
        one = self._begun(announcement_id)
        return _report(one, self.now()) if one else None

    async def report_csv(self, announcement_id: str) -> NamedFile | None:
        return NamedFile("report.csv", "text/csv", b"part,of\r\n") if self._begun(announcement_id) else None

    async def chart(self, announcement_id: str) -> NamedFile | None:
        return NamedFile("report.png", "image/png", PIXEL) if self._begun(announcement_id) else None

    def _begun(self, announcement_id: str) -> Announcement | None:
        one = self.kept.get(announcement_id)
        return one if one and one.began_at else None

    def _move(self, order: str, by: str, announcement_id: str, to: State) -> Done | NotDone:
        one = self.kept.get(announcement_id)
        if one is None or one.state is State.SENT:
            return NotDone("It has gone out already, or is not there.")
        self.calls.append((order, by, announcement_id))
        self.kept[announcement_id] = replace(one, state=to)
        return Done(f"“{one.subject}” is {to}.", one.id)


def _in(segment: Segment, tier: str, partner_id: str, language: str) -> bool:
    partner = next(p for p in data.PARTNERS if p.id == partner_id)
    unwanted = dict(segment.exclusions())
    return (
        (not segment.tiers or tier in segment.tiers)
        and (not segment.types or bool({kind.value for kind in partner.types} & set(segment.types)))
        and (not segment.regions or partner.region in segment.regions)
        and (not segment.languages or language in segment.languages)
        and (not segment.partners or partner.name in segment.partners)
        and partner.region not in unwanted.get("region", ())
        and tier not in unwanted.get("tier", ())
        and partner.name not in unwanted.get("partner", ())
    )


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _report(one: Announcement, now: datetime) -> AnnouncementReport:
    tiers = (Slice("Select", 8, 4, 3, 1), Slice("Elite", 6, 5, 3, 1, 1))
    return AnnouncementReport(
        id=one.id, subject=one.subject, by=one.created_by, call=one.composed.call.kind,
        began_at=one.began_at or now, taken_at=now, days=14, partners=6, people=Slice("", 14, 9, 6, 2, 1),
        mails=Copies(14, 13, 1), posts=Copies(2, 2), answers=(("yes", 6), ("no", 2), ("maybe", 1)),
        said=(("later", 1),), by_tier=tiers, by_region=(), by_language=(), by_channel=(), others=0, opted_out=1,
        reminded=0, after_reminder=0, median=timedelta(hours=5), registered=Registered(timedelta(days=6), 1, 3, 1, 2),
    )  # fmt: skip
