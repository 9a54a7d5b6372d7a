"""Readers for tests of the jobs: they answer the same to everything, and one fails on a word."""

from __future__ import annotations

from bot.ports import Readable
from bot.vocabulary.requests import Intent, NoFields, Reading, Request, TopicFields


class Thankful:
    """Reads a question about the program, which is answered, in everything."""

    name = "thankful"

    def read(self, readable: Readable) -> Reading:
        request = Request(Intent.ASK_PROGRAM, TopicFields("deal protection"), (0, len(readable.text)))
        return Reading("en", (request,), True)


class FailsOn(Thankful):
    """A reader with a fault: it raises on any text with `word` in it, until the fault is `mended`."""

    def __init__(self, word: str) -> None:
        self._word = word
        self.mended = False
        self.tries = 0

    def read(self, readable: Readable) -> Reading:
        if self._word in readable.text and not self.mended:
            self.tries += 1
            raise RuntimeError(f"cannot read {self._word}")
        return super().read(readable)


class Silent:
    """Reads thanks in everything: logged, and not answered."""

    name = "silent"

    def read(self, readable: Readable) -> Reading:
        return Reading("en", (Request(Intent.THANKS, NoFields(), (0, len(readable.text))),), False)
