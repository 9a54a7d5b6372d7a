"""An announcement's text from the disk: the file, those in other languages beside it, and the files that go with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from babel import localedata

from bot.announcements.composing import attaching
from bot.announcements.composing.attaching import GivenFile
from bot.announcements.segments.parsing import parse_segment
from bot.announcements.text_format.faults import Fault as TextFault
from bot.announcements.text_format.faults import Faults
from bot.announcements.text_format.keys import Key
from bot.announcements.text_format.parts import lines_of
from bot.announcements.text_format.reading import LONGEST, Surroundings, read_text
from bot.cli.faults import UNUSABLE, Fault
from bot.readers.builtin.language import language_of
from bot.storage.database import Database
from bot.vocabulary.announcing import Composed
from bot.vocabulary.documents import MOST_BYTES, Document
from bot.vocabulary.segment import SegmentChoices

_MOST_BYTES = LONGEST * 4
_LANGUAGE = re.compile(r"[a-z]{2}\Z")


@dataclass(frozen=True, slots=True)
class Written:
    """The whole text, and at which of its lines each file begins."""

    text: str
    begins: tuple[tuple[int, Path], ...]

    def where(self, fault: TextFault) -> str:
        """The fault in words, by the line of the file in which it stands."""
        if not fault.line:
            return str(fault)
        first, file = next((n, file) for n, file in reversed(self.begins) if n <= fault.line or n == 1)
        own = replace(fault, line=max(1, fault.line - first + 1))
        return f"{file.name}, {own}" if len(self.begins) > 1 else str(own)


def written_in(file: Path) -> Written:
    """`launch.de.md` beside `launch.md` is its German text. Raises Fault."""
    lines, begins = lines_of(_text(file)), [(1, file)]
    for sibling in siblings(file):
        lines += ["", f"[{sibling.stem.rpartition('.')[2]}]"]
        begins.append((len(lines) + 1, sibling))
        lines += lines_of(_text(sibling))
    return Written("\n".join(lines), tuple(begins))


def siblings(file: Path) -> list[Path]:
    """The same in other languages, in the order of their names."""
    found = file.parent.glob(f"{_literal(file.stem)}.??{file.suffix}")
    return sorted(one for one in found if _is_language(one.stem.rpartition(".")[2]))


def _literal(name: str) -> str:
    return re.sub(r"([*?\[])", r"[\1]", name)


def _is_language(word: str) -> bool:
    return bool(_LANGUAGE.match(word)) and localedata.exists(word)


async def composed_of(
    file: Path, choices: SegmentChoices, given: Mapping[Key, str], attached: Sequence[Path], database: Database,
    today: date,
) -> Composed:  # fmt: skip
    """What is announced; `given` are options of the command, `attached` more files. Raises Fault with all faults."""
    written = written_in(file)
    around = Surroundings(lambda words: parse_segment(words, choices), language_of, given, folder=True, today=today)
    found = read_text(written.text, around)
    if isinstance(found, Faults):
        raise Fault(
            "\n".join(map(written.where, found.faults)), "docs/announcing.md shows the form of a text", UNUSABLE
        )
    paths = [*((line, file.parent / name) for line, name in found.files), *((0, path) for path in attached)]
    return replace(found.composed, documents=await _documents(database, paths, written))


async def _documents(database: Database, paths: Sequence[tuple[int, Path]], written: Written) -> tuple[Document, ...]:
    files = [GivenFile(path.name, _content(path, line, written)) for line, path in paths]
    documents: list[Document] = []
    wrong: list[str] = []
    async with database.begin() as connection:
        for file in files:
            kept = await attaching.keep(connection, file)
            if isinstance(kept, Document):
                documents.append(kept)
            else:
                wrong.append(f"{file.name}: {kept}")
    if wrong:
        raise Fault("\n".join(wrong), "leave these files away, or save them in another form", UNUSABLE)
    return tuple(documents)


def _content(path: Path, line: int, written: Written) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            what, fix = f"{path.name} weighs more than {MOST_BYTES // 1_000_000} MB", "link to large files instead"
            raise Fault(written.where(TextFault(line, what)), fix, UNUSABLE)
        return path.read_bytes()
    except OSError as fault:
        what = f"{path} cannot be read: {fault.strerror}"
        fix = "name files by their path from the text's folder" if line else "name a file that is there"
        raise Fault(written.where(TextFault(line, what)), fix) from fault


def _text(file: Path) -> str:
    try:
        raw = file.read_bytes() if file.stat().st_size <= _MOST_BYTES else None
    except OSError as fault:
        raise Fault(f"{file} cannot be read: {fault.strerror}", "name a Markdown file that is there") from fault
    if raw is None:
        raise Fault(f"{file} has more than {LONGEST:,} characters", "shorten it, and link to more", UNUSABLE)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise Fault(f"{file} is not UTF-8 text", "save it as UTF-8") from fault
