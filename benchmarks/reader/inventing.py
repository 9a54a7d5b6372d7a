"""Makes up names: training messages with other companies, people and addresses, so that context is learnt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from bot.readers.builtin.agreement import forms, letters
from bot.readers.builtin.document import Document, read_document
from bot.readers.builtin.mentions import Kind
from bot.readers.builtin.products import ProductFinder
from bot.vocabulary.company_names import LEGAL_FORMS

Places = dict[Kind, list[tuple[int, int]]]
_AND = {"en": "and", "de": "und", "fr": "et", "nl": "en", "es": "y"}


@dataclass(frozen=True, slots=True)
class NameStock:
    """Labelled names to make new ones from."""

    companies: tuple[str, ...]
    people: tuple[str, ...]

    def company(self, random: Random, language: str) -> str:
        """A company of any shape: as labelled, put together from two, with a number, or of two surnames."""
        one, other = random.choice(self.companies), random.choice(self.companies)
        shape = random.random()
        if shape < 0.45:
            return one
        if shape < 0.7:
            head, tail = one.split(), other.split()
            return " ".join([*head[: max(1, len(head) // 2)], *tail[len(tail) // 2 :]])
        if shape < 0.8:
            number = str(random.choice((3, 7, 9, 12, 21, 24, 54, 100, 360, 1889)))
            return f"{number} {one}" if random.random() < 0.5 else f"{one.split()[0]} {number}"
        if shape < 0.92:
            link = random.choice(("&", "+", _AND.get(language, "and")))
            kinds = [random.choice(self.people).split()[-1], other.split()[0].strip(",.")]
            return f"{kinds[0]} {link} {kinds[1]}"
        made = "".join(random.choice("bdfgklmnprstvz" if i % 2 else "aeiou") for i in range(random.randint(4, 8)))
        return f"{made.capitalize()} {other.split()[-1]}" if random.random() < 0.6 else made.capitalize()

    def person(self, random: Random, words: int) -> str:
        """A person with that many words, first name and surname from two labelled ones."""
        one, other = random.choice(self.people).split(), random.choice(self.people).split()
        if words == 1:
            return random.choice((one[0], other[-1]))
        return f"{one[0]} {other[-1]}"


def stock_of(names: Sequence[tuple[Kind, str]]) -> NameStock:
    """The stock of labelled names, in a fixed order."""
    companies = sorted({n for kind, n in names if kind is Kind.CUSTOMER and n.split()})
    people = sorted({n for kind, n in names if kind is Kind.PERSON and n.split()})
    return NameStock(tuple(companies), tuple(people))


def _cased(made: str, like: str, random: Random) -> str:
    if like.islower() or random.random() < 0.05:
        return made.lower()
    return made.upper() if like.isupper() and len(like) > 4 else made


def _slug(name: str, dashed: bool) -> str:
    words = [forms(w)[0] for w in re.findall(r"\w+", name) if w.casefold() not in LEGAL_FORMS]
    return ("-" if dashed else "").join(w for w in words if w)[:40]


class Renamer:
    """Gives one document's names and addresses other ones, the same for every place of a name."""

    def __init__(self, document: Document, places: Places, stock: NameStock, random: Random) -> None:
        self._random = random
        self._stock = stock
        self._document = document
        self._made: dict[str, str] = {}
        text = document.text
        for kind, stretches in places.items():
            for start, end in sorted(stretches, key=lambda s: s[0] - s[1]):
                self._invent(kind, text[start:end])

    def _invent(self, kind: Kind, old: str) -> None:
        key = old.casefold()
        if key in self._made:
            return
        longer = next((k for k in self._made if k.startswith(f"{key} ")), "")
        if longer:
            words = self._made[longer].split()
            self._made[key] = " ".join(words[: max(1, len(words) * len(key.split()) // len(longer.split()))])
        elif kind is Kind.CUSTOMER:
            self._made[key] = _cased(self._stock.company(self._random, self._document.language), old, self._random)
        else:
            self._made[key] = _cased(self._stock.person(self._random, len(old.split())), old, self._random)

    def name(self, old: str) -> str:
        return self._made[old.casefold()]

    def address(self, old: str) -> str:
        """The address with the host and mailbox of the new names where the old ones were in it."""
        local, at, host = old.rpartition("@")
        label, dot, ending = host.rpartition(".")
        for known, made in self._made.items():
            shared = [f for w in known.split() for f in forms(w) if len(f) > 3]
            if any(form[:7] in letters(label) for form in shared):
                label = _slug(made, "-" in label) or label
            if local and any(form in letters(local) for form in shared):
                local = ".".join(forms(w)[0] for w in made.split()[-2:]) if "." in local else forms(made.split()[0])[0]
        return f"{local}{at}{label}{dot}{ending}"


def renamed(
    document: Document, places: Places, stock: NameStock, products: ProductFinder, random: Random
) -> tuple[Document, Places]:
    """The document read anew with other names, and where these stand."""
    renamer = Renamer(document, places, stock, random)
    swaps = [(start, end, kind) for kind, stretches in places.items() for start, end in stretches]
    taken = {p for start, end, _ in swaps for p in range(start, end)}
    swaps += [
        (m.start, m.end, m.kind)
        for m in document.mentions
        if m.kind in (Kind.EMAIL, Kind.DOMAIN) and m.start not in taken and m.end - 1 not in taken
    ]
    parts: list[str] = []
    fresh: Places = {kind: [] for kind in places}
    moved = {document.body: 0, document.forwarded: 0}
    place = size = 0
    for start, end, kind in sorted(swaps):
        old = document.text[start:end]
        new = renamer.name(old) if kind in places else renamer.address(old)
        parts += [document.text[place:start], new]
        size += start - place
        if kind in places:
            fresh[kind].append((size, size + len(new)))
        size += len(new)
        place = end
        for border in moved:
            moved[border] += (len(new) - len(old)) if end <= border else 0
    text = "".join(parts) + document.text[place:]
    body, forwarded = document.body + moved[document.body], document.forwarded + moved[document.forwarded]
    tail = text[forwarded:]
    head = text[: body - 1] if body else ""
    middle = text[body : forwarded - 1 if tail else len(text)]
    return read_document(head, middle, tail, document.language, document.received, products), fresh
