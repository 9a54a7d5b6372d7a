"""The tables that `partnerline evaluate` prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table

from bot.cli.screen import printable, say, screen, table
from bot.evaluation.confusion import ALL, Confusion, confusion
from bot.evaluation.figures import figures, speed
from bot.evaluation.run import Evaluation
from bot.evaluation.scores import Scores
from bot.evaluation.wrong import WrongMessage, wrong_messages
from bot.readers.choice import Mode


def show(results: Mapping[str, Evaluation], wrong: int) -> None:
    """Figures, confusion and the first `wrong` messages that went wrong, of each reader."""
    printed = screen()
    printed.print(_overview(results))
    for name, result in results.items():
        of = f" ({name})" if len(results) > 1 else ""
        groups = confusion(result.cases, result.predictions)
        printed.print(_intents(f"Intents{of}", groups[ALL]))
        printed.print(_fields(f"Fields{of}", groups[ALL]))
        printed.print(_groups(f"Languages and channels{of}", result.scores, groups))
        _say_speed(name, result)
    for name, result in results.items():
        _show_wrong(name if len(results) > 1 else "", wrong_messages(result), wrong)


def _overview(results: Mapping[str, Evaluation]) -> Table:
    names = list(results)
    several = len(names) > 1
    shown = table(f"{next(iter(results.values())).scores.cases} messages", "Figure", *(names if several else ["Score"]))
    for figure in figures([result.scores for result in results.values()]):
        if not several and "." in figure.name:
            continue  # the groups have a table of their own
        cells = [f"{figure.shown(n)} ({figure.difference(n)})" if n else figure.shown(n) for n in range(len(names))]
        shown.add_row(figure.title, *cells)
    return shown


def _intents(title: str, part: Confusion) -> Table:
    shown = table(title, "Intent", "Wanted", "Said", "Precision", "Recall", "F1", "Most often said instead")
    for name, counts in part.intents.items():
        instead = f"{counts.most_confused[0]} {counts.most_confused[1]}×" if counts.most_confused else ""
        rates = (counts.precision, counts.recall, counts.f1)
        shown.add_row(name, str(counts.wanted), str(counts.said), *(f"{rate:.3f}" for rate in rates), instead)
    return shown


def _fields(title: str, part: Confusion) -> Table:
    shown = table(title, "Field", "Right", "Wrong value", "Missed", "Invented")
    for name, c in part.fields.items():
        shown.add_row(name, *(str(count) if count else "" for count in (c.right, c.wrong, c.missed, c.invented)))
    return shown


def _groups(title: str, scores: Scores, groups: Mapping[str, Confusion]) -> Table:
    columns = ("Group", "Messages", "All intents right", "Intents, F1", "Fields, F1", "Weakest intent", "Weakest field")
    shown = table(title, *columns)
    for name, group in scores.by_group.items():
        rates = (group.intent_exact, group.intent_f1, group.field_f1)
        weakest = (_weakest_intent(groups[name]), _weakest_field(groups[name]))
        shown.add_row(name, str(group.cases), *(f"{rate:.3f}" for rate in rates), *weakest)
    return shown


def _weakest_intent(part: Confusion) -> str:
    """The one most often missed or said without being wanted."""
    faults = {name: c.wanted + c.said - 2 * c.hits for name, c in part.intents.items()}
    return _most(faults)


def _weakest_field(part: Confusion) -> str:
    return _most({name: c.wrong + c.missed + c.invented for name, c in part.fields.items()})


def _most(faults: Mapping[str, int]) -> str:
    name = max(faults, key=lambda each: faults[each], default="")
    return f"{name} {faults[name]}×" if name and faults[name] else ""


def _say_speed(name: str, result: Evaluation) -> None:
    measured = speed(result)
    say(
        (f"{measured['messages_per_second']:,.0f} messages/s", "bold"),
        f", {measured['ms_p50']:.1f} ms median, {measured['ms_p99']:.1f} ms at the 99th percentile, ",
        f"peak memory {measured['peak_memory_mb']:,.0f} MB, reader {name}",
    )
    if name != Mode.BUILTIN:
        _say_who_read(name, result)


def _say_who_read(name: str, result: Evaluation) -> None:
    """A model that does not answer is not told by the figures: then they are the built-in reader's."""
    heard = result.scores.cases - result.read_by.get(Mode.BUILTIN, 0)
    said = f"the model took part in {heard} of {result.scores.cases} messages, the built-in reader read the rest"
    if heard or not result.cases:
        say((said, "dim"))
    else:
        say(
            (
                f"{said}: reader {name} shows the built-in reader's figures; `partnerline doctor` checks the model",
                "yellow",
            )
        )


def _show_wrong(reader: str, messages: Sequence[WrongMessage], most: int) -> None:
    for message in messages[:most]:
        about = [reader, message.language, message.channel, "acted on wrongly" if message.acted_wrongly else ""]
        say("")
        say((printable(message.id), "bold"), "  ", ("  ".join(word for word in about if word), "dim"))
        _say_lines("text", message.excerpt.splitlines()[:6])
        _say_lines("wanted", message.wanted)
        _say_lines("said", message.said)
        _say_lines("differs", message.faults)
    if most and len(messages) > most:
        said = f"{len(messages) - most} more went wrong; --report FILE.html shows them all"
        say("")
        say((said, "dim"))


def _say_lines(title: str, lines: Sequence[Any]) -> None:
    for number, line in enumerate(lines or ["nothing"]):
        say((f"  {title if not number else '':<8}", "dim"), printable(str(line)))
