"""What speaks for each token being part of a name, besides the words: as a row of numbers for the network."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bot.readers.builtin.agreement import in_host, in_mailbox
from bot.readers.builtin.glance import Glance
from bot.readers.builtin.name_shapes import may_be_in_a_name
from bot.vocabulary.company_names import LEGAL_FORMS

_FORMS = ("9", "AA", "A", "Aa", "a9", "a")
_SPELLED = tuple(f"{place} {much}" for place in "BI" for much in ("full", "part"))
_LANGUAGES = ("en", "de", "fr", "nl", "es")
_ENDS = frozenset(".!?:;\n")
_OF_RUN, _OF_LINE = 7, 8
CLUES = len(_FORMS) + len(_SPELLED) + len(_LANGUAGES) + _OF_RUN + _OF_LINE + 18


def _places(known: tuple[str, ...], others: tuple[str, ...] = ()) -> dict[str, tuple[bool, ...]]:
    """For each of the known the row that is true at its place alone; for the others a row without."""
    return {said: tuple(said == one for one in known) for said in (*known, *others)}


_OF_FORM, _NO_FORM = _places(_FORMS), (False,) * len(_FORMS)
_OF_SPELLING = _places(_SPELLED, ("",))


def clues_of(glance: Glance, most: int) -> NDArray[np.float32]:
    """A row of `CLUES` numbers for each of the first `most` tokens."""
    document, said, often, spelled = glance.document, glance.said, glance.often, glance.spelled
    tokens = glance.tokens[:most]
    in_runs, in_lines = _of_runs(glance), _of_lines(glance)
    language = [document.language == known for known in _LANGUAGES]
    rows = np.zeros((len(tokens), CLUES), np.float32)
    for i, token in enumerate(tokens):
        word, form = said[i], glance.shapes[i].rpartition(">")[2]
        nameable = may_be_in_a_name(token) and token.text[0].isalnum()
        before = said[i - 1] if i else "\n"
        earlier = said[i - 2] if i > 1 else "\n"
        rows[i] = [
            *_OF_FORM.get(form, _NO_FORM),
            *_OF_SPELLING[spelled.get(i, "")],
            *language,
            *in_runs[i],
            *in_lines[i],
            nameable,
            token.mention is not None,
            word == "\n",
            not token.text[0].isalnum(),
            word.strip(".") in LEGAL_FORMS,
            any(w.strip(".") in LEGAL_FORMS for w in said[i + 1 : i + 3]),
            glance.titled(i),
            before in _ENDS,
            before in _ENDS and earlier in _ENDS,
            said[i + 1] in _ENDS if i + 1 < len(said) else True,
            nameable and in_host(token.text, glance.hosts),
            nameable and in_mailbox(token.text, glance.mailboxes),
            token.start < document.body,
            token.start >= document.forwarded,
            token.start >= document.body and len(word) > 3 and word in glance.subject,
            often[word] > 1,
            often[word] > 2,
            min(len(word), 20) / 20,
        ]
    return rows


def _of_runs(glance: Glance) -> list[tuple[float, ...]]:
    """For each token what is to be said of the run of capitals that it is part of."""
    facts: list[tuple[float, ...]] = [(0.0,) * _OF_RUN] * len(glance.tokens)
    for run in glance.runs:
        size, named = run.end - run.start, any(place in glance.spelled for place in range(run.start, run.end))
        for place in range(run.start, run.end):
            first, last = place == run.start, place == run.end - 1
            facts[place] = (first, not first, last, size > 1, size > 2, run.legal, named)
    return facts


def _of_lines(glance: Glance) -> list[tuple[float, ...]]:
    """For each token where it stands in its line, and its line among the lines."""
    said, lines = glance.said, glance.lines
    facts: list[tuple[float, ...]] = [(0.0,) * _OF_LINE] * len(said)
    for number, line in enumerate(lines):
        left = len(lines) - number
        colon = next((k for k, i in enumerate(line[:6]) if said[i] in (":", "=", "|")), -1)
        for k, i in enumerate(line):
            headed = 0 <= colon < k
            facts[i] = (k == 0, k == 1, headed, headed and k == colon + 1, left == 1, left == 2, left == 3, number == 0)
    return facts
