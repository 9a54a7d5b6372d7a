"""Partners as people name them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.desk.partners_named import fitting
from tests.builders import partner

QUAYWISE = replace(partner(), id="p-1", name="Quaywise Advisory")
QUAYSIDE = replace(partner(), id="p-2", name="Quayside IT & Advisory")
FOUNDRY = replace(partner(), id="p-3", name="Northgate Foundry")
EVERYONE = (QUAYWISE, QUAYSIDE, FOUNDRY)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("quaywise advisory", [QUAYWISE]),
        ("P-2", [QUAYSIDE]),
        ("Quaywise", [QUAYWISE]),
        ("quay", [QUAYWISE, QUAYSIDE]),
        ("foundry", [FOUNDRY]),
        ("Advisory", [QUAYWISE, QUAYSIDE]),
        ("IT and Advisory", []),
        ("it, advisory!", [QUAYSIDE]),
        ("", []),
        ("&", []),
    ],
)
def test_a_name_is_known_by_all_of_it_by_its_beginning_or_by_words_of_it(words: str, meant: list[object]) -> None:
    assert fitting(words, EVERYONE) == meant


def test_a_whole_name_is_not_mistaken_for_a_longer_one() -> None:
    longer = replace(partner(), id="p-4", name="Quaywise Advisory North")
    assert fitting("Quaywise Advisory", (longer, *EVERYONE)) == [QUAYWISE]
