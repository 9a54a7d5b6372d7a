"""The labelled messages to learn from: those of a cases folder, compressed, and those written beside them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.evaluation.cases import Wanted, load_cases, readable_of
from bot.evaluation.mails import mail_text
from bot.ports import Readable
from bot.vocabulary.message import ThreadContext, ThreadKind
from crm.records import Channel

DATA = Path(__file__).with_name("data") / "messages.jsonl.gz"
WRITTEN_HERE = "own-"
WRITTEN = Path(__file__).with_name("data") / "own"
NAMES = Path(__file__).with_name("data") / "names.jsonl"


@dataclass(frozen=True, slots=True)
class Sample:
    """One labelled message as the reader sees it; `writer` is who wrote it.

    `firms` and `people` are the names in it besides the labelled ones.
    """

    id: str
    language: str
    readable: Readable
    requests: tuple[Wanted, ...]
    answer_expected: bool
    firms: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    @property
    def writer(self) -> str:
        return self.id.split("-")[1]


def collect(folder: Path) -> Iterator[dict[str, Any]]:
    """The rows of a cases folder in compact form; a mail's text is the labelled visible text."""
    for case in load_cases(folder):
        readable = readable_of(case, mail_text)
        yield {
            "id": case.id,
            "lang": case.language,
            "channel": readable.channel.value,
            "received": case.received.isoformat(),
            "sender": case.sender,
            "thread": case.in_reply_to,
            "asked": list(case.asked),
            "subject": readable.subject,
            "text": case.visible_text if case.mail else readable.text,
            "forwarded": readable.forwarded,
            "automatic": readable.automatic,
            "attachments": list(readable.attachments),
            "addressed": readable.addressed,
            "requests": [[w.intent, w.fields] for w in case.requests],
            "answer": case.answer_expected,
        }


def write_rows(rows: Iterator[dict[str, Any]], path: Path = DATA) -> int:
    """Store rows; the same rows give the same bytes. Returns how many."""
    lines = [json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress("\n".join(lines).encode(), compresslevel=9, mtime=0))
    return len(lines)


def sample_of(row: dict[str, Any]) -> Sample:
    readable = Readable(
        text=row["text"],
        received=datetime.fromisoformat(row["received"]),
        channel=Channel(row["channel"]),
        subject=row["subject"],
        forwarded=row["forwarded"],
        automatic=row["automatic"],
        addressed=row["addressed"],
        attachments=tuple(row["attachments"]),
        sender=row["sender"],
        thread=ThreadContext(kind=ThreadKind(row["thread"]) if row["thread"] else None, asked=tuple(row["asked"])),
    )
    wanted = tuple(Wanted(intent, fields) for intent, fields in row["requests"])
    return Sample(row["id"], row["lang"], readable, wanted, row["answer"])


def written_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a file of written messages, each with the defaults that it leaves out, and its id."""
    defaults: dict[str, Any] = {
        "thread": None, "asked": [], "subject": "", "forwarded": "", "automatic": "", "attachments": [],
        "sender": "", "answer": True,
    }  # fmt: skip
    for number, line in enumerate(_lines(path.read_text(encoding="utf-8")), 1):
        row = defaults | json.loads(line)
        addressed = row["channel"] == "email" or bool(row["thread"]) or "@U0BOT" in row["text"]
        yield {"id": f"{WRITTEN_HERE}{path.stem}-{number:03}", "addressed": addressed} | row


def _lines(text: str) -> list[str]:
    """The lines of JSON; other line ends may stand inside a text."""
    return text.removesuffix("\n").split("\n")


def load_samples(path: Path = DATA, written: Path | None = WRITTEN) -> list[Sample]:
    """Every stored sample, in order; then those of the files of written messages; each with the other names in it."""
    stored = [sample_of(json.loads(line)) for line in _lines(gzip.decompress(path.read_bytes()).decode())]
    files = sorted(written.glob("*.jsonl")) if written else []
    samples = [*stored, *(sample_of(row) for file in files for row in written_rows(file))]
    others = {row["id"]: row for row in map(json.loads, _lines(NAMES.read_text(encoding="utf-8")))}
    return [_with_names(sample, others[sample.id]) if sample.id in others else sample for sample in samples]


def _with_names(sample: Sample, row: dict[str, list[str]]) -> Sample:
    return replace(sample, firms=tuple(row.get("firms", ())), people=tuple(row.get("people", ())))
