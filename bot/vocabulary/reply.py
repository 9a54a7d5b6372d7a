"""What is said back: one answer in words, for one message, in one language."""

from __future__ import annotations

from dataclasses import dataclass

from bot.vocabulary.layout import Block


@dataclass(frozen=True, slots=True)
class Reply:
    """`text` is plain text, in Slack with its marks for bold; `language` is the one it is written in.

    `layout` has the same words in their form, for channels that show one; () where the text is all there is.
    """

    text: str
    language: str
    layout: tuple[Block, ...] = ()
