"""What the reader is told of a thread, and when its guess is not enough to speak up."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from bot.ports import Readable
from bot.steps.understand import understand
from bot.vocabulary.message import Message, Sender, ThreadContext, ThreadKind
from bot.vocabulary.requests import Intent, Reading, Request, StatusFields
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
        (("confirmation",), ThreadKind.ANNOUNCEMENT, ()),
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


@dataclass
class Guessing:
    """A reader that is this sure of one wish."""

    confidence: float
    name: str = "guessing"

    def read(self, readable: Readable) -> Reading:
        return reading(Request(Intent.ASK_DEAL_STATUS, StatusFields(), confidence=self.confidence))


@pytest.mark.parametrize(
    ("addressed", "agent_took_part", "confidence", "answered"),
    [(False, False, 0.2, False), (False, False, 0.9, True), (True, False, 0.2, True), (False, True, 0.2, True)],
)
def test_talk_between_people_is_not_joined_on_a_guess(
    addressed: bool, agent_took_part: bool, confidence: float, answered: bool
) -> None:
    said = replace(MESSAGE, channel=Channel.SLACK, addressed=addressed)
    thread = ThreadContext("t", agent_took_part=agent_took_part)
    assert understand(said, thread, Guessing(confidence)).answer_expected is answered
