"""Other languages of a draft: `partnerline announcements translate` and `approve`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.announcements.text_format.parts import taken_apart
from bot.announcements.translations.holding import LANGUAGE_NAMES
from bot.announcements.translations.translating import missing, proposals
from bot.cli.announcement_named import By, Named, announcement_named, by_of
from bot.cli.deciding import refused
from bot.cli.faults import UNUSABLE, Fault
from bot.cli.given import settings_of
from bot.cli.noted import noted_office
from bot.cli.running import run
from bot.cli.screen import printable, say
from bot.vocabulary.announcing import Announcement, AnnouncementText
from bot.vocabulary.results import NotDone
from config import Settings

Language = Annotated[str, typer.Argument(metavar="LANGUAGE", help="Two letters: de, fr, nl, es or en.")]


def translate(
    context: typer.Context,
    announcement: Named,
    into: Annotated[
        str | None, typer.Option(metavar="de,fr", help="The languages; otherwise all of five that it lacks.")
    ] = None,
    by: By = None,
) -> None:
    """Have the configured model propose the languages that a draft lacks. Nobody gets them before you approve each.

    The announcement's text goes to the model, and nothing about any partner. What does not say the same as the original
    - figures, days, links, personal fields, headings - is not shown, and you are told why.

    [bold]Example[/bold]

    [cyan]partnerline announcements translate 7e0f8a40 --into de,fr[/cyan]
    """
    run(_translate(settings_of(context), announcement, into, by))


def approve(
    context: typer.Context,
    announcement: Named,
    language: Language,
    file: Annotated[
        Path | None,
        typer.Option(metavar="FILE.md", help="Your own text instead of what was proposed; its heading is the subject."),
    ] = None,
    by: By = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Approve without asking.")] = False,
) -> None:
    """Read what was proposed in a language, and let those who speak it get it.

    [bold]Examples[/bold]

    [cyan]partnerline announcements approve 7e0f8a40 de[/cyan]

    [cyan]partnerline announcements approve 7e0f8a40 de --file launch.de.md[/cyan]
    """
    own = None if file is None else _own(file, language)
    run(_approve(settings_of(context), announcement, language.strip().lower(), own, by, yes=yes))


def _own(file: Path, language: str) -> AnnouncementText:
    try:
        parts = taken_apart(file.read_text(encoding="utf-8-sig")).parts
    except (OSError, UnicodeDecodeError) as fault:
        raise Fault(f"{file} cannot be read as text", "name a Markdown file in UTF-8", UNUSABLE) from fault
    if not parts or not parts[0].subject:
        raise Fault(f"{file} has no subject", "begin it with a heading: # Subject", UNUSABLE)
    return AnnouncementText(language, parts[0].subject, parts[0].body)


async def _translate(settings: Settings, name: str, into: str | None, by: str | None) -> None:
    async with noted_office(settings) as at:
        found = await announcement_named(at, name)
        wanted = into.split(",") if into else missing(found.composed)
        who = by_of(at, by, found)
        done = await at.translating.propose(who, found.id, wanted)
        if isinstance(done, NotDone):
            raise refused(done)
        asked = {language.strip().lower() for language in wanted}
        for text in proposals(done.composed):
            if text.language in asked:
                _show(text)
                say(("proposed: ", "green"), f"`partnerline announcements approve {found.id[:8]} {text.language}`")
        for language, why in done.not_shown:
            say(("not shown: ", "yellow"), f"{_name(language)}: {why}")


async def _approve(
    settings: Settings, name: str, language: str, own: AnnouncementText | None, by: str | None, *, yes: bool
) -> None:
    async with noted_office(settings) as at:
        found = await announcement_named(at, name)
        text = own or _proposed(found, language)
        if not yes and not _agreed(text):
            say("it stays as it was: nobody gets it")
            return
        done = await at.translating.approve(by_of(at, by, found), found.id, language, text.subject, text.body)
        if isinstance(done, NotDone):
            raise refused(done)
        say(("done: ", "green"), f"whoever reads {_name(language)} gets it in {_name(language)}")
        _say_missing(done)


def _proposed(found: Announcement, language: str) -> AnnouncementText:
    for text in proposals(found.composed):
        if text.language == language:
            return text
    known = ", ".join(text.language for text in proposals(found.composed))
    command = f"`partnerline announcements translate {found.id[:8]} --into {language}`"
    fix = f"there are proposals in {known}" if known else f"{command} makes one"
    raise Fault(f"nothing is proposed in {_name(language)}", f"{fix}; --file takes your own text", UNUSABLE)


def _agreed(text: AnnouncementText) -> bool:
    """No terminal and no answer is a fault, not a yes."""
    _show(text)
    try:
        return typer.confirm(f"Send this to whoever reads {_name(text.language)}?", err=True)
    except typer.Abort as fault:
        raise Fault("nobody answered whether to approve it", "add --yes to approve without asking", UNUSABLE) from fault


def _show(text: AnnouncementText) -> None:
    say((f"\n{_name(text.language)}: {printable(text.subject)}", "bold"))
    say(printable(text.body))


def _say_missing(done: Announcement) -> None:
    waiting = ", ".join(text.language for text in proposals(done.composed))
    if waiting:
        say(f"not approved yet: {waiting}; until then they read the text that others fall back on")


def _name(language: str) -> str:
    return LANGUAGE_NAMES.get(language, language)
