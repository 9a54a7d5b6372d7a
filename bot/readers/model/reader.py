"""A model as a proposer: asks within limits, remembers, and lets only checked requests out."""

from __future__ import annotations

from typing import Protocol

from bot.ports import Readable
from bot.readers.model.asking import Question, question_for
from bot.readers.model.cache import ReadingCache
from bot.readers.model.checking import checked
from bot.readers.model.guide import standing_instructions
from bot.readers.model.limits import Pause
from bot.readers.model.schema import ProposedReading
from bot.readers.proposing import NoReading, Reason
from bot.vocabulary.requests import Reading
from knowledge.program import Product


class Asked(Protocol):
    """Whoever answers a question with a proposal; raises NoReading."""

    def ask(self, instructions: str, question: str) -> ProposedReading: ...


# Failures of one text, not of the endpoint: they are no reason to stay away from it.
_NOT_ITS_FAULT = frozenset({Reason.BUDGET_USED_UP, Reason.REFUSED, Reason.EMPTY})


class ModelReader:
    """`propose` is safe to call from several threads."""

    def __init__(self, model: Asked, catalogue: tuple[Product, ...], cache: ReadingCache, pause: Pause) -> None:
        self._model = model
        self._catalogue = catalogue
        self._instructions = standing_instructions(catalogue)
        self._cache = cache
        self._pause = pause

    def propose(self, readable: Readable) -> Reading:
        """Raises NoReading, and nothing else, on any text and any answer."""
        question = question_for(readable)
        # What the checks look at beside the question is part of the key: the same words may count differently.
        key = f"{question.digest}/{readable.automatic}/{readable.addressed}"
        remembered = self._cache.get(key)
        if remembered is not None:
            return remembered
        reading = checked(self._proposal(question), readable, self._catalogue)
        self._cache.put(key, reading)
        return reading

    def _proposal(self, question: Question) -> ProposedReading:
        if not self._pause.over:
            raise NoReading(Reason.PAUSED)
        try:
            proposal = self._model.ask(self._instructions, question.text)
        except NoReading as failure:
            if failure.reason not in _NOT_ITS_FAULT:
                self._pause.failed(failure.retry_after)
            raise
        self._pause.succeeded()
        return proposal
