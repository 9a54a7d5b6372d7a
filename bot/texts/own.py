"""The vendor's own answer texts: held against the product's when a program is read, and put before them in answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from bot.texts.catalogue import LANGUAGES, Catalogue, catalogue, placeholders
from knowledge.nearest import meant


def text_faults(language: str, texts: Mapping[str, str]) -> Iterator[str]:
    """Every fault of the vendor's texts in one language as `key: words`, of the language itself as `: words`."""
    if language not in LANGUAGES:
        yield f": there are no answers in {language!r}; {meant(language, LANGUAGES)}"
        return
    product = catalogue().texts
    for key, text in texts.items():
        if key not in product[language]:
            yield f"{key}: there is no such text; {meant(key, product[language])}"
        elif fault := _fault(text, product[language][key]) or _foreign(language, key, text, product):
            yield f"{key}: {fault}"


def worded(own: Mapping[str, Mapping[str, str]]) -> Catalogue:
    """The product's texts with the vendor's own in their place."""
    texts = catalogue()
    if not own:
        return texts
    return Catalogue(MappingProxyType({code: _Over(own.get(code, {}), told) for code, told in texts.texts.items()}))


class _Over(Mapping[str, str]):
    """One mapping over another, made in no time: each answer takes the texts of the program that holds."""

    __slots__ = ("_above", "_below")

    def __init__(self, above: Mapping[str, str], below: Mapping[str, str]) -> None:
        self._above, self._below = above, below

    def __getitem__(self, key: str) -> str:
        return self._above[key] if key in self._above else self._below[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._below)  # what stands above is among it

    def __len__(self) -> int:
        return len(self._below)


def _fault(text: str, product: str) -> str:
    try:
        said = placeholders(text)
    except ValueError as error:
        return f"a brace stands alone ({error}); write {{name}} for a value, and two braces for one"
    wanted = placeholders(product)
    lacking, more = _named(wanted - said), _named(said - wanted)
    if not text.strip():
        return "it may not be empty"
    if lacking and more:
        return f"write {lacking} in place of {more}"
    if lacking:
        return f"it lacks {lacking}"
    return f"there is no value for {more}; the text may use {_named(wanted) or 'none'}" if more else ""


def _foreign(language: str, key: str, text: str, product: Mapping[str, Mapping[str, str]]) -> str:
    """A file in the wrong place: its texts are the product's in another language."""
    others = (code for code in LANGUAGES if code != language and product[code][key] != product[language][key])
    same = next((code for code in others if product[code][key] == text.strip()), "")
    return f"this is the text in {same!r}; it belongs into texts/{same}.toml" if same else ""


def _named(values: frozenset[tuple[str, str]]) -> str:
    return ", ".join(f"{{{name}:{how}}}" if how else f"{{{name}}}" for name, how in sorted(values))
