"""`partnerline announce`: a Markdown file goes to a segment by mail, now or at its time, once it is said how many it
reaches.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import uuid4
from zoneinfo import ZoneInfo

import typer

from bot.announcements.announce import split_heading
from bot.announcements.segment import parse_segment
from bot.bootstrap import Office
from bot.cli.deciding import acting, refused, say_who_delivers
from bot.cli.faults import UNUSABLE, Fault
from bot.cli.given import settings_of
from bot.cli.given_times import ahead_in
from bot.cli.noted import noted_office
from bot.cli.running import run
from bot.cli.screen import moment, say, screen, table
from bot.vocabulary.results import NotDone
from bot.vocabulary.segment import Announced, Segment
from config import Settings

app = typer.Typer(add_completion=False, rich_markup_mode="rich")

_SHOWN = 50  # recipients of a dry run


@app.command()
def announce(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.md", help="Its first heading is the subject.")],
    segment: Annotated[
        str, typer.Option(help="Whom it goes to: tier=…; type=…; region=…; language=…; partner=…, or all.")
    ],
    by: Annotated[str | None, typer.Option(metavar="EMAIL", help="The manager who announces.")] = None,
    at: Annotated[str, typer.Option(metavar="TIME", help="When it goes out, in the vendor's zone; now without.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show whom it would reach, and send nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Send without asking.")] = False,
) -> None:
    """Send a Markdown file to a segment of partners by mail. Answers are read, logged and counted.

    [bold]Examples[/bold]

    [cyan]partnerline announce launch.md --segment "tier=Select,Elite; region=DACH" --dry-run[/cyan]

    [cyan]partnerline announce launch.md --segment all --by jonas@lumora.example[/cyan]

    [cyan]partnerline announce launch.md --segment all --at 2026-12-01T09:00[/cyan]
    """
    run(_announce(settings_of(context), _text(file), segment, by, at, dry_run=dry_run, yes=yes))


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as fault:
        raise Fault(f"{file} cannot be read: {fault.strerror}", "name a Markdown file that is there") from fault
    except UnicodeDecodeError as fault:
        raise Fault(f"{file} is not UTF-8 text", "save it as UTF-8") from fault


async def _announce(
    settings: Settings, text: str, words: str, by: str | None, when: str, *, dry_run: bool, yes: bool
) -> None:
    subject, body = split_heading(text)
    async with noted_office(settings) as at:
        time = ahead_in(when, ZoneInfo(at.program.vendor.time_zone)) if when else None
        who = acting(at.program, by, lambda manager: manager.announces, "may announce")
        await at.mirror()
        segment = parse_segment(words, await at.announcement_desk.choices())
        reached = await _sent(at, who, segment, subject, body, dry_run=True)
        say(f"{subject or 'no subject'}: {_count(reached)} in {segment}")
        if dry_run:
            _show(reached)
            return
        if not yes and not _agreed(len(reached.recipients)):
            say("nothing was sent")
            return
        if time is not None:
            await _schedule(at, who, segment, subject, body, time)
            return
        done = await _sent(at, who, segment, subject, body, dry_run=False)
        say(("sent to the outbox: ", "green"), f"{_count(done)}; `partnerline announcements list` counts the answers")
        await say_who_delivers(at)


async def _schedule(at: Office, who: str, segment: Segment, subject: str, body: str, time: datetime) -> None:
    kept = await at.scheduling.schedule(str(uuid4()), who, segment, subject, body, time)
    if isinstance(kept, NotDone):
        raise refused(kept)
    when = moment(time, at.program.vendor)
    say(("scheduled: ", "green"), f"it goes out {when} to whoever is in the segment then")
    say(f"`partnerline announcements cancel {kept.id[:8]}` cancels it until then")
    await say_who_delivers(at)


async def _sent(at: Office, who: str, segment: Segment, subject: str, body: str, *, dry_run: bool) -> Announced:
    reached = await at.announcement_desk.announce(who, segment, subject, body, dry_run=dry_run)
    if isinstance(reached, NotDone):
        raise refused(reached)
    return reached


def _agreed(count: int) -> bool:
    """Asked on stderr, so that a redirected output stays clean. No terminal and no answer is a fault, not a yes."""
    try:
        return typer.confirm(f"Send it to {count} people?", err=True)
    except typer.Abort as fault:
        raise Fault(
            "nobody answered whether to send it; nothing was sent", "add --yes to send without asking", UNUSABLE
        ) from fault


def _count(reached: Announced) -> str:
    said = ((reached.opted_out, "opted out"), (reached.undeliverable, "whose address takes no mail"))
    left_out = ", ".join(f"{count} {words}" for count, words in said if count)
    return f"{len(reached.recipients)} people{f' ({left_out})' if left_out else ''}"


def _show(reached: Announced) -> None:
    shown = table("Would reach; nothing was sent", "Name", "Address", "Partner", "Language")
    for person in reached.recipients[:_SHOWN]:
        shown.add_row(person.name, person.email, person.partner_name, person.language)
    screen().print(shown)
    if len(reached.recipients) > _SHOWN:
        say(f"and {len(reached.recipients) - _SHOWN} more")
