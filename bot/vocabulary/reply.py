"""What is said back: one answer in words, for one message, in one language."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.vocabulary.layout import Block


class Style(StrEnum):
    """How a button looks: as any other, as what is suggested, or as what ends something."""

    PLAIN = ""
    PRIMARY = "primary"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that may be pressed instead of typed: `label` stands on it, `words` are what it says, as if typed.

    `wish` is what the words mean (see `bot.vocabulary.wish`), "" where they are read like any others.
    """

    label: str
    words: str
    wish: str = ""
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True)
class Choices:
    """Choices of which one is taken. `prompt` says what is chosen where they stand in a menu.

    `answers` where they answer the question that the thread waits for: they count as long as it is open.
    """

    choices: tuple[Choice, ...]
    prompt: str = ""
    answers: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """`text` is plain text, in Slack with its marks for bold; `language` is the one it is written in.

    `layout` has the same words in their form, for channels that show one; () where the text is all there is. `choices`
    are for channels with buttons: whatever they say can be typed as well. `judged` is what stands on the two buttons
    with which an answer is called helpful or not, () where there is nothing to judge.
    """

    text: str
    language: str
    layout: tuple[Block, ...] = ()
    choices: tuple[Choices, ...] = ()
    judged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InConfidence:
    """The figures of an answer in Slack, for the asker alone: as a direct message, else as a mail of that `subject`.

    `directly`, `mailed` and `colleague` are what the thread is told in each case, the last where neither way is open.
    `at_once` where others read the channel by now; elsewhere all this counts only if they do when it is posted.
    """

    direct: Reply
    mail: Reply
    subject: str
    directly: Reply
    mailed: Reply
    colleague: Reply
    at_once: bool = False
