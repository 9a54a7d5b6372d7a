"""Adds labelled messages to a folder: never half a line, never the same message twice, several people at a time."""

from __future__ import annotations

import fcntl
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from bot.evaluation.cases import Case, MailReader, Wanted, load_cases, readable_of
from bot.evaluation.private_files import lock_file, make_folder, write_whole
from bot.evaluation.scores import wanted_rows
from bot.ports import Readable

_LINE_ENDS = {"\u2028": "\\u2028", "\u2029": "\\u2029", "\x85": "\\u0085"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A message that may be labelled: its `text` as a case has it, or `raw`, the mail as it came.

    `requests` are what was read, in the guide's form; None where it was not read yet. `note` is what people should
    know of it: why it is of interest, or what was left out. The others are as in `Case`.
    """

    channel: Literal["email", "slack"]
    received: datetime
    sender: str
    text: str | None = None
    raw: bytes | None = None
    in_reply_to: str | None = None
    asked: tuple[str, ...] = ()
    addressed: bool | None = None
    language: str = ""
    requests: tuple[Mapping[str, Any], ...] | None = None
    answer_expected: bool | None = None
    note: str = ""
    plain: bool = False
    attachments: tuple[str, ...] = ()

    def readable(self, read_mail: MailReader) -> Readable:
        """What a reader gets to see of it."""
        return readable_of(self._case(), read_mail, self.raw)

    def _case(self) -> Case:
        return Case(
            "", self.channel, self.language, self.received, self.sender, self.in_reply_to, self.asked, self.text, None,
            "", (), True, self.addressed, self.plain, self.attachments,
        )  # fmt: skip


class LabelFolder:
    """A folder in the evaluation format, made where it is not there, for this account alone.

    Raises CasesError and OSError.
    """

    def __init__(self, folder: Path, read_mail: MailReader) -> None:
        self._folder = folder
        self._read_mail = read_mail
        self._listed = folder / "cases.jsonl"
        self._seen: tuple[int, int] | None = None
        self._names: dict[str, str] = {}  # by identity
        self._ids: set[str] = set()
        self._refresh()

    def __len__(self) -> int:
        return len(self._ids)

    def name_of(self, candidate: Candidate) -> str | None:
        """The id of the same text of the same sender, in the same place of a conversation; None where it is not in."""
        return self._names.get(_identity(candidate.readable(self._read_mail)))

    def add(self, candidate: Candidate, requests: Sequence[Wanted], *, answer_expected: bool) -> str | None:
        """Its new id, or None where the folder holds it already. It is there whole, or not at all."""
        readable = candidate.readable(self._read_mail)
        with self._alone():
            self._refresh()  # somebody else may have added messages meanwhile
            identity = _identity(readable)
            if identity in self._names:
                return None
            name = self._free_id(candidate.language, identity)
            if candidate.raw is not None:
                write_whole(self._folder / "mail" / f"{name}.eml", candidate.raw)
            line = _line(_row(name, candidate, readable, requests, answer_expected=answer_expected))
            before = self._listed.read_bytes() if self._listed.exists() else b""
            gap = b"" if not before or before.endswith(b"\n") else b"\n"
            write_whole(self._listed, before + gap + line)
            self._names[identity] = name
            self._ids.add(name)
            self._seen = self._state()
        return name

    def _refresh(self) -> None:
        """Take in what stands in the folder, where it changed since."""
        state = self._state()
        if state is None or state == self._seen:
            return
        cases = load_cases(self._folder)
        self._names = {_identity(readable_of(case, self._read_mail)): case.id for case in cases}
        self._ids = {case.id for case in cases}
        self._seen = state

    def _state(self) -> tuple[int, int] | None:
        """Changes whenever the list is written; None where there is none."""
        if not self._listed.exists():
            return None
        about = self._listed.stat()
        return about.st_ino, about.st_mtime_ns

    def _free_id(self, language: str, identity: str) -> str:
        start = language if re.fullmatch(r"[a-z]{2,3}", language) else "xx"
        lengths = (f"{start}-{identity[:length]}" for length in range(10, len(identity) + 1))
        return next(name for name in lengths if name not in self._ids)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One writer at a time."""
        make_folder(self._folder)
        with lock_file(self._folder / ".lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _identity(readable: Readable) -> str:
    """The same for the same words of the same sender, answering the same."""
    thread = readable.thread
    said = [
        readable.channel.value,
        readable.sender.casefold(),
        readable.subject.strip(),
        readable.text.strip(),
        readable.forwarded.strip(),
        thread.kind.value if thread.kind else None,
        list(thread.asked),
        list(readable.attachments),
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _row(
    name: str, candidate: Candidate, readable: Readable, requests: Sequence[Wanted], *, answer_expected: bool
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": name,
        "channel": candidate.channel,
        "language": candidate.language,
        "received": candidate.received.isoformat(),
        "sender": candidate.sender,
        "in_reply_to": candidate.in_reply_to,
        "asked": list(candidate.asked) or None,
        "text": None if candidate.raw is not None else candidate.text,
        "mail": f"mail/{name}.eml" if candidate.raw is not None else None,
    }
    if candidate.addressed is not None:
        row["addressed"] = candidate.addressed
    if candidate.raw is None and candidate.plain:
        row["plain"] = True
    if candidate.raw is None and candidate.attachments:
        row["attachments"] = list(candidate.attachments)
    gold = {"visible_text": readable.text, "requests": wanted_rows(requests), "answer_expected": answer_expected}
    return row | {"gold": gold}


def _line(row: Mapping[str, Any]) -> bytes:
    """The row as one line, whoever splits it: signs that some take for a line end are escaped."""
    text = json.dumps(row, ensure_ascii=False)
    for sign, escaped in _LINE_ENDS.items():
        text = text.replace(sign, escaped)
    return text.encode("utf-8", "replace") + b"\n"
