"""How well and how fast a mail's newly written text is found, beside two public parsers of replies."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import compat32
from pathlib import Path
from statistics import fmean, median, quantiles

from email_reply_parser import EmailReplyParser as Zapier
from mailparser_reply import EmailReplyParser as MailParserReply

from benchmarks.client_forms import FORMS
from benchmarks.reader.samples import load_samples
from bot.evaluation.cases import load_cases
from bot.evaluation.comparing import comparable_text
from crm.records import Channel
from mail_ingest.html_text import html_lines
from mail_ingest.limits import DEFAULT
from mail_ingest.lines import joined
from mail_ingest.parse import parse
from mail_ingest.parts import PartsReader
from mail_ingest.reply_text import Hints, reply_text

ROUNDS = 3
MAILS = Path(__file__).parents[1] / "tests" / "mails"
_LANGUAGES = ["en", "de", "fr", "nl", "es", "it", "da", "sv", "pl", "cs", "ja", "ko", "zh"]
_OLD = ("Which product does the customer want?", "When will the customer sign?", "Kind regards, your partner team")
_MACHINE = "auto_reply"

_NOTHING_KNOWN = Hints()
Same = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Sample:
    """One mail: `raw` where there is a whole one, else the body as `text` or `html`; any of `wanted` is right."""

    wanted: tuple[str, ...]
    text: str = ""
    html: str = ""
    hints: Hints = _NOTHING_KNOWN
    raw: bytes | None = None


@dataclass(frozen=True, slots=True)
class Samples:
    name: str
    same: Same
    mails: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """`right` is a share of 0 to 1, times are milliseconds a mail; the agent parses whole mails where there are."""

    samples: str
    parser: str
    mails: int
    right: float
    p50: float
    p99: float
    mean: float


class _Agent:
    name = "agent"

    def prepared(self, mail: Sample) -> Callable[[], str]:
        if mail.raw is not None:
            raw = mail.raw
            return lambda: parse(raw).visible
        return lambda: reply_text(mail.text, mail.html, mail.hints).visible


class _Peer:
    """A parser of plain text: HTML is made text for it beforehand, outside of the time that is taken."""

    def __init__(self, name: str, read: Callable[[str], str]) -> None:
        self.name = name
        self._read = read

    def prepared(self, mail: Sample) -> Callable[[], str]:
        text = mail.text if mail.text.strip() or not mail.html else joined(html_lines(mail.html)[0])
        return lambda: self._read(text)


def parsers() -> tuple[_Agent | _Peer, ...]:
    many = MailParserReply(languages=_LANGUAGES)

    def first_reply(text: str) -> str:
        replies = many.read(text).replies
        return str(replies[0].body) if replies else ""

    return (
        _Agent(),
        _Peer("mail-parser-reply", first_reply),
        _Peer("email_reply_parser", lambda text: str(Zapier.parse_reply(text))),
    )


def measure(sets_of_mails: Sequence[Samples], step: Callable[[], None]) -> tuple[Finding, ...]:
    """Every parser on every set of mails."""
    found: list[Finding] = []
    for samples in sets_of_mails:
        for parser in parsers():
            found.append(_measured(samples, parser))
            step()
    return tuple(found)


def sets(replies: Path | None, cases: Path | None) -> list[Samples]:
    """Those of the project, and the given folders of public texts and labelled mails where they hold any."""
    found = [
        Samples("Sample mails", _same_words, tuple(_sample_mails())),
        Samples("Forms of mail programs", _same_words, tuple(_in_forms())),
    ]
    if cases is not None and (labelled := tuple(_labelled(cases))):
        found.append(Samples("Labelled mails", _same_words, labelled))
    if replies is not None:
        found.append(Samples("Public fixtures", _same_text, tuple(_fixtures(replies))))
    return found


def _measured(samples: Samples, parser: _Agent | _Peer) -> Finding:
    """The best of some rounds for each mail: the rest of the time is other programs'."""
    right = 0
    times: list[float] = []
    for mail in samples.mails:
        read = parser.prepared(mail)
        taken: list[float] = []
        said = ""
        for _ in range(ROUNDS):
            began = time.perf_counter()
            said = read()
            taken.append(time.perf_counter() - began)
        right += any(samples.same(said, wanted) for wanted in mail.wanted)
        times.append(min(taken) * 1_000)
    p99 = quantiles(times, n=100, method="inclusive")[98]
    count = len(samples.mails)
    return Finding(samples.name, parser.name, count, right / count, median(times), p99, fmean(times))


def _same_words(said: str, wanted: str) -> bool:
    return comparable_text(said) == comparable_text(wanted)


def _same_text(said: str, wanted: str) -> bool:
    return _collapsed(said) == _collapsed(wanted)


def _collapsed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _sample_mails() -> Iterator[Sample]:
    wanted: dict[str, str] = json.loads((MAILS / "visible.json").read_text(encoding="utf-8"))
    for name, text in wanted.items():
        yield _whole((MAILS / f"{name}.eml").read_bytes(), text)


def _whole(raw: bytes, wanted: str) -> Sample:
    parts = PartsReader(DEFAULT).read(BytesParser(policy=compat32).parsebytes(raw))
    return Sample((wanted,), parts.text, parts.html, raw=raw)


def _in_forms() -> Iterator[Sample]:
    """A message of the training data in each form, in turn; sender and closing are the writer's own."""
    every = (sample.readable for sample in load_samples(written=None))
    messages = [one for one in every if one.channel is Channel.EMAIL and not one.automatic and one.text.strip()]
    for place, (_, write) in enumerate(sorted(FORMS.items())):
        message = messages[place * len(messages) // len(FORMS)]
        body = write(message.text.split("\n"), _OLD)
        yield Sample((message.text,), body.text, body.html, Hints("", message.sender))


def _labelled(folder: Path) -> Iterator[Sample]:
    for case in load_cases(folder):
        if case.mail is not None and not any(request.intent == _MACHINE for request in case.requests):
            yield _whole(case.mail.read_bytes(), case.visible_text)


def _fixtures(folder: Path) -> Iterator[Sample]:
    for line in (folder / "cases.jsonl").read_text(encoding="utf-8").split("\n"):
        if line.strip():
            row = json.loads(line)
            yield Sample((row["expected"], *row["alternatives"]), text=row["text"])
