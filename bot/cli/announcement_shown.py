"""How the commands show announcements: a preview, how far one has come, and all of them in a table."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import timedelta

from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from bot.announcements.by_mail.wording import moment as shown_at
from bot.announcements.by_mail.wording import preview_rows, progress_in_words
from bot.bootstrap import Office, now
from bot.cli.screen import errors, moment, say, screen, table
from bot.storage.announcing.tallied import Tally
from bot.vocabulary.announcing import Announcement, AnnouncementState, Composed, Preview
from bot.vocabulary.segment import LeftOut

ID = 8  # characters that are shown of an id
_LEFT_OUT = 20
_SOON = timedelta(minutes=2)
_LOOK = 0.5  # seconds between two looks at the progress
_RUNS = (AnnouncementState.SENDING, AnnouncementState.SCHEDULED)


def people(preview: Preview) -> str:
    one = preview.contacts == 1
    partners = f"{preview.partners:,} partner{'' if preview.partners == 1 else 's'}"
    return f"{preview.contacts:,} {'person' if one else 'people'} at {partners}"


def show_preview(at: Office, composed: Composed, preview: Preview, *, samples: bool = True) -> None:
    """Whom it reaches, who is left out, and what some of them will see."""
    say((composed.subject, "bold"), f": {people(preview)} in {preview.segment}")
    for row in preview_rows(composed, preview, at.program.vendor):
        say(f"  {row.label.lower()}: {'; '.join(row.values)}")
    if not samples:
        return
    if preview.left_out:
        _show_left_out(preview.left_out)
    for sample in preview.samples:
        say(("\n" + f"{sample.reader}, {sample.partner} ({sample.language})", "bold"), f": {sample.subject}")
        for line in (sample.text or sample.slack).splitlines():
            say(f"  {line}")


def _show_left_out(left_out: Iterable[LeftOut]) -> None:
    everyone = tuple(left_out)
    shown = table("Left out", "Name", "Partner", "Why")
    for one in everyone[:_LEFT_OUT]:
        shown.add_row(one.name, one.partner_name, one.why)
    screen().print(shown)
    if len(everyone) > _LEFT_OUT:
        say(f"and {len(everyone) - _LEFT_OUT} more")


def show_all(at: Office, found: Iterable[Announcement], tallies: Iterable[Tally]) -> None:
    """The newest first, each with how many it has and what they answered."""
    counts = {tally.id: tally for tally in tallies}
    shown = table("Announcements", "Id", "Subject", "State", "When", "By", "Segment", "People", "Answers")
    for one in found:
        when = one.ended_at or one.began_at or one.send_at or one.created_at
        by, segment, tally = one.confirmed_by or one.created_by, str(one.composed.segment), counts.get(one.id)
        people_ = f"{tally.recipients:,}" if tally and tally.recipients else ""
        said = _answers(tally) if tally and tally.recipients else ""
        state = one.state.value
        shown.add_row(one.id[:ID], one.subject, state, moment(when, at.program.vendor), by, segment, people_, said)
    screen().print(shown)


def _answers(tally: Tally) -> str:
    counted = ((tally.yes, "yes"), (tally.no, "no"), (tally.maybe, "maybe"), (tally.opted_out, "opted out"))
    return ", ".join(f"{count} {words}" for count, words in counted if count) or "none yet"


async def show_progress(at: Office, found: Announcement, *, once: bool) -> None:
    """Where it stands; of one that goes out, or is about to, after a bar that ends with it and is silent in a pipe."""
    progress = await at.announcement_desk.progress(found.id)
    far = found.state is AnnouncementState.SCHEDULED and (found.send_at or now()) > now() + _SOON
    if not once and not far and progress is not None and progress.state in _RUNS:
        await _until_gone(at, found)
        progress = await at.announcement_desk.progress(found.id)
    if progress is not None:
        say(progress_in_words(found.subject, progress, at.program.vendor))


async def _until_gone(at: Office, found: Announcement) -> None:
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=errors(), transient=True) as bar:
        task = bar.add_task(found.subject[:40], total=None)
        while True:
            far = await at.announcement_desk.progress(found.id)
            if far is None or far.state not in _RUNS:
                return
            later = f", next at {shown_at(far.next_at, at.program.vendor)}" if far.next_at else ""
            reach = f" ({far.reach})" if far.reach else ""
            words = f"{found.subject[:40]} {far.state.value}{reach}{later if far.later == far.waiting else ''}"
            bar.update(task, total=far.total or None, completed=far.sent + far.failed, description=words)
            await asyncio.sleep(_LOOK)
