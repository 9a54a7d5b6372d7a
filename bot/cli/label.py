"""`partnerline label`: people correct what was read from messages, and a folder to evaluate and train on grows."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot.bootstrap import make_reader, office, read_program
from bot.cli.faults import UNUSABLE, Fault
from bot.cli.given import settings_of
from bot.cli.label_desk import Desk
from bot.cli.label_sources import About, Origin, candidates_in
from bot.cli.running import run, told
from bot.cli.screen import say
from bot.evaluation.cases import CasesError
from bot.evaluation.folder import Candidate, LabelFolder
from bot.evaluation.mails import mail_text
from bot.evaluation.private_files import open_to_others
from bot.operations.read_messages import read_messages
from bot.vocabulary.message import ThreadKind
from config import Settings

app = typer.Typer(add_completion=False, rich_markup_mode="rich")


@app.command()
def label(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where labelled messages go; made if need be.")],
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE.eml|FILE.txt|-]...", help="Mails, or texts; - is a text on standard input."),
    ] = None,
    from_ledger: Annotated[
        bool, typer.Option("--from-ledger", help="Go through what the agent has read, the doubtful ones first.")
    ] = False,
    most: Annotated[int, typer.Option(min=1, metavar="N", help="At most so many messages from the ledger.")] = 200,
    channel: Annotated[Origin, typer.Option(help="Where a text came from.")] = Origin.EMAIL,
    language: Annotated[str, typer.Option(metavar="CODE", help="Such as de; otherwise the one that is read.")] = "",
    sender: Annotated[str, typer.Option(metavar="ADDRESS", help="Who wrote; of a mail otherwise its From.")] = "",
    received: Annotated[
        str, typer.Option(metavar="TIME", help="When it came, such as 2026-11-26T09:30+01:00; otherwise Date or now.")
    ] = "",
    in_reply_to: Annotated[
        ThreadKind | None, typer.Option(help="What the agent last said where the message answers it.")
    ] = None,
    asked: Annotated[
        list[str] | None, typer.Option(metavar="FIELD", help="A field the agent asked for; may be repeated.")
    ] = None,
    labels: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="REQUEST", help="Label one message without asking; a request each, repeatable."),
    ] = None,
    answer: Annotated[
        bool | None, typer.Option("--answer/--no-answer", help="With --set: whether an answer is due.")
    ] = None,
) -> None:
    """Correct what was read from messages, and add them to a folder for [cyan]evaluate[/cyan] and [cyan]train[/cyan].

    Each message is shown with what was read. Enter keeps that; what is right instead is written one request a line,
    such as [cyan]register_deal customer=Acme Foods amount=45000[/cyan]. docs/evaluation.md says how values are written.
    The same message is added once only. The folder holds partners' words and is made for your account alone: keep it
    as you keep their mail.

    [bold]Examples[/bold]

    [cyan]partnerline label our-messages/ --from-ledger[/cyan]

    [cyan]partnerline label our-messages/ mail.eml --set "ask_tier" --set "ask_deal_status deal_ref=D-1042"[/cyan]
    """
    settings = settings_of(context)
    about = About(channel, language, sender, received, in_reply_to, tuple(asked or ()))
    _check(folder, files or [], labels or [], answer)
    if from_ledger and not files and (labels or about != About()):
        raise Fault("messages from the ledger are shown one after the other, with what is known of them",
                    "leave out --set and what describes a message, or name a file", UNUSABLE)  # fmt: skip
    candidates = _given(settings, files or [], about, most if from_ledger else 0)
    with told():
        program = read_program(settings)
        desk = Desk(_opened(folder), make_reader(settings, program.products), program)
        if labels:
            desk.label_one(candidates[0], labels, answer)
        else:
            desk.go_through(candidates)
            if from_ledger and len(candidates) == most:
                say((f"the ledger may hold more; --most {2 * most} goes through as many", "dim"))


def _check(folder: Path, files: Sequence[str], labels: Sequence[str], answer: bool | None) -> None:
    """Whether the command line makes sense. Raises Fault."""
    if folder.exists() and not folder.is_dir():
        raise Fault(f"{folder} is a file, and a folder is named first", f"partnerline label FOLDER {folder}", UNUSABLE)
    if answer is not None and not labels:
        raise Fault("--answer and --no-answer go with --set", 'add --set "REQUEST", or leave it out', UNUSABLE)
    if labels and len(files) > 1:
        raise Fault(f"--set labels one message, and {len(files)} are given", "name one file", UNUSABLE)
    if not labels and "-" in files:
        raise Fault("standard input holds the text, so nobody can be asked", 'add --set "REQUEST"', UNUSABLE)


def _given(settings: Settings, files: Sequence[str], about: About, from_ledger: int) -> list[Candidate]:
    if bool(files) == bool(from_ledger):
        raise Fault("there is nothing to label" if not files else "label files or the ledger, not both at once",
                    "name files, or add --from-ledger", UNUSABLE)  # fmt: skip
    if files:
        return candidates_in(files, about)
    found = list(run(_from_ledger(settings, from_ledger)))
    if not found:
        say("the agent has read no message yet")
    return found


async def _from_ledger(settings: Settings, most: int) -> tuple[Candidate, ...]:
    async with office(settings) as at, at.database.begin() as connection:
        return await read_messages(connection, most)


def _opened(folder: Path) -> LabelFolder:
    try:
        if folder.exists() and open_to_others(folder):
            mend = f"chmod -R go= {shlex.quote(str(folder))}"
            say((f"other accounts of this machine may look into {folder}; {mend} keeps them out", "yellow"))
        return LabelFolder(folder, mail_text)
    except (CasesError, OSError) as fault:
        raise Fault(str(fault), "mend that line, or name another folder", UNUSABLE) from fault
