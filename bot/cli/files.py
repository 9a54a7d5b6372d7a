"""`partnerline files`: what partners attached to their mails; see it, and save one of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.bootstrap import office
from bot.cli.faults import Fault
from bot.cli.given import settings_of
from bot.cli.running import run
from bot.cli.screen import moment, say, screen, table
from bot.storage import files, mirror
from bot.storage.codec import storable
from config import Settings
from crm.records import Partner

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="See the files that partners attached, and save one of them.",
)

_SHORTEST = 6


@app.command("list")
def list_(context: typer.Context) -> None:
    """List the files that came last.

    [bold]Example[/bold]

    [cyan]partnerline files list[/cyan]
    """
    run(_list(settings_of(context)))


@app.command()
def save(
    context: typer.Context,
    sha256: Annotated[str, typer.Argument(metavar="SHA256", help="As listed; its first characters are enough.")],
    to: Annotated[Path, typer.Argument(metavar="FILE", help="Where it is written; nothing there is overwritten.")],
) -> None:
    """Save one of them as a file. It is what a stranger may have sent: open it as you would from a mail.

    [bold]Example[/bold]

    [cyan]partnerline files save 1f0a2b invoice.pdf[/cyan]
    """
    run(_save(settings_of(context), sha256, to))


async def _list(settings: Settings) -> None:
    async with office(settings) as at, at.database.begin() as connection:
        found = await files.newest(connection)
        names = {partner.id: partner.name for partner in await mirror.everyone(connection, Partner)}
    if not found:
        say("no file was kept")
        return
    shown = table("Files", "Sha256", "Received", "Partner", "Name", "Kind", "Bytes", "Message")
    for one in found:
        file, partner = one.file, names.get(one.partner_id, one.partner_id)
        said = (partner, file.name, file.kind, f"{file.size:,}", one.reference)
        shown.add_row(file.sha256[:12], moment(one.at, at.program.vendor), *said)
    screen().print(shown)


async def _save(settings: Settings, beginning: str, to: Path) -> None:
    wanted = storable(beginning.strip().lower())
    if len(wanted) < _SHORTEST:
        raise Fault(f"{beginning!r} is too short", f"give at least {_SHORTEST} characters of the file's SHA-256")
    async with office(settings) as at, at.database.begin() as connection:
        found = await files.newest(connection, beginning=wanted)
        if len({one.file.sha256 for one in found}) != 1:
            said = f"{'several files begin' if found else 'no file begins'} with {beginning}"
            raise Fault(said, "`partnerline files list` shows them")
        file = found[0].file
        kept = await files.content(connection, file.inbox_id, file.position)
    try:
        with to.open("xb") as out:
            out.write(kept[1] if kept else b"")
    except OSError as fault:
        raise Fault(
            f"{to} cannot be written: {fault.strerror or fault}", "name a file that is not there yet"
        ) from fault
    say(f"{file.name} is saved as {to}")
