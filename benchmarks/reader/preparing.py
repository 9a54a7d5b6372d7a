"""Labelled messages made ready to learn from: each with its document and the places of its labelled names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.reader.catalogue import CATALOGUE
from benchmarks.reader.labels import names_in
from benchmarks.reader.samples import Sample
from bot.readers.builtin.document import Document, cleaned, with_names
from bot.readers.builtin.language import language_of
from bot.readers.builtin.mentions import Kind, Mention
from bot.readers.builtin.products import ProductFinder
from bot.readers.builtin.reader import document_of
from bot.vocabulary.requests import Intent


@dataclass(frozen=True, slots=True)
class Prepared:
    """A sample with its document and the places of its labelled names."""

    sample: Sample
    document: Document
    names: dict[Kind, list[tuple[int, int]]]

    @property
    def mentions(self) -> list[Mention]:
        return self.mentions_with([])

    def mentions_with(self, others: list[Mention]) -> list[Mention]:
        """What rules find, the labelled names, and these others."""
        text = self.document.text
        named = [Mention(k, s, e, text[s:e]) for k, places in self.names.items() for s, e in places]
        return with_names(self.document, [*named, *others])

    @property
    def intents(self) -> list[Intent]:
        return list(dict.fromkeys(Intent(w.intent) for w in self.sample.requests))


def prepare(samples: Sequence[Sample]) -> list[Prepared]:
    products = ProductFinder(CATALOGUE)
    prepared = []
    for sample in samples:
        text, subject = cleaned(sample.readable.text), cleaned(sample.readable.subject).replace("\n", " ")
        language = language_of(f"{subject}\n{text}" if len(text) < 200 else text)
        document = document_of(sample.readable, subject, text, language, products)
        prepared.append(Prepared(sample, document, names_in(sample, document)))
    return prepared
