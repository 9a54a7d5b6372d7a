"""`partnerline worker`: one more worker, on this machine or on any that reaches the same database."""

from __future__ import annotations

import asyncio

import typer

from bot.bootstrap import application
from bot.cli.given import settings_of
from bot.cli.logs import set_up_logging
from bot.cli.running import run_until_stopped
from bot.cli.screen import say
from bot.serve import working
from config import Settings

app = typer.Typer(add_completion=False, rich_markup_mode="rich")


@app.command()
def worker(context: typer.Context) -> None:
    """Start one more worker: it reads, handles and delivers, and listens on no port.

    It needs the settings of `serve`, above all the same database. On another machine that is DATABASE_URL; on this one
    the embedded database's data folder is enough.

    [bold]Example[/bold]

    [cyan]DATABASE_URL=postgresql://partnerline@db.internal/partnerline partnerline --profile production worker[/cyan]
    """
    settings = settings_of(context)
    set_up_logging(settings)
    if run_until_stopped(_work(settings)):
        say("stopped")


async def _work(settings: Settings) -> None:
    async with application(settings) as made, working(made):
        say("a worker runs on ", (made.postgres.kind, "bold"), f", up to {settings.workers_concurrency} jobs at a time")
        await asyncio.Event().wait()
