"""What every wish is looked for in: the sentences, the thread, and what the inner reader made of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from bot.ports import Readable
from bot.readers.builtin.references import find_deal_refs
from bot.readers.finer.names import named_after, trimmed
from bot.readers.finer.sentences import Sentence, folded
from bot.vocabulary.message import Question
from bot.vocabulary.requests import Finer, Intent, Reading, Request

QUESTIONS = frozenset(
    {
        Intent.ASK_PROGRAM,
        Intent.ASK_DEAL_STATUS,
        Intent.ASK_CONTENT,
        Intent.ASK_TRAINING,
        Intent.ASK_TIER,
        Intent.ASK_PAYOUT,
        Intent.ASK_COMMISSION,
    }
)
_OFTEN_MISREAD = frozenset({Intent.ASK_PROGRAM, Intent.ASK_DEAL_STATUS})
IDLE = frozenset({Intent.OTHER, Intent.THANKS})
MONEY = frozenset({Intent.ASK_COMMISSION, Intent.ASK_PAYOUT, Intent.DISPUTE_COMMISSION})
MISREAD = IDLE | {
    Intent.ASK_DEAL_STATUS,
    Intent.ASK_PROGRAM,
    Intent.ASK_CONTENT,
    Intent.ASK_TIER,
    Intent.PROVIDE_FIELD,
}
"""What a sentence about money may be taken for that is about something else."""
LEAD_NUMBER = re.compile(r"(?<![\w-])L\s?-\s?(\d{6,10})(?!\d)", re.I)
NUMBER = re.compile(r"(?<![\w-])d\s?[-#]?\s?\d{4,8}(?!\d)")
_FEW_WORDS = 12


@dataclass(frozen=True)
class Scene:
    """One message: `sentences` of subject and body, `forwarded` those of a mail passed on; `stems` are the first four
    letters of its words, by which a wish tells at once that it is not meant.
    """

    readable: Readable
    reading: Reading
    sentences: tuple[Sentence, ...]
    forwarded: tuple[Sentence, ...]
    stems: frozenset[str]

    @property
    def question(self) -> Question | None:
        return self.readable.thread.question

    @property
    def about_deal(self) -> bool:
        """Whether the thread is about one registration."""
        return self.readable.thread.subject_ref.startswith("D-")

    @cached_property
    def customers(self) -> tuple[str, ...]:
        """The companies that the inner reader found, each once."""
        said = (getattr(request.fields, "customer", None) for request in self.reading.requests)
        return tuple(dict.fromkeys(name for name in said if name))

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """The deal numbers of the message, each once."""
        return tuple(dict.fromkeys(n for s in self.sentences for n in numbers_in(s)))

    @cached_property
    def short(self) -> bool:
        return sum(len(s.text.split()) for s in self.sentences) <= _FEW_WORDS

    def deal_of(self, sentence: Sentence) -> tuple[str | None, str | None]:
        """Customer and number of the deal that a sentence speaks of; of the message's only one where it names none."""
        numbers, customer = numbers_in(sentence), self.customer_in(sentence)
        if numbers or customer:
            return customer, numbers[0] if numbers else None
        if len(self.numbers) == 1:
            return None, self.numbers[0]
        names = {name for s in self.sentences if s is not sentence for name in [self.customer_in(s)] if name}
        return (names.pop(), None) if len(names) == 1 and not self.numbers else (None, None)

    def customer_in(self, sentence: Sentence) -> str | None:
        for name in self.customers:
            if folded(name) in sentence.text:
                return trimmed(name) or name
        return named_after(sentence)

    def misread(self, sentence: Sentence, intents: Collection[Intent]) -> tuple[Request, ...]:
        """The inner reader's requests that rest on this sentence alone; a question stays where another asks."""
        others = any(s.asks for s in self.sentences if s is not sentence)
        return tuple(
            r for r in self.reading.requests if r.intent in IDLE or self._is_misread(r, sentence, intents, others)
        )

    def _is_misread(self, request: Request, sentence: Sentence, intents: Collection[Intent], others: bool) -> bool:
        if request.intent not in intents:
            return False
        if request.intent in QUESTIONS and request.intent not in _OFTEN_MISREAD:
            return not others
        return overlaps(request.span, sentence) or (request.intent in QUESTIONS and not others)


@dataclass(frozen=True, slots=True)
class Hit:
    """A wish found, and the inner reader's requests in whose place it stands."""

    request: Request
    instead_of: tuple[Request, ...] = ()

    @property
    def finer(self) -> Finer | None:
        return self.request.finer


Finder = Callable[[Scene], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Wish:
    """How one finer wish is found, and by the stems of which words it may be there at all; none for always."""

    find: Finder
    stems: frozenset[str] = frozenset()


def stems(words: str) -> frozenset[str]:
    return frozenset(word[:4] for word in words.split())


def numbers_in(sentence: Sentence) -> tuple[str, ...]:
    if not NUMBER.search(sentence.text):
        return ()
    return tuple(dict.fromkeys(mention.value for mention in find_deal_refs(sentence.raw)))


def overlaps(span: tuple[int, int], sentence: Sentence) -> bool:
    """Whether a request's place lies in a sentence; one without a place may lie anywhere."""
    return span[1] == 0 or (span[0] < sentence.end and sentence.start < span[1]) or sentence.start < 0


def span_of(scene: Scene, sentence: Sentence) -> tuple[int, int]:
    """A sentence's place in the text; all of it for the subject."""
    size = len(scene.readable.text)
    return (0, size) if sentence.start < 0 else (min(sentence.start, size), min(sentence.end, size))
