"""Finds the names of companies and people: a linear tagger over tokens with the best path through its labels."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from bot.readers.builtin.document import Document, Token
from bot.readers.builtin.linear import LinearModel, hashed
from bot.readers.builtin.mentions import Kind, Mention
from bot.readers.builtin.wording import masked

TAGS = ("O", "B-customer", "I-customer", "B-person", "I-person")
_FORBIDDEN = -1e6
# A missed name costs more than a wrong one, which the roles can still set aside.
_RELUCTANCE = 3.0
_TITLES = frozenset(
    [
        "herr",
        "herrn",
        "hr",
        "frau",
        "fr",
        "dr",
        "prof",
        "mag",
        "ing",
        "dipl",
        "mr",
        "mrs",
        "ms",
        "miss",
        "sir",
        "mme",
        "madame",
        "monsieur",
        "m",
        "mlle",
        "dhr",
        "mevr",
        "mevrouw",
        "meneer",
        "mijnheer",
        "drs",
        "ir",
        "de",
        "heer",
        "señor",
        "señora",
        "sr",
        "sra",
        "srta",
        "don",
        "doña",
        "lic",
        "dña",
        "d",
        "hrn",
        "fam",
        "familie",
    ]
)
LEGAL_FORMS = frozenset(
    [
        "gmbh",
        "ag",
        "kg",
        "co",
        "bv",
        "nv",
        "sa",
        "sas",
        "sarl",
        "sàrl",
        "sl",
        "srl",
        "ltd",
        "limited",
        "inc",
        "llc",
        "plc",
        "se",
        "ohg",
        "ug",
        "eg",
        "ev",
        "spa",
        "corp",
        "oy",
        "ab",
        "as",
        "aps",
        "cv",
        "vof",
        "gbr",
        "mbh",
        "og",
        "kft",
        "doo",
        "zrt",
        "e.v",
        "e.g",
        "e.u",
        "b.v",
        "n.v",
        "s.a",
        "s.l",
        "s.a.s",
        "s.l.u",
        "s.r.l",
        "pty",
        "pvt",
        "lda",
        "llp",
        "scrl",
        "srls",
        "asbl",
        "vzw",
        "stichting",
        "eu",
        "e.k",
        "ek",
    ]
)


def _shape(token: Token) -> str:
    if token.mention is not None:
        return f"<{token.mention.kind.value}>"
    word = token.text
    if not word[0].isalnum():
        return "/n" if word == "\n" else word
    if word.isdigit():
        return "9"
    if word.isupper() and len(word) > 1:
        return "AA"
    if word[0].isupper():
        return "A" if len(word) == 1 else "Aa"
    return "a9" if any(c.isdigit() for c in word) else "a"


def _hosts(document: Document) -> tuple[set[str], set[str]]:
    """Letters of the hosts, and of the local parts of mail addresses, that names often share."""
    hosts: set[str] = set()
    locals_: set[str] = set()
    for mention in document.mentions:
        if mention.kind is Kind.EMAIL:
            local, _, host = mention.value.partition("@")
            locals_.update(p for p in re.split(r"[._+\d-]+", local) if len(p) > 2)
            hosts.add(host.rsplit(".", 1)[0])
        elif mention.kind is Kind.DOMAIN:
            hosts.add(mention.value.rsplit(".", 1)[0])
    return hosts, locals_


def _forms(word: str) -> tuple[str, str, str]:
    """The word as written, without accents, and with umlauts spelled out."""
    bare = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    spelled = word.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    return word, bare, spelled


def _in_host(word: str, hosts: set[str]) -> bool:
    if len(word) < 4 or not hosts:
        return False
    return any(form[:7] in host for form in _forms(word) for host in hosts)


def _in_local(word: str, locals_: set[str]) -> bool:
    if len(word) < 3 or not locals_:
        return False
    return any(form == local or (len(form) > 3 and form in local) for form in _forms(word) for local in locals_)


def token_features(document: Document) -> list[list[str]]:
    """The names of the features of each token."""
    tokens = document.tokens
    said = [masked(t) for t in tokens]
    shapes = [_shape(t) for t in tokens]
    hosts, locals_ = _hosts(document)
    subject = {w for w, t in zip(said, tokens, strict=True) if t.start < document.body}
    lines = _line_facts(document, said)
    size = len(tokens)

    def at(row: list[str], place: int) -> str:
        return row[place] if 0 <= place < size else "$"

    result: list[list[str]] = []
    for i, token in enumerate(tokens):
        w, s = said[i], shapes[i]
        p1, p2, n1, n2 = at(said, i - 1), at(said, i - 2), at(said, i + 1), at(said, i + 2)
        sp, sn = at(shapes, i - 1), at(shapes, i + 1)
        head, from_end, column = lines[i]
        features = [
            "1", f"w{w}", f"p{p1}", f"n{n1}", f"q{p2}", f"m{n2}", f"pw{p1} {w}", f"wn{w} {n1}", f"qp{p2} {p1}",
            f"nm{n1} {n2}", f"s{s}", f"sp{sp} {s}", f"sn{s} {sn}", f"sps{sp} {s} {sn}", f"ps{p1} {s}", f"ns{n1} {s}",
            f"<{w[:3]}", f">{w[-3:]}", f">>{w[-4:]} {s}", f"l{document.language} {s}", f"h{head} {s}",
            f"e{from_end} {s}", f"c{column} {s}", f"qs{p2} {s}", f"ss{at(shapes, i - 2)} {sp} {s} {sn}",
            f"s2{s} {sn} {at(shapes, i + 2)}",
        ]  # fmt: skip
        features += _place_features(document, token, w, s, p1, subject)
        if token.mention is None and s[0] in "Aa":
            features += _name_features(w, s, hosts, locals_)
        if n1 in LEGAL_FORMS or n2 in LEGAL_FORMS:
            features.append(f"legal ahead {s}")
        if p1 in _TITLES or (p1 == "." and p2 in _TITLES):
            features.append(f"titled {s}")
        result.append(features)
    return result


def _place_features(document: Document, token: Token, w: str, s: str, before: str, subject: set[str]) -> list[str]:
    if token.start < document.body:
        return [f"subject {s}", f"subject {before} {s}"]
    return [f"insubject {s}"] if s[0] in "Aa" and len(w) > 3 and w in subject else []


def _name_features(w: str, s: str, hosts: set[str], locals_: set[str]) -> list[str]:
    found: list[str] = []
    if _in_host(w, hosts):
        found += ["host", f"host {s}"]
    if _in_local(w, locals_):
        found += ["local", f"local {s}"]
    return [*found, "legal"] if w in LEGAL_FORMS else found


def _line_facts(document: Document, said: list[str]) -> list[tuple[str, str, str]]:
    """For each token: the word before a colon that leads its line, its line counted from the end, its column."""
    lines: list[list[int]] = [[]]
    for i, token in enumerate(document.tokens):
        lines[-1].append(i)
        if token.text == "\n" and token.mention is None:
            lines.append([])
    filled = [line for line in lines if any(said[i].strip() for i in line)]
    facts: list[tuple[str, str, str]] = [("", "", "")] * len(said)
    for number, line in enumerate(filled):
        from_end = str(min(4, len(filled) - number))
        colon = next((k for k, i in enumerate(line[:6]) if said[i] in (":", "=", "|")), -1)
        for k, i in enumerate(line):
            head = said[line[0]] if 0 <= colon < k else "-"
            if head == "-" and said[line[0]] in ("-", "•", "*", "–", ">") and 1 < colon < k:
                head = said[line[1]]
            facts[i] = (head, from_end, str(min(k, 2)))
    return facts


class Tagger:
    """`transitions[a, b]` is what going from tag a to tag b is worth."""

    def __init__(self, model: LinearModel, transitions: NDArray[np.float32]) -> None:
        self._model = model
        self._transitions = transitions + allowed_transitions()

    def find(self, document: Document) -> list[Mention]:
        """The names of companies and people in the document."""
        features = token_features(document)
        if not features:
            return []
        scores = self._model.rows(features)
        scores[:, 0] -= _RELUCTANCE
        return spans(document, best_path(scores, self._transitions))


def allowed_transitions() -> NDArray[np.float32]:
    """Zero where one tag may follow another, far below zero where it may not."""
    table = np.zeros((len(TAGS), len(TAGS)), dtype=np.float32)
    for b, after in enumerate(TAGS):
        if after[0] == "I":
            for a, before in enumerate(TAGS):
                if before[2:] != after[2:]:
                    table[a, b] = _FORBIDDEN
    return table


def best_path(scores: NDArray[np.float32], transitions: NDArray[np.float32]) -> list[int]:
    """The tags with the highest sum of scores and transitions; the text starts as after O."""
    best = scores[0] + transitions[0]
    back: list[NDArray[np.intp]] = []
    for row in scores[1:]:
        reach = best[:, None] + transitions
        came = reach.argmax(axis=0)
        back.append(came)
        best = reach[came, np.arange(len(row))] + row
    tag = int(best.argmax())
    path = [tag]
    for came in reversed(back):
        tag = int(came[tag])
        path.append(tag)
    return path[::-1]


def spans(document: Document, path: list[int]) -> list[Mention]:
    """The stretches that a path of tags marks."""
    found: list[Mention] = []
    start = -1
    for i, tag in enumerate([*path, 0]):
        label = TAGS[tag]
        if start >= 0 and label[0] != "I":
            kind = Kind(TAGS[path[start]][2:])
            first, last = document.tokens[start], document.tokens[i - 1]
            found.append(Mention(kind, first.start, last.end, document.text[first.start : last.end]))
            start = -1
        if label[0] == "B":
            start = i
    return found


def tag_path(document: Document, wanted: Mapping[Kind, list[tuple[int, int]]]) -> list[int]:
    """The tags of the tokens for known stretches of text: what the tagger learns from."""
    path = [0] * len(document.tokens)
    for kind, stretches in wanted.items():
        for start, end in stretches:
            inside = [i for i, t in enumerate(document.tokens) if t.start < end and t.end > start]
            for place, i in enumerate(inside):
                path[i] = TAGS.index(f"{'I' if place else 'B'}-{kind.value}")
    return path


def feature_hashes(names: list[str]) -> list[int]:
    """The hashes of features, for training."""
    return [hashed(name) for name in names]
