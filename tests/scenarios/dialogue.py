"""A dialogue as a file: who says what, what is answered, and what the CRM then holds (README.md tells the fields)."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

FOLDER = Path(__file__).parent / "dialogues"


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Line(_Table):
    """One row that has to be on the CRM's timeline; `has` is a part of its summary or body."""

    direction: Literal["in", "out"]
    outcome: str
    has: str = ""
    deal: bool = False


class Waiting(_Table):
    """A task for a manager."""

    kind: str
    has: str = ""
    manager: str = ""


class Then(_Table):
    """What follows from a step. What is not named is not looked at; but all tasks are named, unless `more_tasks`."""

    answered: bool = True
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    once: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    later_same_as_step: int | None = None
    same_as_step: int | None = None
    intents: tuple[str, ...] | None = None
    outcome: str | None = None
    state: str = "handled"
    registration: dict[str, str] | None = None
    new_registrations: int | None = None
    deal: dict[str, str] | None = None
    lead: dict[str, str] | None = None
    contact: dict[str, dict[str, str]] = Field(default_factory=dict)
    history: tuple[str, ...] | None = None
    briefs: tuple[str, ...] = ()
    manager: tuple[str, ...] = ()
    timeline: tuple[Line, ...] = ()
    tasks: tuple[Waiting, ...] = ()
    more_tasks: bool = False
    answers: dict[str, int] | None = None
    opted_out: bool | None = None


class Step(_Table):
    """Somebody says something (`says`), or a manager, a recipient, the CRM or time does something (`does`).

    `told` is the one word in which this step differs from the one it is compared with (`same_as_step`). `side` is whose
    people speak and whose answer is looked at. One who `intrudes` writes into the other side's thread; a `stranger` is
    nobody's contact, but knows where to write. What is said `elsewhere` comes through the other channel than the rest,
    in a thread of its own.
    """

    says: str = ""
    subject: str = ""
    who: str = ""
    thread: Literal["same", "new"] = "same"
    mention: bool | None = None
    told: str = ""
    side: Literal["own", "rival"] = "own"
    intrudes: bool = False
    elsewhere: bool = False
    stranger: str = ""
    headers: dict[str, str] = Field(default_factory=dict)
    does: Literal[
        "", "approve", "refuse", "ask", "mails", "clicks", "decides", "waits", "changes", "sells", "shares",
        "closes", "permits", "attributes", "announce", "unsubscribe", "restarts", "states",
    ] = ""  # fmt: skip
    act: str = ""
    days: float = 0
    deal: dict[str, str] = Field(default_factory=dict)
    lead: dict[str, str] = Field(default_factory=dict)
    manager: str = "noor@lumora.example"
    reason: str = ""
    segment: str = ""
    then: Then = Field(default_factory=Then)


class Dialogue(_Table):
    """`in_slack` maps words to those that stand in their place when it is played in Slack: what is protected for one
    partner cannot be accepted for the next.
    """

    title: str
    line: int | None = None
    kind: Literal["happy", "correction", "repeat", "interruption", "hostile"] | None = None
    partner: str
    rival: str = ""
    language: str = "en"
    region: str = ""
    channels: tuple[Literal["mail", "slack"], ...] = ("mail", "slack")
    in_slack: dict[str, str] = Field(default_factory=dict)
    step: tuple[Step, ...]


def read_dialogue(path: Path, channel: str = "mail") -> Dialogue:
    text = path.read_text("utf-8")
    changed = tomllib.loads(text).get("in_slack", {}) if channel == "slack" else {}
    for word, other in changed.items():
        text = text.replace(word, other)
    return Dialogue.model_validate(tomllib.loads(text))


def every_dialogue(*, all_channels: bool) -> list[tuple[str, str]]:
    """(file name, channel) of each play.

    The first dialogue of a cell of the matrix is played in every channel of its own, the others of that cell only where
    all of them are wanted.
    """
    plays: list[tuple[str, str]] = []
    seen: Counter[tuple[int, str]] = Counter()
    for path in sorted(FOLDER.glob("*.toml")):
        dialogue = read_dialogue(path)
        channels: tuple[str, ...] = dialogue.channels
        if dialogue.line is not None and dialogue.kind is not None:
            before = seen[dialogue.line, dialogue.kind]
            seen[dialogue.line, dialogue.kind] += 1
            if before and not all_channels:
                channels = ()
        plays += [(path.stem, channel) for channel in channels]
    return plays
