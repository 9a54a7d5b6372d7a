"""Files of a message that are not kept: named to their sender, by their cleaned name and never more."""

from __future__ import annotations

from collections.abc import Sequence

from bot.intents.phrases import text
from bot.vocabulary.decisions import Decision, Outcome
from bot.vocabulary.message import Attachment

_MOST_NAMED = 10


def refused(attachments: Sequence[Attachment]) -> tuple[Attachment, ...]:
    return tuple(file for file in attachments if file.refused)


def told(attachments: Sequence[Attachment]) -> tuple[Decision, ...]:
    """One decision for all of them, or none."""
    named = refused(attachments)[:_MOST_NAMED]
    if not named:
        return ()
    lines = tuple(text("file.line", name=file.name, why=text(f"file.{file.refused}")) for file in named)
    return (Decision((), (Outcome("file.not_kept", {"files": lines}),), "file_refused"),)
