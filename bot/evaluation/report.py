"""An evaluation as one HTML file that needs nothing else: figures, confusion, and every message that went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.evaluation.confusion import ALL, Confusion, confusion
from bot.evaluation.figures import figures
from bot.evaluation.run import Evaluation
from bot.evaluation.wrong import WrongMessage, wrong_messages

_TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True, slots=True)
class _ReaderPart:
    """What the page shows of one reader."""

    name: str
    groups: Mapping[str, Confusion]
    wrong: tuple[WrongMessage, ...]

    @property
    def whole(self) -> Confusion:
        return self.groups[ALL]

    @property
    def columns(self) -> tuple[str, ...]:
        """What was said instead of anything, the columns of the matrix."""
        return tuple(sorted({other for counts in self.whole.intents.values() for other in counts.instead}))


def report(folder: str, results: Mapping[str, Evaluation], at: datetime) -> str:
    """The page; `folder` is named in its title. Everything a partner wrote is escaped."""
    parts = [
        _ReaderPart(name, confusion(result.cases, result.predictions), wrong_messages(result))
        for name, result in results.items()
    ]
    cases = next(iter(results.values())).cases
    wrong = [message for part in parts for message in part.wrong]
    page = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template("report.html")
    return page.render(
        folder=folder,
        at=at,
        messages=len(cases),
        readers=list(results),
        figures=figures([result.scores for result in results.values()]),
        parts=parts,
        languages=sorted({message.language for message in wrong}),
        channels=sorted({message.channel for message in wrong}),
        intents=sorted({intent for message in wrong for intent in message.intents}),
    )
