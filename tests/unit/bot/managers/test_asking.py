"""A manager's word for the digest, in five languages, and what only speaks of it."""

from __future__ import annotations

import pytest

from bot.managers.asking import asks_for_digest


@pytest.mark.parametrize(
    "text",
    [
        "digest", "Digest!", "\n *digest* \n\nRegards\nNoor", "please digest", "my digest, please",
        "Wochenübersicht bitte", "Résumé hebdomadaire, s’il vous plaît", "het weekoverzicht graag",
        "resumen semanal, por favor",
    ],
    ids=["plain", "shouted", "marked and signed", "polite", "mine", "German", "French", "Dutch", "Spanish"],
)  # fmt: skip
def test_the_digest_is_asked_for_in_a_word_of_its_own(text: str) -> None:
    assert asks_for_digest(text)


@pytest.mark.parametrize(
    "text",
    ["", "approve D-123456", "the digest was late again", "digest D-123456", "Hello\ndigest", "> digest", "d" * 9_999],
    ids=["nothing", "an order", "talk of it", "with a number", "below a greeting", "quoted", "endless"],
)
def test_what_only_speaks_of_it_asks_for_nothing(text: str) -> None:
    assert not asks_for_digest(text)
