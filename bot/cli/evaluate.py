"""`partnerline evaluate`: the reader scored on a folder of labelled messages."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from bot.bootstrap import make_reader, read_program
from bot.cli.faults import UNUSABLE, Fault
from bot.cli.given import settings_of
from bot.cli.running import told
from bot.cli.screen import errors, say, screen, table
from bot.evaluation.cases import CasesError
from bot.evaluation.mails import mail_text
from bot.evaluation.run import Evaluation
from bot.evaluation.run import evaluate as run_evaluation
from bot.evaluation.scores import Scores
from config import Settings

app = typer.Typer(add_completion=False, rich_markup_mode="rich")

_FIGURES = {
    "intent_micro_f1": "Intents, micro F1",
    "intent_macro_f1": "Intents, macro F1",
    "intent_exact": "Messages with all intents right",
    "field_f1": "Fields, F1",
    "deal_all_fields_right": "Deals with all fields right",
    "text_exact": "Visible text exactly right",
    "text_token_f1": "Visible text, token F1",
    "answer_accuracy": "Whether an answer is due",
    "wrong_actions": "Messages acted on wrongly",
    "acted_without_asking": "Actions done without asking",
}


@app.command()
def evaluate(
    context: typer.Context,
    cases: Annotated[Path, typer.Argument(metavar="CASES_DIR", help="Folder with cases.jsonl and the raw mails.")],
    out: Annotated[
        Path | None, typer.Option(metavar="PREDICTIONS.jsonl", help="Where the predictions go, one line a case.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON instead of tables.")] = False,
) -> None:
    """Score the reader on labelled messages: what was understood, how fast, and with how much memory.

    Mails go through the same parsing as those that arrive. Nothing is stored, and no database is needed.

    [bold]Example[/bold]

    [cyan]partnerline evaluate eval/ --out predictions.jsonl[/cyan]
    """
    settings = settings_of(context)
    if out is not None:
        _write(out, "")  # an unwritable place is better told before the work than after
    with told():
        result = _evaluated(settings, cases)
    if out is not None:
        _write(out, "".join(json.dumps(p.row(), ensure_ascii=False) + "\n" for p in result.predictions))
    if as_json:
        typer.echo(json.dumps(_figures(result), ensure_ascii=False, indent=2))
        return
    _show(result)
    if out is not None:
        say(f"{len(result.predictions)} predictions are in {out}")


def _evaluated(settings: Settings, cases: Path) -> Evaluation:
    reader = make_reader(settings, read_program(settings).products)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors(), transient=True) as progress:
        bar = progress.add_task("Reading", total=None)
        try:
            return run_evaluation(
                cases, reader, mail_text, lambda done, total: progress.update(bar, completed=done, total=total)
            )
        except CasesError as fault:
            raise Fault(
                str(fault), "name a folder in the evaluation format: cases.jsonl and its mails", UNUSABLE
            ) from fault


def _write(out: Path, text: str) -> None:
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise Fault(f"{out} cannot be written: {fault.strerror}", "name a file in a folder that is there") from fault


def _percentile(values: list[float], share: float) -> float:
    """The smallest value that at least `share` of all reach; 0 of none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0


def _speed(result: Evaluation) -> dict[str, float]:
    times = list(result.milliseconds.values())
    return {
        "messages_per_second": round(result.messages_per_second, 1),
        "ms_p50": round(_percentile(times, 0.50), 2),
        "ms_p99": round(_percentile(times, 0.99), 2),
        "peak_memory_mb": round(result.peak_memory_mb, 1),
    }


def _figures(result: Evaluation) -> dict[str, Any]:
    return {"scores": asdict(result.scores), "speed": _speed(result)}


def _show(result: Evaluation) -> None:
    printed = screen()
    scores = result.scores
    overview = table(f"{scores.cases} messages", "Figure", "Score")
    for name, title in _FIGURES.items():
        overview.add_row(title, f"{getattr(scores, name):.3f}")
    overview.add_row("Answers to machines", str(scores.answers_to_machines))
    printed.print(overview)
    printed.print(_by("Intents", "Intent", scores.by_intent))
    printed.print(_by("Fields", "Field", scores.by_field))
    printed.print(_groups(scores))
    speed = _speed(result)
    say(
        (f"{speed['messages_per_second']:,.0f} messages/s", "bold"),
        f", {speed['ms_p50']:.1f} ms median, {speed['ms_p99']:.1f} ms at the 99th percentile, ",
        f"peak memory {speed['peak_memory_mb']:,.0f} MB",
    )


def _by(title: str, column: str, values: Mapping[str, float]) -> Any:
    shown = table(title, column, "F1")
    for name, value in values.items():
        shown.add_row(name, f"{value:.3f}")
    return shown


def _groups(scores: Scores) -> Any:
    shown = table("Languages and channels", "Group", "Messages", "All intents right", "Intents, F1", "Fields, F1")
    for name, group in scores.by_group.items():
        figures = (group.intent_exact, group.intent_f1, group.field_f1)
        shown.add_row(name, str(group.cases), *(f"{figure:.3f}" for figure in figures))
    return shown
