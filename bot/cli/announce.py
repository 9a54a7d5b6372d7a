"""`partnerline announce`: a Markdown file goes to a segment, once it is said how many it reaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from bot.announcements.by_mail.wording import confirmed_in_words
from bot.announcements.text_format.keys import Key
from bot.bootstrap import Office, today
from bot.cli.announcement_files import composed_of
from bot.cli.announcement_shown import ID, people, show_preview
from bot.cli.deciding import acting, refused, say_who_delivers
from bot.cli.faults import UNUSABLE, Fault
from bot.cli.given import settings_of
from bot.cli.noted import noted_office
from bot.cli.running import run
from bot.cli.screen import say
from bot.vocabulary.announcing import Announcement, Composed, Preview
from bot.vocabulary.results import NotDone
from config import Settings

app = typer.Typer(add_completion=False, rich_markup_mode="rich")


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is announced, in whose name, and how far it is to go."""

    file: Path
    given: Mapping[Key, str]
    attached: tuple[Path, ...] = ()
    by: str | None = None
    dry_run: bool = False
    test: bool = False
    draft: bool = False
    yes: bool = field(default=False)


@app.command()
def announce(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.md", help="Head lines, then # Subject and the text.")],
    segment: Annotated[
        str | None, typer.Option(help='Whom it goes to: "tier=…; region=…; type=…; language=…; partner=…", or all.')
    ] = None,
    call: Annotated[
        str | None, typer.Option(help="What is asked: yes/no, date or question, with the question behind it.")
    ] = None,
    dates: Annotated[str | None, typer.Option(metavar="DAYS", help="To sign up for: 2026-12-03, 2026-12-10.")] = None,
    at: Annotated[
        str | None, typer.Option(metavar="TIME", help='When it goes out, as clocks show it: "2026-12-01 09:00".')
    ] = None,
    zone: Annotated[str | None, typer.Option(help="Whose clocks: vendor or partner.")] = None,
    route: Annotated[str | None, typer.Option(help="preferred, mail, slack or both.")] = None,
    remind_after: Annotated[
        str | None, typer.Option(metavar="DAYS", help="Then whoever has not answered hears of it once more.")
    ] = None,
    attach: Annotated[list[Path] | None, typer.Option(metavar="FILE", help="Goes with it; may be repeated.")] = None,
    by: Annotated[str | None, typer.Option(metavar="EMAIL", help="The manager who announces.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "--preview", help="Show whom it would reach and what they see; send nothing.")
    ] = False,
    test: Annotated[bool, typer.Option("--test", help="Send it to the manager alone.")] = False,
    draft: Annotated[bool, typer.Option("--draft", help="Keep it as a draft, to be sent later or elsewhere.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Send without asking.")] = False,
) -> None:
    """Announce a Markdown file to a segment of partners, by mail and in Slack. Answers are read, logged and counted.

    Options count instead of the file's own head lines. Beside launch.md, launch.de.md is the same in German.

    [bold]Examples[/bold]

    [cyan]partnerline announce launch.md --preview[/cyan]

    [cyan]partnerline announce launch.md --segment "tier=Select,Elite; region=DACH" --call yes/no[/cyan]

    [cyan]partnerline announce launch.md --at "2026-12-01 09:00" --zone partner --remind-after 5[/cyan]

    [cyan]partnerline announce launch.md --test --by jonas@lumora.example[/cyan]
    """
    options = {
        Key.SEGMENT: segment, Key.CALL: call, Key.DATES: dates, Key.AT: at, Key.ZONE: zone, Key.ROUTE: route,
        Key.REMIND: remind_after,
    }  # fmt: skip
    given = {key: words for key, words in options.items() if words is not None}
    wish = _Wish(file, given, tuple(attach or ()), by, dry_run, test, draft, yes)
    run(_announce(settings_of(context), wish))


async def _announce(settings: Settings, wish: _Wish) -> None:
    async with noted_office(settings) as at:
        who = acting(at.program, wish.by, lambda manager: manager.announces, "may announce")
        await at.mirror()
        desk = at.announcement_desk
        day = today(at.program)
        composed = await composed_of(wish.file, await desk.choices(), wish.given, wish.attached, at.database, day)
        if wish.test:
            done = await desk.test(who, composed)
            if isinstance(done, NotDone):
                raise refused(done)
            say(("done: ", "green"), done.text)
            await say_who_delivers(at)
            return
        preview = await desk.preview(who, composed)
        if isinstance(preview, NotDone):
            raise refused(preview)
        show_preview(at, composed, preview, samples=wish.dry_run)
        if wish.dry_run:
            say("nothing was sent")
            return
        await _go_on(at, who, composed, preview, wish)


async def _go_on(at: Office, who: str, composed: Composed, preview: Preview, wish: _Wish) -> None:
    if not preview.contacts and not wish.draft:
        raise Fault(f"nobody is in the segment {preview.segment}; nothing was sent", "widen the segment")
    if wish.draft:
        kept = await _kept(at, who, composed)
        say(("kept as a draft: ", "green"), f"`partnerline announcements send {kept.id[:ID]}` sends it")
        return
    if not wish.yes and not agreed(preview):
        say("nothing was sent")
        return
    await confirmed(at, who, await _kept(at, who, composed), preview.contacts, yes=wish.yes)


async def _kept(at: Office, who: str, composed: Composed) -> Announcement:
    kept = await at.announcement_desk.keep(who, composed)
    if isinstance(kept, NotDone):
        raise refused(kept)
    return kept


async def confirmed(at: Office, who: str, kept: Announcement, count: int, *, yes: bool) -> None:
    """Sent or scheduled; where the count has changed it is asked anew. Raises Fault, and then nothing is sent."""
    done = await at.announcement_desk.confirm(who, kept.id, count, kept.composed.version)
    while isinstance(done, Preview):
        say(("it has changed meanwhile: ", "yellow"), f"it reaches {people(done)} now")
        if not yes and not agreed(done):
            say(f"nothing was sent; `partnerline announcements send {kept.id[:ID]}` sends it later")
            return
        count = done.contacts
        done = await at.announcement_desk.confirm(who, kept.id, count, kept.composed.version)
    if isinstance(done, NotDone):
        raise refused(done)
    said = confirmed_in_words(done, at.program.vendor, count).partition(" Reply ")[0]
    say(("done: ", "green"), said)
    say(f"`partnerline announcements progress {done.id[:ID]}` shows how far it is, `cancel {done.id[:ID]}` stops it")
    await say_who_delivers(at)


def agreed(preview: Preview) -> bool:
    """Asked on stderr, so that a redirected output stays clean. No terminal and no answer is a fault, not a yes."""
    try:
        return typer.confirm(f"Send it to {people(preview)}?", err=True)
    except typer.Abort as fault:
        raise Fault(
            "nobody answered whether to send it; nothing was sent", "add --yes to send without asking", UNUSABLE
        ) from fault
