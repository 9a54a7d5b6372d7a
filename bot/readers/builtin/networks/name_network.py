"""A small convolutional network over the words of a message and what speaks for them being names: a tag for each."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from bot.readers.builtin.glance import Glance
from bot.readers.builtin.meaning import WordMeanings
from bot.readers.builtin.networks.name_clues import clues_of
from bot.readers.builtin.networks.trunk import MOST_TOKENS, Floats, hidden_of, unpacked, words_of

NAME = "names"
STEPS = (1, 1, 2)
"""How far each level of convolution looks."""


class NameNetwork:
    """`arrays` hold the trained weights under `NAME`."""

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]], table: WordMeanings) -> None:
        self._of, self._vocabulary = unpacked(arrays, NAME)
        self._table = table

    def scores(self, glance: Glance) -> Floats:
        """The logarithm of each tag's chance, a row for each of the first `MOST_TOKENS` tokens."""
        of = self._of
        words = words_of(glance.tokens, self._table, self._vocabulary)
        inside = clues_of(glance, MOST_TOKENS) @ of["in_clues"]
        hidden = hidden_of(of, words, self._table, inside, np.zeros(1, np.float32), STEPS)
        said: Floats = hidden @ of["tag"] + of["tag_bias"]
        said = said - said.max(axis=1, keepdims=True)
        chances: Floats = said - np.log(np.exp(said).sum(axis=1, keepdims=True))
        return chances
