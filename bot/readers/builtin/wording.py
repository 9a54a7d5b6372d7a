"""What a model sees of a wording: masked words in ones and twos, and pieces of words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.readers.builtin.document import Token
from bot.readers.builtin.linear import block

MOST_TOKENS = 700


def masked(token: Token) -> str:
    """The token in lower case; what a rule found there is named by its kind."""
    if token.mention is None:
        return token.text.casefold()
    return f"<{token.mention.kind.value}>"


def words(tokens: Sequence[Token]) -> list[str]:
    """Masked words without marks other than the question mark and exclamation mark."""
    said = (masked(t) for t in tokens[:MOST_TOKENS])
    return [w for w in said if w[0] == "<" or w[0].isalnum() or w in "?!"]


def pieces(said: Iterable[str], shortest: int = 2, longest: int = 5) -> list[str]:
    """Character n-grams inside the words, word borders marked."""
    found: list[str] = []
    for word in said:
        if word[0] == "<":
            continue
        edged = f" {word[:24]} "
        for size in range(shortest, longest + 1):
            found.extend(edged[i : i + size] for i in range(len(edged) - size + 1))
    return found


def wording(tokens: Sequence[Token], tag: str = "", *, by_pieces: bool = True) -> dict[str, float]:
    """Features of a stretch of tokens: words, pairs of words, pieces; each kind is a `block`."""
    said = words(tokens)
    ones = [f"{tag}w:{w}" for w in said]
    twos = [f"{tag}b:{a} {b}" for a, b in zip(["^", *said], [*said, "$"], strict=True)]
    features = block(ones + twos, 1.0)
    if by_pieces:
        features |= block([f"{tag}c:{p}" for p in pieces(said)], 1.0)
    return features
