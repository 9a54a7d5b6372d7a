"""`partnerline segments`: whom a segment reaches, and segments that are saved under a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from typing import Annotated

import typer

from bot.announcements.segments.audience import Audience
from bot.announcements.segments.parsing import parse_segment
from bot.announcements.segments.saved import SavedSegments
from bot.bootstrap import Office, office
from bot.cli.deciding import acting, refused
from bot.cli.given import settings_of
from bot.cli.noted import noted_office
from bot.cli.running import run
from bot.cli.screen import moment, say, screen, table
from bot.vocabulary.results import Done, NotDone
from bot.vocabulary.segment import NAMES, Segment, SegmentChoices
from config import Settings
from crm.records import language_of

app = typer.Typer(add_completion=False, no_args_is_help=True, rich_markup_mode="rich")

_NAMED = 20  # people who are shown
_LISTED = 12  # values of a name
_By = Annotated[str | None, typer.Option(metavar="EMAIL", help="The manager who does it; needed where several may.")]
_Name = Annotated[str, typer.Argument(metavar="NAME", help="The name; upper and lower case are the same.")]


@app.callback()
def segments() -> None:
    """See whom a segment reaches, and save segments under a name.

    A segment says whom an announcement is for, in conditions that hold together:

    [cyan]tier=Select,Elite; region=DACH; product=Lumora Core; pipeline=stalled; partner!=Brightpath[/cyan]

    Of several values one is enough, != keeps out, and what is not named does not narrow. The names are tier, type,
    region, country, language, product, pipeline, certificates and partner; [cyan]partnerline segments values[/cyan]
    shows what each may be. [cyan]saved=NAME[/cyan] stands for a saved one, and can be narrowed by what follows it.
    """


@app.command("list")
def list_(context: typer.Context) -> None:
    """List the saved segments, with what each stands for.

    [bold]Example[/bold]

    [cyan]partnerline segments list[/cyan]
    """
    run(_list(settings_of(context)))


@app.command()
def values(context: typer.Context) -> None:
    """Show what each name of a segment may be, as partners, deals and the program have it now.

    [bold]Example[/bold]

    [cyan]partnerline segments values[/cyan]
    """
    run(_values(settings_of(context)))


@app.command()
def show(
    context: typer.Context,
    segment: Annotated[str, typer.Argument(metavar="NAME|SEGMENT", help="A saved name, or a segment in words.")],
) -> None:
    """Count whom a segment reaches as things stand: partners, people, who is left out and why. Nothing is sent.

    [bold]Examples[/bold]

    [cyan]partnerline segments show "Sleepy in DACH"[/cyan]

    [cyan]partnerline segments show "saved=Sleepy in DACH; language=de; certificates!=valid"[/cyan]
    """
    run(_show(settings_of(context), segment))


@app.command()
def save(
    context: typer.Context,
    name: _Name,
    segment: Annotated[str, typer.Argument(metavar="SEGMENT", help="tier=…; region=…, as `show` takes it.")],
    by: _By = None,
) -> None:
    """Save a segment under a name, or replace what is saved under it. What was announced with it stays as it is.

    [bold]Example[/bold]

    [cyan]partnerline segments save "Sleepy in DACH" "region=DACH; pipeline=none"[/cyan]
    """
    run(_do(settings_of(context), by, lambda desk, who: desk.save(who, name, segment)))


@app.command()
def rename(
    context: typer.Context,
    name: _Name,
    to: Annotated[str, typer.Argument(metavar="NEW", help="The name from now on.")],
    by: _By = None,
) -> None:
    """Give a saved segment another name.

    [bold]Example[/bold]

    [cyan]partnerline segments rename "Sleepy in DACH" "Quiet in DACH"[/cyan]
    """
    run(_do(settings_of(context), by, lambda desk, who: desk.rename(who, name, to)))


@app.command()
def delete(context: typer.Context, name: _Name, by: _By = None) -> None:
    """Delete a saved segment. Announcements that were made with it stay as they are.

    [bold]Example[/bold]

    [cyan]partnerline segments delete "Sleepy in DACH"[/cyan]
    """
    run(_do(settings_of(context), by, lambda desk, who: desk.delete(who, name)))


async def _do(
    settings: Settings, by: str | None, act: Callable[[SavedSegments, str], Coroutine[object, object, Done | NotDone]]
) -> None:
    async with noted_office(settings) as at:
        who = acting(at.program, by, lambda manager: manager.announces, "may announce")
        await at.mirror()
        done = await act(at.saved_segments, who)
        if isinstance(done, NotDone):
            raise refused(done)
        say(("done: ", "green"), done.text)


async def _list(settings: Settings) -> None:
    async with office(settings) as at:
        kept = await at.saved_segments.listed()
    if not kept:
        say("no segment is saved yet; `partnerline segments save NAME SEGMENT` saves one")
        return
    shown = table("Saved segments", "Name", "Segment", "By", "Saved")
    for one in kept:
        shown.add_row(one.name, str(one.segment), one.by, moment(one.at, at.program.vendor))
    screen().print(shown)


async def _values(settings: Settings) -> None:
    async with office(settings) as at:
        await at.mirror()
        choices = await at.announcement_desk.choices()
    shown = table("What segments may name", "Name", "Values")
    for name, known in _named(choices):
        more = f", and {len(known) - _LISTED} more" if len(known) > _LISTED else ""
        shown.add_row(name, f"{', '.join(known[:_LISTED])}{more}" if known else "none is in use")
    screen().print(shown)


def _named(choices: SegmentChoices) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, field in NAMES.items():
        yield name, getattr(choices, field)
    yield "saved", tuple(one.name for one in choices.saved)


async def _show(settings: Settings, said: str) -> None:
    async with office(settings) as at:
        await at.mirror()
        segment = await _meant(at, said)
        found = await at.saved_segments.audience(segment)
    _count(segment, found)


async def _meant(at: Office, said: str) -> Segment:
    """A name has no equals sign, a segment has, or is everyone."""
    choices = await at.announcement_desk.choices()
    if "=" in said or said.strip().casefold() in ("all", "everyone"):
        return parse_segment(said, choices)
    found = await at.saved_segments.find(said)
    if isinstance(found, NotDone):
        raise refused(found)
    return found.segment


def _count(segment: Segment, found: Audience) -> None:
    partners = len({partner.id for partner, _ in found.recipients})
    people = len(found.recipients)
    say(f"{segment}: {people} {'person' if people == 1 else 'people'} at {partners} partner{'s'[: partners != 1]}")
    for why, count in Counter(one.why for one in found.left_out).items():
        say(f"left out: {count} {why}")
    if not found.recipients:
        return
    shown = table("The first of them" if people > _NAMED else "All of them", "Name", "Partner", "Language")
    for partner, contact in found.recipients[:_NAMED]:
        shown.add_row(contact.name, partner.name, language_of(contact, partner))
    screen().print(shown)
