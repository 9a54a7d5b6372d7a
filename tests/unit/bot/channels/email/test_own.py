"""Which addresses are the agent's own: those of the program, and reply addresses of its domain."""

from __future__ import annotations

import pytest

from bot.channels.email.compose import Author
from bot.channels.email.own import OwnAddresses

OWN = OwnAddresses(
    frozenset({"partners@lumora.example"}),
    "lumora.example",
    Author("Lumora partner team", "partners@lumora.example", "lumora.example"),
)
KEY = "0123456789abcdef" * 2


@pytest.mark.parametrize("address", ["Partners@Lumora.example", f"reply+{KEY}@lumora.example"])
def test_mail_to_them_is_taken(address: str) -> None:
    assert OWN.takes(address)


@pytest.mark.parametrize(
    "address",
    [
        "sales@lumora.example",
        f"reply+{KEY}@elsewhere.example",
        f"reply+{KEY}0@lumora.example",
        "reply+0123@lumora.example",
        f"bounce+{KEY}@lumora.example",
        "",
        "\0",
    ],
)
def test_mail_to_nobody_of_ours_is_not(address: str) -> None:
    assert not OWN.takes(address)
