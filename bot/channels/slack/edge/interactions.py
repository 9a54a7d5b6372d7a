"""What the vendor's people do in Slack beside writing: commands, shortcuts, forms, the Home tab; and who sees to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

COUNTER = "counter:"
"""What the action ids of the managers' buttons outside of cards begin with, in forms, in the Home tab and in posts."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who did it, by the word of the request; `team` is only a hint, `users.info` decides."""

    user: str
    team: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """`/partners words`; `trigger` opens a form within three seconds, `channel` is where it was typed."""

    by: Person
    command: str
    words: str
    channel: str
    trigger: str


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut by its `callback`; on a message with its text as Slack writes it, its channel and ts."""

    by: Person
    callback: str
    trigger: str
    channel: str = ""
    message_ts: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class ViewPress:
    """A button or a select in a form or in the Home tab. `value` is opaque; `meta` the `private_metadata` that we gave
    the view (an opaque id too), `filled` the fields of the form by now: the `action_id` of each element and its text,
    the option's value for a choice, values of a multi-select by line, "" for what is empty.
    """

    by: Person
    action: str
    value: str
    trigger: str
    view: str = ""
    view_hash: str = ""
    meta: str = ""
    home: bool = False
    filled: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Submission:
    """A form that was sent off, `filled` as in a `ViewPress`. `key` makes it known again: the same submission of the
    same form is taken once.
    """

    by: Person
    callback: str
    view: str
    meta: str
    key: str
    filled: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back with the acknowledgement: nothing, a message to the person alone, or a `response_action`."""

    body: Mapping[str, Any] | None = None


NOTHING = Answer()


class Counter(Protocol):
    """The managers' side. Every method checks on the server who it is; what acts is committed before it returns.

    They raise when something could not be committed: then Slack gets no acknowledgement. They answer within three
    seconds, so what takes longer is done by a job.
    """

    async def command(self, command: Command) -> Answer: ...

    async def shortcut(self, shortcut: Shortcut) -> Answer: ...

    async def pressed(self, press: ViewPress) -> Answer: ...

    async def submitted(self, submission: Submission) -> Answer: ...

    async def home_opened(self, user: str) -> None: ...
