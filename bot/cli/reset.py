"""`partnerline reset`: deletes all data of this installation, after asking and never under a running agent."""

from __future__ import annotations

import asyncio
import shutil
from typing import Annotated

import typer

from bot.bootstrap import erase_everything
from bot.cli.faults import UNUSABLE, Fault
from bot.cli.given import settings_of
from bot.cli.running import run
from bot.cli.screen import say
from bot.storage.database import Database
from bot.storage.erase import in_use
from bot.storage.postgres import Postgres, PostgresError, find_postgres, place, release, stop_embedded
from config import Settings

app = typer.Typer(add_completion=False, rich_markup_mode="rich")


@app.command()
def reset(
    context: typer.Context, yes: Annotated[bool, typer.Option("--yes", "-y", help="Delete without asking.")] = False
) -> None:
    """Delete all data of this installation: messages, registrations, ledger, queue, and the embedded CRM.

    It asks first, and refuses while the agent runs. Settings and program files stay. The next [cyan]serve[/cyan]
    begins anew.

    [bold]Example[/bold]

    [cyan]partnerline --data-dir ./data reset[/cyan]
    """
    settings = settings_of(context)
    if settings.database_url.get_secret_value():
        run(_reset_database(settings, yes=yes))
    else:
        run(_reset_embedded(settings, yes=yes))


async def _reset_embedded(settings: Settings, *, yes: bool) -> None:
    folder = settings.data_dir / "pg"
    if not (folder / "PG_VERSION").exists():
        say(f"there are no data in {folder}")
        return
    postgres = await _not_running(settings)
    if not _agreed(f"Delete everything in {folder}?", yes=yes):
        if postgres is not None:
            await release(postgres, settings.data_dir)
        return
    await asyncio.to_thread(stop_embedded, settings.data_dir)
    try:
        await asyncio.to_thread(shutil.rmtree, folder)
    except OSError as fault:
        raise Fault(f"{folder} was not deleted whole: {fault}", "delete what is left of it by hand") from fault
    say(f"deleted {folder}")


async def _reset_database(settings: Settings, *, yes: bool) -> None:
    postgres = await _not_running(settings)
    if postgres is None or not _agreed(f"Delete Partnerline's tables in {place(postgres)}?", yes=yes):
        return
    database = Database(postgres, pool_size=1)
    try:
        await erase_everything(database)
    finally:
        await database.aclose()
    say(f"deleted Partnerline's tables in {place(postgres)}")


async def _not_running(settings: Settings) -> Postgres | None:
    """The database. None where an embedded one no longer starts, so that nobody can be using it."""
    try:
        postgres = await find_postgres(settings.database_url.get_secret_value(), settings.data_dir)
    except PostgresError:
        if settings.database_url.get_secret_value():
            raise
        return None
    database = Database(postgres, pool_size=1)
    try:
        async with database.begin() as connection:
            used = await in_use(connection)
    finally:
        await database.aclose()
    if used:
        raise Fault(
            f"the agent runs on {place(postgres)}",
            "stop `partnerline serve` and every worker; after a crash wait 15 seconds; then reset again",
        )
    return postgres


def _agreed(question: str, *, yes: bool) -> bool:
    if yes:
        return True
    try:
        agreed = typer.confirm(question, err=True)
    except typer.Abort as fault:
        raise Fault("nobody answered; nothing was deleted", "add --yes to delete without asking", UNUSABLE) from fault
    if not agreed:
        say("nothing was deleted")
    return agreed
