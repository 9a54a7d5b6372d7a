"""Files of a message that are not kept: named to their sender, by their cleaned name and never more."""

from __future__ import annotations

from collections.abc import Sequence

from bot.intents.phrases import text
from bot.vocabulary.decisions import Decision, HandOver, Outcome
from bot.vocabulary.message import Attachment
from bot.vocabulary.requests import Intent

_MOST_NAMED = 10
_DID_NOT_COME = {
    "gone": "it was deleted before it could be fetched",
    "not_shown": "Slack does not show it to the app: the partner's administrator may restrict files, or the scope"
    " files:read is missing",
    "elsewhere": "it lies in another service and is only linked to",
    "unreached": "Slack did not hand it over for an hour",
}
"""For the manager: a file that nobody could look into may have been what the message is about."""


def refused(attachments: Sequence[Attachment]) -> tuple[Attachment, ...]:
    return tuple(file for file in attachments if file.refused)


def told(attachments: Sequence[Attachment]) -> tuple[Decision, ...]:
    """One decision for all of them, or none."""
    named = refused(attachments)[:_MOST_NAMED]
    if not named:
        return ()
    lines = tuple(text("file.line", name=file.name, why=text(f"file.{file.refused}")) for file in named)
    return (Decision(_for_the_manager(named), (Outcome("file.not_kept", {"files": lines}),), "file_refused"),)


def _for_the_manager(named: Sequence[Attachment]) -> tuple[HandOver, ...]:
    missing = [f"{file.name} ({_DID_NOT_COME[file.refused]})" for file in named if file.refused in _DID_NOT_COME]
    if not missing:
        return ()
    return (HandOver(Intent.REQUEST_HUMAN, f"A file did not come with the message: {'; '.join(missing)}"[:1000]),)
