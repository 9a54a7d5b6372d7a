"""The dialogue of `partnerline label`: shows a message with what was read, and takes the correction in lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from bot.cli.screen import printable, say
from bot.evaluation.cases import Wanted
from bot.evaluation.label_form import FormError, lines_of, requests_in
from bot.evaluation.labelling import FIELDS

_MOST_LINES = 40
_GUIDE = "Enter keeps it · s skips · q ends · ? lists intents and fields · or write what is right, a request a line"
_ANSWERS = {"answer": True, "no answer": False}


@dataclass(frozen=True, slots=True)
class Labels:
    """What a person says of a message; `answer_expected` None where it follows from the intents."""

    requests: tuple[Wanted, ...]
    answer_expected: bool | None = None


class Choice(Enum):
    SKIP = "skip"
    QUIT = "quit"


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as it is put before a person; `said` is all text that counts, `read` the requests as read."""

    title: str
    note: str
    said: str
    read: tuple[Mapping[str, Any], ...]


Faults = Callable[[Sequence[Wanted]], Iterable[str]]


def put_before(shown: Shown, ask: Callable[[str], str], faults: Faults) -> Labels | Choice:
    """Ask until the labels hold, or the message is skipped. `ask` prints a prompt and gives the line typed."""
    _show(shown)
    while True:
        line = ask("> ").strip()
        if line == "?":
            _list_intents()
        elif line.lower() in ("s", "q"):
            return Choice.SKIP if line.lower() == "s" else Choice.QUIT
        else:
            labels = _taken(line, shown, ask, faults)
            if labels is not None:
                return labels


def _taken(line: str, shown: Shown, ask: Callable[[str], str], faults: Faults) -> Labels | None:
    """The labels typed, or those read for an empty line; None where they are not right, which is told."""
    lines: list[str] = []
    answer: bool | None = None
    try:
        if not line:
            requests = tuple(Wanted(r["intent"], dict(r.get("fields") or {})) for r in shown.read)
        else:
            while line:
                if line.lower() in _ANSWERS:
                    answer = _ANSWERS[line.lower()]
                else:
                    lines.append(line)
                line = ask("  ").strip()
            requests = requests_in(lines)
        wrong = list(faults(requests))
    except FormError as fault:
        wrong = [str(fault)]
    for said in wrong:
        say(("  not right: ", "bold red"), printable(said))
    if wrong:
        say(("  nothing was added; write the requests of this message again", "dim"))
        return None
    return Labels(requests, answer)


def _show(shown: Shown) -> None:
    say("")
    say((printable(shown.title), "bold"))
    if shown.note:
        say((printable(shown.note), "yellow"))
    lines = shown.said.splitlines() or ["(no text)"]
    for line in lines[:_MOST_LINES]:
        say(("  │ ", "dim"), printable(line))
    if len(lines) > _MOST_LINES:
        say((f"  │ … {len(lines) - _MOST_LINES} more lines", "dim"))
    say(("read as", "bold"))
    for line in lines_of(shown.read) or ("nothing",):
        say("  ", printable(line))
    say((_GUIDE, "dim"))


def _list_intents() -> None:
    for intent, fields in FIELDS.items():
        say((f"  {intent:<20}", "bold"), ", ".join(fields))
    say("  such as: register_deal customer=Acme Foods amount=45000 currency=EUR close_date=2027-01-31")
    say("  `answer` or `no answer` on a line of its own says whether one is due, where the intents do not tell")
    say("  an empty line ends the requests of a message")
