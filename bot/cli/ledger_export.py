"""`partnerline ledger export`: a partner's part of the ledger as a file that proves itself."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated

import typer

from bot.bootstrap import Office, now
from bot.cli.faults import UNUSABLE, Fault
from bot.cli.given import settings_of
from bot.cli.noted import noted_office
from bot.cli.progress import counting
from bot.cli.running import run
from bot.cli.screen import say
from bot.cli.statement_decisions import partner_id_of
from bot.operations.ledger_export import FORMATS, lines, part_of
from bot.storage import ledger
from config import Settings


def export(
    context: typer.Context,
    to: Annotated[Path, typer.Argument(metavar="FILE", help="Where it is written; nothing there is overwritten.")],
    partner: Annotated[str, typer.Option(metavar="NAME", help="The partner's name or id.")],
    file_format: Annotated[str, typer.Option("--format", help="jsonl or csv.")] = "jsonl",
) -> None:
    """Write everything the ledger has of a partner, so that others can check it without this program.

    The partner's rows are in it whole, with the salts and digests of their values; of the rows between them, which are
    other partners', only the hashes that the chain needs. docs/ledger.md describes the file, and how to check it.

    [bold]Example[/bold]

    [cyan]partnerline ledger export quaywise.jsonl --partner "Quaywise Advisory"[/cyan]
    """
    if file_format not in FORMATS:
        raise Fault(f"{file_format} is no format", f"formats are {' and '.join(FORMATS)}", UNUSABLE)
    run(_export(settings_of(context), to, partner, file_format))


COMMANDS = (export,)


async def _export(settings: Settings, to: Path, partner: str, file_format: str) -> None:
    async with noted_office(settings) as at:
        whose = await partner_id_of(at, partner)
        await _sealed(at)
        async with at.database.begin() as connection:
            part = await part_of(connection, whose)
            if part is None:
                raise Fault(f"the ledger has nothing of {partner}", "`partnerline ledger show` shows what it has")
            made = hashlib.sha256()
            try:
                with to.open("xb") as out, counting("Rows") as told:
                    async for line in lines(connection, part, file_format, now(), told):
                        made.update(line)
                        out.write(line)
            except OSError as fault:
                said = f"{to} cannot be written: {fault.strerror or fault}"
                raise Fault(said, "name a file that is not there yet") from fault
    say(f"{part.rows:,} row(s) of {partner} are in {to}")
    say(f"they end at {part.end}")
    say(f"SHA-256 {made.hexdigest()}")


async def _sealed(at: Office) -> None:
    """In a transaction of its own: whoever seals meanwhile need not wait until the file is written."""
    async with at.database.begin() as connection:
        while await ledger.seal(connection):
            pass
