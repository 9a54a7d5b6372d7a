"""Which files of a mail are kept: by name, declared type and content, where the most dangerous reading counts."""

from __future__ import annotations

from dataclasses import dataclass

from mail_ingest.archives import Package, is_zip, judge_zip
from mail_ingest.file_kinds import (
    PASSED_OVER,
    PASSED_OVER_TYPES,
    Kind,
    Refusal,
    by_content,
    by_ending,
    by_type,
    hidden_program,
    holds_markup,
)
from mail_ingest.file_names import clean_name, extensions, is_disguised
from mail_ingest.limits import KB, MB

_OFFICE = frozenset({Kind.XLSX, Kind.DOCX, Kind.PPTX, Kind.ODS, Kind.ODT})
_PLAIN = frozenset({Kind.CSV, Kind.TEXT})
_DECORATION = 100 * KB
_NO_DECORATION = frozenset({Refusal.PROGRAM, Refusal.MACROS, Refusal.ARCHIVE, Refusal.ENCRYPTED, Refusal.DISGUISED})
# What some mail servers make of the pieces of a body, and of its pictures: nobody attached them.
_PIECES = ("att0", "part.html", "part.htm", "part.plain")


@dataclass(frozen=True, slots=True)
class FileLimits:
    """Bytes of one file and of all kept files of a mail, and how many of them there may be."""

    file: int = 10 * MB
    mail: int = 20 * MB
    files: int = 20


DEFAULT_FILES = FileLimits()


@dataclass(frozen=True, slots=True)
class Judged:
    """A file's `kind` where it is kept, `refused` where it is not; neither for what is passed over without a word."""

    name: str
    kind: Kind | None = None
    refused: Refusal | None = None


class FileJudge:
    """Judges the files of one mail, in their order; used once."""

    def __init__(self, limits: FileLimits = DEFAULT_FILES) -> None:
        self._limits = limits
        self._bytes = 0
        self._files = 0

    def judge(self, name: str, declared: str, data: bytes, *, in_text: bool = False) -> Judged:
        """`name` as the sender wrote it, with its encoding resolved; `declared` the MIME type.

        `in_text`: the mail's HTML shows it in its place, as it does logos in signatures, which nobody attached.
        """
        judged = judge_file(name, declared, data, self._limits)
        if in_text and _decorates(judged, declared, data):
            return Judged(judged.name)
        if judged.kind is None:
            return judged
        if self._files >= self._limits.files or self._bytes + len(data) > self._limits.mail:
            return Judged(judged.name, refused=Refusal.TOO_MANY)
        self._files += 1
        self._bytes += len(data)
        return judged


def judge_file(name: str, declared: str, data: bytes, limits: FileLimits = DEFAULT_FILES) -> Judged:
    """One file by itself. Bounded in time and memory by `limits` and those of `mail_ingest.archives`."""
    shown = clean_name(name)
    if _passed_over(name, declared):
        return Judged(shown)
    if refused := _named_danger(name, declared):
        return Judged(shown, refused=refused)
    if len(data) > limits.file:
        return Judged(shown, refused=Refusal.TOO_LARGE)
    if not data:
        return Judged(shown, refused=Refusal.EMPTY)
    found = _found(extensions(name)[:1], data, inside=False)
    return Judged(shown, kind=found) if isinstance(found, Kind) else Judged(shown, refused=found)


def _decorates(judged: Judged, declared: str, data: bytes) -> bool:
    """A small picture; a large one may be a scan that somebody put between the lines."""
    if not declared.lower().startswith("image/") or len(data) > _DECORATION:
        return False
    return judged.kind in (None, Kind.IMAGE) and judged.refused not in _NO_DECORATION


def _passed_over(name: str, declared: str) -> bool:
    endings = extensions(name)
    if declared.lower() in PASSED_OVER_TYPES or (endings and endings[0] in PASSED_OVER):
        return True
    return name.casefold().startswith(_PIECES) and (not endings or endings[0] in ("htm", "html", "txt", "plain"))


def _named_danger(name: str, declared: str) -> Refusal | None:
    """What the name and the declared type already tell. A program is called one before a name is called a trick."""
    endings = extensions(name)
    said = by_ending(endings[0]) if endings else None
    if isinstance(said, Refusal):
        return said
    if any(hidden_program(ending) for ending in endings[1:]) or is_disguised(name):
        return Refusal.DISGUISED
    return by_type(declared)


def _found(ending: tuple[str, ...], data: bytes, *, inside: bool) -> Kind | Refusal:
    """What the content is, where the name says the same or nothing at all."""
    content = by_content(data)
    if isinstance(content, Refusal):
        return content
    named = by_ending(ending[0]) if ending else None
    if is_zip(data):
        package = judge_zip(data, None if inside else _member)
        if package.refused is not None:
            # An end of an archive may stand in any file by chance; a program in it does not.
            if content is Kind.ZIP or package.refused is not Refusal.ARCHIVE:
                return package.refused
        elif content is Kind.ZIP:
            return _agreed(named, package)
    elif content is Kind.ZIP:
        return Refusal.ARCHIVE
    return _of_plain(named, content, data)


def _agreed(named: Kind | Refusal | None, package: Package) -> Kind | Refusal:
    return package.kind if named in (None, package.kind) else Refusal.MISMATCHED


def _of_plain(named: Kind | Refusal | None, content: Kind | None, data: bytes) -> Kind | Refusal:
    if content is None:
        return Refusal.TYPE if named is None else Refusal.MISMATCHED
    if content in (Kind.TEXT, Kind.XML):
        if named is None and content is Kind.TEXT:
            return Refusal.TYPE  # any script is text; only a name tells that it is none
        if named in _PLAIN and content is Kind.TEXT:
            return Kind(named)
        if named in (None, Kind.XML, Kind.TEXT):
            return Refusal.WEB_PAGE if holds_markup(data) else Kind.XML
        return Refusal.MISMATCHED
    return content if named in (None, content) else Refusal.MISMATCHED


def _member(name: str, data: bytes) -> Refusal | None:
    """The danger of a file in an archive; one that is no danger may be of any type."""
    if refused := _named_danger(name, ""):
        return refused
    found = _found(extensions(name)[:1], data, inside=True) if data else Kind.TEXT
    return found if isinstance(found, Refusal) and found not in (Refusal.TYPE, Refusal.MISMATCHED) else None
