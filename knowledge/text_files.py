"""Reads the vendor's own answer texts: texts/<language>.toml or texts/<language>/*.toml, by the product's keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from knowledge.toml_file import TomlFile, read_toml

_LARGEST = 1_000_000  # bytes of a file

Texts = Mapping[str, Mapping[str, str]]
TextCheck = Callable[[str, Mapping[str, str]], Iterable[str]]
"""Of a language with key -> text: every fault as `key: words`, and of the language itself as `: words`."""


def any_text(_language: str, _texts: Mapping[str, str]) -> Iterable[str]:
    """The check of whoever has no texts to hold them against."""
    return ()


def read_texts(folder: Path, check: TextCheck, faults: list[str]) -> Texts:
    """Language -> key -> text; what is wrong goes into `faults`. Without such a folder there are none."""
    texts: dict[str, dict[str, str]] = {}
    faults += misnamed(folder.parent, folder.name, (".toml", "/"))
    for path in sorted((*folder.glob("*.toml"), *folder.glob("*/*.toml"))):
        language = path.stem if path.parent == folder else path.parent.name
        name = f"texts/{path.relative_to(folder).as_posix()}"
        file = read_toml(path, name, _LARGEST, faults)
        if file is None:
            continue
        found = dict(_flat(file.raw))
        faults += _of_file(file, language, found, check)
        known = texts.setdefault(language, {})
        twice = (key for key in found if key in known)
        faults += file.told(f"{key}: the text stands in another file of this language, too" for key in twice)
        known |= {key: text.strip() for key, text in found.items() if isinstance(text, str)}
    return MappingProxyType({language: MappingProxyType(own) for language, own in texts.items()})


def misnamed(program: Path, folder: str, endings: tuple[str, ...]) -> Iterator[str]:
    """Files that would be passed over in silence because of what their name ends in; "/" stands for a folder."""
    for path in sorted((program / folder).glob("*")):
        ending = "/" if path.is_dir() else path.suffix
        if ending not in endings and not path.name.startswith((".", "README")):
            yield f"{folder}/{path.name}: only files that end in .toml are read here; name it so, or put it elsewhere"


def _of_file(file: TomlFile, language: str, found: Mapping[str, Any], check: TextCheck) -> Iterator[str]:
    written = {key: text for key, text in found.items() if isinstance(text, str)}
    for key in found.keys() - written.keys():
        yield file.fault(key, "write a text in quotation marks")
    for fault in check(language, written):
        key, _, words = fault.partition(": ")
        yield file.fault(key, words) if key else f"{file.name}: {words}"


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value
