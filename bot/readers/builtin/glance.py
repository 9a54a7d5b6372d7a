"""What both name finders look at first: the words, their forms, the runs of capitals, and what addresses spell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.readers.builtin.agreement import host_runs, hosts_and_mailboxes
from bot.readers.builtin.document import Document, Token
from bot.readers.builtin.name_shapes import Run, runs, shape
from bot.readers.builtin.wording import masked

_TITLES_SAID = (
    "herr herrn hr frau fr dr prof mag ing dipl mr mrs ms miss sir mme madame monsieur m mlle dhr mevr mevrouw "
    "meneer mijnheer drs ir de heer señor señora sr sra srta don doña lic dña d hrn fam familie"
)
_TITLES = frozenset(_TITLES_SAID.split())


@dataclass(frozen=True, slots=True)
class Glance:
    """A document's tokens with `said` and `shapes` of each, and the `runs` of capitals among them.

    `lines` are the places of the tokens of each line that is not blank, `spelled` says by token what the words spell of
    the `hosts`, as `host_runs` gives it; `often` is how many times each word stands.
    """

    document: Document
    tokens: tuple[Token, ...]
    said: list[str]
    shapes: list[str]
    runs: list[Run]
    lines: list[list[int]]
    hosts: list[str]
    mailboxes: set[str]
    spelled: dict[int, str]
    subject: set[str]
    often: Counter[str]

    def titled(self, place: int) -> bool:
        """Whether a title stands before the token."""
        before = self.said[place - 1] if place else "$"
        return before in _TITLES or (before == "." and place > 1 and self.said[place - 2] in _TITLES)


def glance_at(document: Document) -> Glance:
    tokens = document.tokens
    said = [masked(t) for t in tokens]
    hosts, mailboxes = hosts_and_mailboxes(document)
    return Glance(
        document,
        tokens,
        said,
        [shape(t) for t in tokens],
        runs(tokens),
        _lines(tokens),
        hosts,
        mailboxes,
        host_runs(tokens, hosts),
        {w for w, t in zip(said, tokens, strict=True) if t.start < document.body},
        Counter(said),
    )


def _lines(tokens: Sequence[Token]) -> list[list[int]]:
    lines: list[list[int]] = [[]]
    for i, token in enumerate(tokens):
        lines[-1].append(i)
        if token.text == "\n" and token.mention is None:
            lines.append([])
    return [line for line in lines if any(tokens[i].text.strip() for i in line)]
