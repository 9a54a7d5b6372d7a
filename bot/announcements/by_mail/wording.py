"""What a manager reads in answer: the preview with what to reply to it, faults, and how far it has come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.announcements.text_format.keys import EXAMPLES, Key
from bot.vocabulary.announcing import (
    Announcement,
    AnnouncementState,
    CallKind,
    Composed,
    Preview,
    Progress,
    Sample,
    Timing,
    Zone,
)
from bot.vocabulary.documents import Document
from bot.vocabulary.layout import Block, Listing, Paragraph, Quotation, Row
from bot.vocabulary.reply import Reply
from knowledge.program import Vendor

_SAMPLE = 1_500  # characters of one sample that are shown
_ASKS = {CallKind.ANSWER: "yes, no or maybe", CallKind.DATE: "one of these days: ", CallKind.QUESTION: "an answer"}
_STATES = {
    AnnouncementState.DRAFT: "is a draft and has not gone out",
    AnnouncementState.SCHEDULED: "waits for its time",
    AnnouncementState.SENDING: "goes out now",
    AnnouncementState.PAUSED: "is paused",
    AnnouncementState.SENT: "has gone out",
    AnnouncementState.CANCELLED: "was cancelled",
}


def reply_of(blocks: Sequence[Block]) -> Reply:
    """Plain and laid out, in the one language that managers are written to in."""
    return Reply("\n\n".join(map(_plain, blocks)), "en", tuple(blocks))


def _plain(block: Block) -> str:
    match block:
        case Paragraph(text):
            return text
        case Quotation(text):
            return "\n".join(f"    {line}".rstrip() for line in text.split("\n"))
        case Listing(rows):
            return "\n".join(f"{row.label}: {'; '.join(row.values)}" for row in rows)
    return ""


def preview_in_words(composed: Composed, preview: Preview, vendor: Vendor) -> tuple[Block, ...]:
    """All of it, with what to reply."""
    begins = f"“{composed.subject}” reaches {_people(preview)}. Nothing is sent yet."
    samples = [block for sample in preview.samples for block in _sample(sample)]
    return Paragraph(begins), Listing(tuple(preview_rows(composed, preview, vendor))), *samples, _what_to_reply(preview)


def _people(preview: Preview) -> str:
    return f"{_counted(preview.contacts, 'person', 'people')} at {_counted(preview.partners, 'partner', 'partners')}"


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def preview_rows(composed: Composed, preview: Preview, vendor: Vendor) -> Iterator[Row]:
    yield Row("To", (preview.segment,))
    channels = _counted(preview.channels, "Slack channel", "Slack channels")
    yield Row("By", (f"{_counted(preview.mails, 'mail', 'mails')}, {channels}",))
    left_out = preview.left_out_by_reason()
    if left_out:
        yield Row("Left out", tuple(f"{count:,} {why}" for why, count in sorted(left_out.items())))
    if preview.languages:
        yield Row("Read in", (", ".join(f"{language} {count:,}" for language, count in preview.languages),))
    yield Row("Goes out", (_when(composed.timing, preview, vendor),))
    call = composed.call
    if call.kind is not CallKind.NONE:
        yield Row("Asks for", (_ASKS[call.kind] + ", ".join(map(str, call.dates)),))
    if composed.remind_after is not None:
        days = _counted(composed.remind_after, "day", "days")
        yield Row("Reminder", (f"{days} later, to those who have not answered",))
    if composed.documents:
        yield Row("Attached", tuple(map(_file, composed.documents)))


def _file(document: Document) -> str:
    return f"{document.name} ({max(1, round(document.size / 1000)):,} kB)"


def _when(timing: Timing, preview: Preview, vendor: Vendor) -> str:
    if timing.at is None:
        begins = "as soon as you send it"
    else:
        whose = "each partner's time" if timing.zone is Zone.PARTNER else f"the time of {vendor.time_zone}"
        begins = f"{timing.at:%Y-%m-%d %H:%M} in {whose}"
    quiet = "" if timing.keep_quiet else ", whatever the hour is there"
    first, last = (moment(at, vendor) if at else "" for at in (preview.first_at, preview.last_at))
    spread = f"; copies from {first} to {last}" if first != last else f"; all copies {first}" if first else ""
    return f"{begins}{quiet}{spread}"


def moment(at: datetime, vendor: Vendor) -> str:
    return f"{at.astimezone(ZoneInfo(vendor.time_zone)):%Y-%m-%d %H:%M %Z}"


def _sample(sample: Sample) -> Iterator[Block]:
    yield Paragraph(f"What {sample.reader} at {sample.partner} gets ({sample.language}):")
    text = sample.text or sample.slack
    cut = text if len(text) <= _SAMPLE else f"{text[:_SAMPLE].rstrip()} […]"
    yield Quotation(f"{sample.subject}\n\n{cut}".strip())
    if sample.text and sample.slack:
        yield Paragraph("It is posted in the partner's Slack channel as well.")


def _what_to_reply(preview: Preview) -> Block:
    if not preview.contacts:
        return Paragraph(f"Nobody would get it, so it cannot be sent. Reply with another line: {EXAMPLES[Key.SEGMENT]}")
    lines = (
        f"- send {preview.contacts} – it goes out",
        "- send at 2026-12-01 09:00 – it waits until then",
        "- test – you alone get it now",
        "- cancel – it is thrown away",
        f"- or what is to be different: a line such as “{EXAMPLES[Key.ROUTE]}”, or the text anew from “# Subject”",
    )
    return Paragraph("\n".join(["Reply with one line:", *lines]))


def faulty_in_words(faults: Sequence[str]) -> tuple[Block, ...]:
    listed = "\n".join(f"- {fault}" for fault in faults)
    return (
        Paragraph("Nothing is sent. This has to be mended first:"),
        Paragraph(listed),
        Paragraph(
            "Your text and your files are kept. Reply with what is to be different: single lines such as "
            f"“{EXAMPLES[Key.SEGMENT]}”, or the text anew from “# Subject”."
        ),
    )


def help_in_words(why: str) -> tuple[Block, ...]:
    return (
        Paragraph(f"Nothing was done. {why}"),
        Paragraph(
            "Write one of these in the first line: send, send at 2026-12-01 09:00, test, preview, cancel, pause, "
            f"resume, progress, remind, report. Or what is to be different: a line such as “{EXAMPLES[Key.SEGMENT]}”, "
            "or the text anew from “# Subject”."
        ),
    )


def confirmed_in_words(done: Announcement, vendor: Vendor, count: int = 0) -> str:
    """What a confirmation came to; `count` people get it, 0 where that was said before."""
    timing, whom = done.composed.timing, f" to {_counted(count, 'person', 'people')}" if count else ""
    if done.state is AnnouncementState.SCHEDULED and timing.at is not None:
        whose = "each partner's time" if timing.zone is Zone.PARTNER else vendor.time_zone
        when = f"on {timing.at:%Y-%m-%d at %H:%M} ({whose})"
        return f"“{done.subject}” goes out{whom} {when}. Reply “cancel” until then if it is not to."
    if done.state in (AnnouncementState.SCHEDULED, AnnouncementState.SENDING):
        return f"“{done.subject}” goes out{whom} now. Reply “progress”, “pause” or “report” at any time."
    return state_in_words(done)


def progress_in_words(subject: str, progress: Progress, vendor: Vendor) -> str:
    said = f"“{subject}” {_STATES[progress.state]}"
    if progress.total:
        said += f": {progress.sent:,} of {progress.total:,} copies delivered"
        said += f" ({progress.reach})" if progress.reach else ""
        parts = [(progress.failed, "failed"), (progress.waiting, "waiting")]
        said += "".join(f", {count:,} {words}" for count, words in parts if count)
    if progress.later and progress.next_at:
        said += f"; {progress.later:,} have a later time, the next at {moment(progress.next_at, vendor)}"
    return f"{said}."


def state_in_words(announcement: Announcement) -> str:
    return f"“{announcement.subject}” {_STATES[announcement.state]}."
