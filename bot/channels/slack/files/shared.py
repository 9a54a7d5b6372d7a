"""A file as Slack describes it: in the event that shares it, or in the answer of `files.info`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.vocabulary.message import Attachment

MAX_FILES = 50
"""Of one message; what it shares beyond them is passed over."""

_GONE = "tombstone"
_OVER_THE_PLAN = "hidden_by_limit"
_ASK = "check_file_info"
_NOT_HELD_BY_SLACK = frozenset({"external", "remote"})
_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class SharedFile:
    """`size` is what Slack says, 0 for nothing; `url` "" where Slack says no address of its content.

    `ask` is True where the event names no more than the id, as for the files of another workspace.
    """

    id: str
    name: str
    content_type: str = _TYPE
    size: int = 0
    url: str = ""
    ask: bool = False
    gone: bool = False
    hidden: bool = False
    elsewhere: bool = False


def to_file(described: Mapping[str, Any]) -> SharedFile:
    """Never raises: whatever is not of its type counts as not said."""
    size, mode = described.get("size"), _text(described.get("mode"))
    url = _text(described.get("url_private_download")) or _text(described.get("url_private"))
    file_id = _text(described.get("id"))
    elsewhere = mode in _NOT_HELD_BY_SLACK or described.get("is_external") is True
    return SharedFile(
        id=file_id,
        # From another workspace the event may carry nothing but the id.
        name=_text(described.get("name")) or _text(described.get("title")) or file_id,
        content_type=_text(described.get("mimetype")) or _TYPE,
        size=size if isinstance(size, int) and not isinstance(size, bool) and size > 0 else 0,
        url="" if elsewhere else url,
        ask=_text(described.get("file_access")) == _ASK or not (url or elsewhere),
        gone=mode == _GONE,
        hidden=mode == _OVER_THE_PLAN,
        elsewhere=elsewhere,
    )


def attachments_of(event: Mapping[str, Any]) -> tuple[Attachment, ...]:
    """What a message shares, as long as nobody looked into it."""
    return tuple(
        Attachment(file.name, file.content_type, file.size, "", file_id=file.id) for file in files_of(event)[:MAX_FILES]
    )


def files_of(event: Mapping[str, Any]) -> list[SharedFile]:
    """All that a message shares; what is no description of a file is passed over."""
    files = event.get("files")
    return [to_file(file) for file in files if isinstance(file, Mapping)] if isinstance(files, list) else []


def _text(said: object) -> str:
    return said if isinstance(said, str) else ""
