"""An announcement as the text that people write, to be edited and read again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.announcements.text_format.keys import Key
from bot.announcements.text_format.parts import escaped
from bot.vocabulary.announcing import Call, CallKind, Composed, Route, Timing, Zone

_CALLS = {CallKind.ANSWER: "yes/no", CallKind.DATE: "date", CallKind.QUESTION: "question"}


def as_text(composed: Composed, files: Sequence[str] = ()) -> str:
    """Read again it is the same, but for its documents: `files` are the names under which they lie beside it. What
    a model proposed and nobody approved is left out: read again it would be the manager's own.
    """
    head = [f"{key}: {value}" for key, value in _head(composed, files)]
    texts = [text for text in composed.texts if text.approved]
    parts = [f"[{text.language}]\n# {text.subject}\n\n{escaped(text.body)}" for text in texts]
    return "\n\n".join(["\n".join(head), *parts]) + "\n"


def _head(composed: Composed, files: Sequence[str]) -> Iterator[tuple[Key, str]]:
    segment = str(composed.segment)
    yield Key.SEGMENT, "all" if segment == "everyone" else segment
    yield from _call(composed.call)
    yield from _timing(composed.timing)
    if composed.route is not Route.PREFERRED:
        yield Key.ROUTE, composed.route.value
    if composed.remind_after is not None:
        yield Key.REMIND, f"{composed.remind_after} day{'' if composed.remind_after == 1 else 's'}"
    if composed.fallback:
        yield Key.FALLBACK, composed.fallback
    for name in files:
        yield Key.ATTACH, name


def _call(call: Call) -> Iterator[tuple[Key, str]]:
    if call.kind is not CallKind.NONE:
        yield Key.CALL, f"{_CALLS[call.kind]} {' '.join(call.question.split())}".strip()
    if call.dates:
        yield Key.DATES, ", ".join(day.isoformat() for day in call.dates)


def _timing(timing: Timing) -> Iterator[tuple[Key, str]]:
    if timing.at is not None:
        yield Key.AT, f"{timing.at:%Y-%m-%d %H:%M}"
    if timing.zone is not Zone.VENDOR:
        yield Key.ZONE, timing.zone.value
    if not timing.keep_quiet:
        yield Key.QUIET, "ignore"
