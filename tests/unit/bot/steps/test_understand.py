"""What the reader is told of a thread."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from bot.ports import Readable
from bot.steps.understand import understand
from bot.vocabulary.message import Message, Sender, ThreadContext, ThreadKind
from bot.vocabulary.requests import Reading
from crm.records import Channel
from tests.builders import NOW, reading


@dataclass
class Listening:
    """A reader that remembers what it was shown."""

    name: str = "listening"
    shown: list[Readable] = field(default_factory=list)

    def read(self, readable: Readable) -> Reading:
        self.shown.append(readable)
        return reading()


MESSAGE = Message("i-1", Channel.EMAIL, "<m@x>", NOW, Sender("sara@brightpath.example"), "", "Yes")


@pytest.mark.parametrize(
    ("asked", "kind", "told"),
    [
        (("confirmation",), ThreadKind.ANNOUNCEMENT, ("confirmation",)),
        (("currency", "products"), ThreadKind.QUESTION, ("currency", "product")),
        ((), ThreadKind.QUESTION, ()),
    ],
)
def test_our_question_is_told_in_the_readers_words(
    asked: tuple[str, ...], kind: ThreadKind, told: tuple[str, ...]
) -> None:
    reader = Listening()
    understand(MESSAGE, ThreadContext("t", ThreadKind.QUESTION, asked, "D-1"), reader)
    [shown] = reader.shown
    assert (shown.thread.kind, shown.thread.asked) == (kind, told)
