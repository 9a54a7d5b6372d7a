"""A look into ZIP files, Office's among them, that costs little whatever is in them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from mail_ingest.file_kinds import Kind, Refusal
from mail_ingest.limits import KB, MB

_END = b"PK\x05\x06"
_END_SIZE = 22
_COMMENT = 65_535
_DIRECTORY = 512 * KB  # of the list of members, which is read whole before anything else
_MEMBERS = 1_000
_EXPANDED = 20 * MB  # of all members of a plain archive, which are looked at one by one
_OFFICE_EXPANDED = 200 * MB  # as declared; nothing of it is unpacked here
_RATIO = 200  # how many times its size a large member may become
_SMALL = 1 * MB
_TYPES = "[Content_Types].xml"
_ENCRYPTED = 0x1 | 0x40
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_CONTENT_TYPES = 256 * KB

BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError, ValueError, KeyError, RuntimeError,
    NotImplementedError, struct.error, IndexError, UnicodeError, OverflowError,
)  # fmt: skip
"""What the standard library raises on archives that are none."""

Inside = Callable[[str, bytes], Refusal | None]
"""Judges a member by its name and content."""


@dataclass(frozen=True, slots=True)
class Package:
    """A ZIP file's judgement: what it is, or why it is refused."""

    kind: Kind
    refused: Refusal | None = None


def is_zip(data: bytes) -> bool:
    """Whether a program that opens ZIP files would open this: they look for the end of one, not for its beginning."""
    return data.rfind(_END, max(0, len(data) - _END_SIZE - _COMMENT)) >= 0


def judge_zip(data: bytes, inside: Inside | None) -> Package:
    """`inside` judges the members of a plain archive; None where an archive may not stand, because it is in one."""
    if _directory_size(data) > _DIRECTORY:
        return Package(Kind.ZIP, Refusal.ARCHIVE)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _judged(archive, inside)
    except BROKEN:
        return Package(Kind.ZIP, Refusal.ARCHIVE)


def _directory_size(data: bytes) -> int:
    """As the end of the archive says; the library reads as much of it, whatever the number of members said."""
    end = data.rfind(_END, max(0, len(data) - _END_SIZE - _COMMENT))
    if end < 0 or len(data) < end + _END_SIZE:
        return 0
    return int(struct.unpack_from("<L", data, end + 12)[0])


def _judged(archive: zipfile.ZipFile, inside: Inside | None) -> Package:
    members = archive.infolist()
    names = {member.filename for member in members}
    office = _office_kind(archive, names)
    kind = office if isinstance(office, Kind) else Kind.ZIP
    if len(members) > _MEMBERS:
        return Package(kind, Refusal.ARCHIVE)
    if any(member.flag_bits & _ENCRYPTED for member in members):
        return Package(kind, Refusal.ENCRYPTED)
    if _is_bomb(members, _OFFICE_EXPANDED if office else _EXPANDED):
        return Package(kind, Refusal.ARCHIVE)
    if isinstance(office, Refusal):
        return Package(kind, office)
    if office is not None:
        return Package(kind)
    return Package(kind, Refusal.ARCHIVE if inside is None else _worst(archive, members, inside))


def _is_bomb(members: list[zipfile.ZipInfo], most: int) -> bool:
    swollen = any(m.file_size > _SMALL and m.file_size > _RATIO * max(m.compress_size, 1) for m in members)
    return swollen or sum(m.file_size for m in members) > most


def _office_kind(archive: zipfile.ZipFile, names: set[str]) -> Kind | Refusal | None:
    """The document that this archive is; a refusal where it brings a program along; None for a plain archive."""
    lower = {name.lower() for name in names}
    if _TYPES not in names and "mimetype" not in names:
        return Refusal.PROGRAM if _is_java(lower) else None
    return _open_document(archive, lower) if "mimetype" in names else _of_microsoft(archive, lower)


def _is_java(lower: set[str]) -> bool:
    return bool(lower & {"androidmanifest.xml", "meta-inf/manifest.mf"}) or any(n.endswith(".class") for n in lower)


def _of_microsoft(archive: zipfile.ZipFile, lower: set[str]) -> Kind | Refusal:
    if _is_java(lower):
        return Refusal.PROGRAM
    if any(_is_program_part(name) for name in lower):
        return Refusal.MACROS
    with archive.open(_TYPES) as member:
        types = member.read(_CONTENT_TYPES).replace(b"\0", b"").lower()
    if b"macroenabled" in types or b"vbaproject" in types or b"macrosheet" in types:
        return Refusal.MACROS
    for folder, kind in (("xl/", Kind.XLSX), ("word/", Kind.DOCX), ("ppt/", Kind.PPTX)):
        if any(name.startswith(folder) for name in lower):
            return Refusal.MACROS if kind is Kind.XLSX and b"sheet.binary" in types else kind
    return Refusal.TYPE  # packages of other programs: add-ins, drawings, printouts


def _is_program_part(name: str) -> bool:
    """Macros, controls and embedded objects, which may be any program."""
    return (
        name.endswith(("vbaproject.bin", "vbadata.xml"))
        or "/macrosheets/" in name
        or "/activex/" in name
        or ("/embeddings/" in name and name.endswith(".bin"))
    )


def _open_document(archive: zipfile.ZipFile, lower: set[str]) -> Kind | Refusal:
    with archive.open("mimetype") as member:
        said = member.read(100)
    if _is_java(lower):
        return Refusal.PROGRAM
    if any(name.startswith(("basic/", "scripts/")) or name.endswith(".bin") for name in lower):
        return Refusal.MACROS
    if said.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return Kind.ODS
    return Kind.ODT if said.startswith(b"application/vnd.oasis.opendocument.text") else Refusal.TYPE


def _worst(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], inside: Inside) -> Refusal | None:
    """The first danger among the members, each unpacked as far as it says it goes and no further."""
    left = _EXPANDED
    for member in members:
        if member.is_dir():
            continue
        if member.compress_type not in _METHODS:
            return Refusal.ARCHIVE
        with archive.open(member) as stream:
            content = stream.read(left + 1)
        left -= len(content)
        if left < 0:
            return Refusal.ARCHIVE
        if inside(member.filename, content) is not None:
            return Refusal.ARCHIVE
    return None
