"""The kept files of a message in words: for a manager's task, and for a timeline."""

from __future__ import annotations

from collections.abc import Sequence

from bot.vocabulary.message import Attachment

_SHORT_HASH = 12
_MOST_NAMED = 5


def attached_in_short(attachments: Sequence[Attachment]) -> str:
    """`invoice.pdf (sha256 1f0a…), …` of the files that were found fit to keep; "" for none."""
    kept = [file for file in attachments if file.kind]
    named = ", ".join(f"{file.name} (sha256 {file.sha256[:_SHORT_HASH]}…)" for file in kept[:_MOST_NAMED])
    return f"{named} and {len(kept) - _MOST_NAMED} more" if len(kept) > _MOST_NAMED else named


def with_files(text: str, kept: Sequence[Attachment]) -> str:
    """The text of a message with a line for each kept file below it, by which the file can be found and compared."""
    lines = [f"Attached: {file.name} ({file.kind}, {file.size} bytes, sha256 {file.sha256})" for file in kept]
    return "\n".join([*([text, ""] if text else []), *lines]) if lines else text
