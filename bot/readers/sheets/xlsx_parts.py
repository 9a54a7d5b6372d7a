"""The parts of an XLSX file: unpacked within bounds, and read as XML in which nothing may be defined or fetched."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from typing import Self
from xml.parsers import expat

from bot.readers.sheets.grid import Unreadable

_BROKEN = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, OSError, ValueError, KeyError, RuntimeError,
    NotImplementedError, IndexError, OverflowError, LookupError,
)  # fmt: skip
_PIECE = 65_536
_DEEPEST = 64
_MOST_MEMBERS = 1_000

Started = Callable[[str, dict[str, str]], None]
Ended = Callable[[str, str], None]


class Parts:
    """An open XLSX file; every method raises `Unreadable` where it is none."""

    def __init__(self, data: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN as fault:
            raise Unreadable from fault
        if len(self._archive.namelist()) > _MOST_MEMBERS:
            raise Unreadable(too_large=True)
        # Some programs write the names of parts in another case than they refer to them.
        self._names = {name.lstrip("/").lower(): name for name in self._archive.namelist()}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.close()

    def has(self, name: str) -> bool:
        return name.lower() in self._names

    def read(self, name: str, most: int, started: Started, ended: Ended) -> None:
        """Go through a part: `started` gets each element and its attributes, `ended` each and the text in it.

        Names come without their namespaces. More than `most` bytes are too large.
        """
        parser = _parser(started, ended)
        left = most
        try:
            with self._archive.open(self._names[name.lower()]) as part:
                while piece := part.read(_PIECE):
                    left -= len(piece)
                    if left < 0:
                        raise Unreadable(too_large=True)
                    parser.Parse(piece, False)
                parser.Parse(b"", True)
        except _BROKEN as fault:
            raise Unreadable from fault


def _parser(started: Started, ended: Ended) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    texts: list[list[str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(texts) >= _DEEPEST:
            raise Unreadable
        texts.append([])
        started(_local(name), {_local(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        ended(_local(name), "".join(texts.pop()))

    def say(text: str) -> None:
        texts[-1].append(text)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = say
    parser.StartDoctypeDeclHandler = _no_definitions
    return parser


def _no_definitions(*_: object) -> None:
    """No spreadsheet needs a document type; entities that swell or fetch are defined in one."""
    raise Unreadable


def _local(name: str) -> str:
    return name.rpartition(":")[2]
