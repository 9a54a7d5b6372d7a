"""`partnerline train`: the reader learns the vendor's own labelled messages on top of the shipped weights."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Annotated

import typer

from bot.bootstrap import make_builtin, read_program, shipped_intents
from bot.cli.case_folders import unusable_folder
from bot.cli.faults import UNUSABLE, Fault
from bot.cli.given import settings_of
from bot.cli.progress import counting
from bot.cli.running import told
from bot.cli.screen import say, screen, table
from bot.evaluation.cases import CasesError
from bot.evaluation.figures import figures
from bot.evaluation.mails import mail_text
from bot.evaluation.training import MOST, PARTS, TooFewMessages, Trained
from bot.evaluation.training import train as run_training
from bot.readers.builtin.own import save_own
from config import Settings

app = typer.Typer(add_completion=False, rich_markup_mode="rich")


@app.command()
def train(
    context: typer.Context,
    cases: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Folder with labelled messages, as `partnerline label` makes it.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE.npz", help="Where it goes; otherwise where the agent looks for it (own_weights)."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Keep it even where it makes messages held out worse.")
    ] = False,
) -> None:
    """Learn what your own partners' messages want, on top of what is shipped.

    It learns intents; names, dates, amounts and other fields follow from rules and the shipped weights as before. It
    judges itself: each fifth of the messages is read by what the other four taught, and compared with the shipped
    reader. What makes that worse is not kept. The agent takes what was learned when it next starts.

    [bold]Example[/bold]

    [cyan]partnerline train our-messages/[/cyan]
    """
    settings = settings_of(context)
    place = out or settings.own_weights_file
    _spares_others(place, named=out is not None)
    with told():
        trained, mark = _trained(settings, cases)
    _show(trained)
    if trained.worse and not force:
        raise Fault(
            f"on messages held out, {' and '.join(trained.worse)}; nothing was kept",
            "label more messages and see that their labels are right, or add --force to keep it all the same",
        )
    try:
        save_own(place, trained.model, mark)
    except OSError as fault:
        raise Fault(f"{place} cannot be written: {fault.strerror}", "name another file with --out") from fault
    say(f"what was learned is in {place}")
    if place == settings.own_weights_file:
        say("the agent takes it when it next starts; on another machine copy the file there. To forget it, delete it.")
    else:
        say(f"set PARTNERLINE_OWN_WEIGHTS={place.resolve()} for the agent to take it")


def _trained(settings: Settings, cases: Path) -> tuple[Trained, str]:
    """What was learned, and the mark of the weights it stands on."""
    catalogue = read_program(settings).products
    labels, mark = shipped_intents()
    with counting("Learning") as progress:
        try:
            return run_training(cases, labels, lambda own: make_builtin(catalogue, own), mail_text, progress), mark
        except CasesError as fault:
            raise unusable_folder(fault) from fault
        except TooFewMessages as fault:
            raise Fault(str(fault), f"`partnerline label {cases}` adds messages to it") from fault


def _spares_others(place: Path, *, named: bool) -> None:
    """What was learned never goes over another file, which is told before the work. Raises Fault."""
    fix = "name another file, such as --out tried.npz" if named else "set PARTNERLINE_OWN_WEIGHTS to a file"
    if place.is_dir():
        raise Fault(f"{place} is a folder", fix, UNUSABLE)
    if named and place.suffix != ".npz":
        raise Fault(f"{place} is no .npz file", fix, UNUSABLE)
    if named and place.exists() and not _is_own(place):
        raise Fault(f"{place} is there and not from `partnerline train`", fix, UNUSABLE)


def _is_own(file: Path) -> bool:
    try:
        with zipfile.ZipFile(file) as tables:
            return {"own.hashes.npy", "mark.npy"} <= set(tables.namelist())
    except (OSError, zipfile.BadZipFile):
        return False


def _show(trained: Trained) -> None:
    shown = table(
        f"{trained.before.cases} messages, read as held-out ones", "Figure", "Shipped", "With yours", "Change"
    )
    for figure in figures([trained.before, trained.after]):
        if not figure.name.startswith("text_"):  # the text is cut before anything is read
            shown.add_row(figure.title, figure.shown(0), figure.shown(1), figure.difference(1))
    screen().print(shown)
    parted = (
        "by sender"
        if trained.by_sender
        else "by message, since nearly all are from a few senders: take the gain as flattering"
    )
    say(f"judged in {PARTS} parts, {parted}")
    if trained.untaught:
        say(f"{trained.untaught} messages are decided by rules alone and taught nothing")
    if trained.left_out:
        say(f"the {trained.left_out} oldest were left out; {MOST} are taken at most")
