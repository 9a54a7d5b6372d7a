"""`partnerline evaluate`: readers scored on a folder of labelled messages, and what they took for what."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.bootstrap import make_reader, now, read_program
from bot.cli.case_folders import unusable_folder
from bot.cli.evaluate_tables import show
from bot.cli.faults import UNUSABLE, Fault
from bot.cli.given import settings_of
from bot.cli.progress import counting
from bot.cli.running import told
from bot.cli.screen import say
from bot.evaluation.cases import CasesError
from bot.evaluation.figures import as_json
from bot.evaluation.mails import mail_text
from bot.evaluation.report import report as rendered
from bot.evaluation.run import Evaluation
from bot.evaluation.run import evaluate as run_evaluation
from bot.readers.choice import Mode
from config import Settings

app = typer.Typer(add_completion=False, rich_markup_mode="rich")


@app.command()
def evaluate(
    context: typer.Context,
    cases: Annotated[Path, typer.Argument(metavar="CASES_DIR", help="Folder with cases.jsonl and the raw mails.")],
    reader: Annotated[
        list[Mode] | None,
        typer.Option(help="Which reader; given more than once they are compared. Otherwise the one in the settings."),
    ] = None,
    wrong: Annotated[
        int, typer.Option(min=0, metavar="N", help="Print the first N messages that went wrong, the worst first.")
    ] = 0,
    report: Annotated[
        Path | None,
        typer.Option(metavar="FILE.html", help="Write everything with all messages that went wrong into a web page."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="PREDICTIONS.jsonl",
            help="Where the predictions go, one line a case; of several readers into one file each.",
        ),
    ] = None,
    as_json_: Annotated[bool, typer.Option("--json", help="Print the figures as JSON instead of tables.")] = False,
) -> None:
    """Score readers on labelled messages: what was understood, what was taken for what, how fast.

    Mails go through the same parsing as those that arrive. Nothing is stored, and no database is needed. Readers
    given beside the first are shown with their difference to it.

    [bold]Examples[/bold]

    [cyan]partnerline evaluate eval/ --wrong 5[/cyan]

    [cyan]partnerline evaluate eval/ --reader builtin --reader both --report compared.html[/cyan]
    """
    settings = settings_of(context)
    names = list(dict.fromkeys(mode.value for mode in reader or [])) or [settings.reader]
    outs = {name: _beside(out, name, several=len(names) > 1) for name in names} if out is not None else {}
    if report is not None and report.resolve() in {place.resolve() for place in outs.values()}:
        raise Fault(f"--out and --report both name {report}", "name two files", UNUSABLE)
    for place in [*outs.values(), *([report] if report else [])]:
        _spares_labels(place, cases)
        _write(place, "", mode="a")  # an unwritable place is better told before the work; what stands there stays
    with told():
        results = {name: _evaluated(settings, name, cases) for name in names}
    for name, place in outs.items():
        rows = (json.dumps(p.row(), ensure_ascii=False) + "\n" for p in results[name].predictions)
        _write(place, "".join(rows))
    if report is not None:
        _write(report, rendered(cases.resolve().name, results, now()))
    if as_json_:
        typer.echo(json.dumps(as_json(results), ensure_ascii=False, indent=2))
        return
    show(results, wrong)
    for name, place in outs.items():
        say(f"{len(results[name].predictions)} predictions are in {place}")
    if report is not None:
        say(f"the report is in {report}")


def _evaluated(settings: Settings, name: str, cases: Path) -> Evaluation:
    if name != Mode.BUILTIN and not (settings.model_url and settings.model_name):
        raise Fault(
            f"the reader {name} needs a language model, and none is set",
            "set PARTNERLINE_MODEL_URL and PARTNERLINE_MODEL_NAME; docs/connect-model.md tells how",
            UNUSABLE,
        )
    made = make_reader(settings.model_copy(update={"reader": name}), read_program(settings).products)
    with counting(f"Reading ({name})") as progress:
        try:
            found = run_evaluation(cases, made, mail_text, progress)
        except CasesError as fault:
            raise unusable_folder(fault) from fault
    if not found.cases:
        raise Fault(f"{cases} holds no messages", f"`partnerline label {cases}` adds some", UNUSABLE)
    return found


def _spares_labels(place: Path, cases: Path) -> None:
    if place.resolve() == (cases / "cases.jsonl").resolve():
        raise Fault(f"{place} holds the labels themselves", "name another file for what comes out", UNUSABLE)
    if place.suffix == ".eml" and place.exists():
        raise Fault(f"{place} is a mail", "name another file for what comes out", UNUSABLE)


def _beside(out: Path, name: str, *, several: bool) -> Path:
    return out.with_name(f"{out.stem}-{name}{out.suffix}") if several else out


def _write(out: Path, text: str, mode: Literal["a", "w"] = "w") -> None:
    try:
        with out.open(mode, encoding="utf-8", errors="replace") as stream:
            stream.write(text)
    except OSError as fault:
        raise Fault(f"{out} cannot be written: {fault.strerror}", "name a file in a folder that is there") from fault
