"""The texts of all languages, read once; a missing text or placeholder is a fault found at load, not in an answer."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Formatter
from types import MappingProxyType
from typing import Any

LANGUAGES = ("en", "de", "fr", "nl", "es")
FALLBACK = "en"


class CatalogueError(Exception):
    """The text files do not fit each other; the message lists every fault."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Language -> dotted key -> template, with `{name}` or `{name:how}` where a value goes."""

    texts: Mapping[str, Mapping[str, str]]

    def language(self, wanted: str) -> str:
        """`wanted` when there are texts in it ("de", "de-AT", "DE"), else English."""
        code = wanted.replace("_", "-").split("-")[0].lower()
        return code if code in self.texts else FALLBACK

    def template(self, language: str, key: str) -> str:
        """The text of `key`; KeyError when there is none, which only a programming mistake can cause."""
        return self.texts[language][key]

    def keys(self) -> frozenset[str]:
        return frozenset(self.texts[FALLBACK])


@cache
def catalogue() -> Catalogue:
    """The texts that come with the product; raises `CatalogueError` when its languages differ."""
    return checked({code: _sources(files("bot.texts") / code) for code in LANGUAGES})


def checked(sources: Mapping[str, Sequence[str]]) -> Catalogue:
    """A catalogue from TOML sources by language; every language must say the same things with the same values."""
    texts = {code: MappingProxyType(_joined(code, given)) for code, given in sources.items()}
    faults = [fault for code in texts if code != FALLBACK for fault in _faults(texts[FALLBACK], texts[code], code)]
    if faults:
        raise CatalogueError("; ".join(faults))
    return Catalogue(MappingProxyType(texts))


def placeholders(template: str) -> frozenset[tuple[str, str]]:
    """The (name, how) pairs a template asks for."""
    return frozenset((name, how or "") for _, name, how, _ in Formatter().parse(template) if name is not None)


def _faults(model: Mapping[str, str], texts: Mapping[str, str], code: str) -> Iterator[str]:
    for key in sorted(model.keys() - texts.keys()):
        yield f"{code} lacks {key}"
    for key in sorted(texts.keys() - model.keys()):
        yield f"{code} has {key}, which {FALLBACK} does not"
    for key in sorted(model.keys() & texts.keys()):
        if placeholders(model[key]) != placeholders(texts[key]):
            yield f"{code} uses other values in {key}"


def _sources(folder: Traversable) -> list[str]:
    """What stands in the files of one language, a file for each topic."""
    found = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return [file.read_text(encoding="utf-8") for file in found]


def _joined(code: str, sources: Sequence[str]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for source in sources:
        for key, template in _flat(tomllib.loads(source)):
            if key in joined:
                raise CatalogueError(f"{code} has {key} in two files")
            joined[key] = template
    return joined


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, str(value).strip()
