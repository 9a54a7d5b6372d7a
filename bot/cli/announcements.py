"""`partnerline announcements`: drafts and what was announced; send, stop and remind, and what came back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.announcements.by_mail.wording import progress_in_words
from bot.announcements.text_format.writing import as_text
from bot.bootstrap import Office, office
from bot.cli.announce import agreed, confirmed
from bot.cli.announcement_answers import report, signups
from bot.cli.announcement_named import By, Named, announcement_named, by_of
from bot.cli.announcement_orders import cancel, pause, remind, resume, told
from bot.cli.announcement_shown import show_all, show_preview, show_progress
from bot.cli.announcement_translations import approve, translate
from bot.cli.deciding import refused
from bot.cli.faults import Fault
from bot.cli.given import settings_of
from bot.cli.noted import noted_office
from bot.cli.running import run, run_until_stopped
from bot.cli.saving import saved
from bot.cli.screen import printable, say
from bot.storage.announcing import tallied as stored
from bot.storage.documents import StoredDocuments
from bot.vocabulary.announcing import Announcement, Preview
from bot.vocabulary.results import NotDone
from config import Settings

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="List announcements; send, stop and remind, and see what came back.",
)
app.command()(report)
app.command()(signups)
app.command()(translate)
app.command()(approve)
for order in (pause, resume, cancel, remind):
    app.command()(order)


@app.callback()
def announcements() -> None:
    """List announcements; send, stop and remind, and see what came back. `partnerline announce` makes one."""


@app.command("list")
def list_(context: typer.Context) -> None:
    """List drafts and announcements, the newest first, with how many they reached and what these answered.

    [bold]Example[/bold]

    [cyan]partnerline announcements list[/cyan]
    """
    run(_list(settings_of(context)))


async def _list(settings: Settings) -> None:
    async with office(settings) as at:
        found = await at.announcement_desk.listed()
        if not found:
            say("nothing was announced yet; `partnerline announce FILE.md --preview` shows whom one reaches")
            return
        async with at.database.reading() as connection:
            tallies = await stored.tallies(connection)
        show_all(at, found, tallies)


@app.command()
def show(context: typer.Context, announcement: Named) -> None:
    """Show the text, whom it is for, and where it stands.

    [bold]Example[/bold]

    [cyan]partnerline announcements show 7e0f8a40[/cyan]
    """
    run(_show(settings_of(context), announcement))


async def _show(settings: Settings, name: str) -> None:
    async with office(settings) as at:
        found = await announcement_named(at, name)
        say(printable(as_text(found.composed, [document.name for document in found.composed.documents])))
        by = f"by {found.created_by}{f', confirmed by {found.confirmed_by}' if found.confirmed_by else ''}"
        say(("where it stands: ", "bold"), f"{await _stands(at, found)} {by}, id {found.id}")


async def _stands(at: Office, found: Announcement) -> str:
    progress = await at.announcement_desk.progress(found.id)
    return progress_in_words(found.subject, progress, at.program.vendor) if progress else ""


@app.command()
def export(
    context: typer.Context,
    announcement: Named,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.md", help="Into this file, its attachments beside it.")
    ] = None,
) -> None:
    """Write it as a text that `partnerline announce` takes, to be edited and used again.

    [bold]Example[/bold]

    [cyan]partnerline announcements export 7e0f8a40 --out launch.md[/cyan]
    """
    run(_export(settings_of(context), announcement, out))


async def _export(settings: Settings, name: str, out: Path | None) -> None:
    async with office(settings) as at:
        found = await announcement_named(at, name)
        documents = found.composed.documents
        text = as_text(found.composed, [document.name for document in documents])
        if out is None:
            typer.echo(printable(text), nl=False)
            return
        stored = StoredDocuments(at.database)
        for document in documents:
            content = await stored.load(document)
            if content is None:
                raise Fault(f"the file {document.name} is not kept any more", "attach it again")
            saved(out.parent / document.name, content)
        saved(out, text.encode())
        say(("written: ", "green"), f"{out}{f' and {len(documents)} files beside it' if documents else ''}")


@app.command()
def preview(context: typer.Context, announcement: Named, by: By = None) -> None:
    """Show whom a draft reaches as things stand, who is left out and why, and what three of them will see.

    [bold]Example[/bold]

    [cyan]partnerline announcements preview 7e0f8a40[/cyan]
    """
    run(_preview(settings_of(context), announcement, by))


async def _preview(settings: Settings, name: str, by: str | None) -> None:
    async with office(settings) as at:
        await at.mirror()
        found = await announcement_named(at, name)
        show_preview(at, found.composed, await _previewed(at, found, by_of(at, by, found)))


async def _previewed(at: Office, found: Announcement, who: str) -> Preview:
    made = await at.announcement_desk.preview(who, found.composed)
    if isinstance(made, NotDone):
        raise refused(made)
    return made


@app.command()
def send(
    context: typer.Context,
    announcement: Named,
    by: By = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Send without asking.")] = False,
) -> None:
    """Send a draft, or let it wait for its time, once it is said how many it reaches.

    [bold]Example[/bold]

    [cyan]partnerline announcements send 7e0f8a40[/cyan]
    """
    run(_send(settings_of(context), announcement, by, yes=yes))


async def _send(settings: Settings, name: str, by: str | None, *, yes: bool) -> None:
    async with noted_office(settings) as at:
        await at.mirror()
        found = await announcement_named(at, name)
        who = by_of(at, by, found)
        reached = await _previewed(at, found, who)
        show_preview(at, found.composed, reached, samples=False)
        if not yes and not agreed(reached):
            say("nothing was sent")
            return
        await confirmed(at, who, found, reached.contacts, yes=yes)


@app.command("test")
def try_out(context: typer.Context, announcement: Named, by: By = None) -> None:
    """Send it to yourself alone, as partners will see it.

    [bold]Example[/bold]

    [cyan]partnerline announcements test 7e0f8a40 --by jonas@lumora.example[/cyan]
    """
    run(_test(settings_of(context), announcement, by))


async def _test(settings: Settings, name: str, by: str | None) -> None:
    async with noted_office(settings) as at:
        found = await announcement_named(at, name)
        await told(at, await at.announcement_desk.test(by_of(at, by, found), found.composed))


@app.command()
def progress(
    context: typer.Context,
    announcement: Named,
    once: Annotated[bool, typer.Option("--once", help="Say where it stands now, and end.")] = False,
) -> None:
    """Show how far it has come, until everything has gone; Ctrl-C ends the showing alone.

    [bold]Example[/bold]

    [cyan]partnerline announcements progress 7e0f8a40[/cyan]
    """
    run_until_stopped(_progress(settings_of(context), announcement, once=once))


async def _progress(settings: Settings, name: str, *, once: bool) -> None:
    async with office(settings) as at:
        await show_progress(at, await announcement_named(at, name), once=once)
