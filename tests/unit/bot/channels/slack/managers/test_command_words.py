"""What a manager types behind the command."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.slack.managers.command_words import Asked, Asks, asked


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", Asked(Asks.HELP)),
        ("  ", Asked(Asks.HELP)),
        ("aide", Asked(Asks.HELP)),
        ("Ankündigen", Asked(Asks.ANNOUNCE)),
        ("announce New prices", Asked(Asks.ANNOUNCE, "New prices")),
        ("announce: New prices", Asked(Asks.ANNOUNCE, "New prices")),
        ("anunciar", Asked(Asks.ANNOUNCE)),
        ("gepland", Asked(Asks.SCHEDULED)),
        ("announcements", Asked(Asks.ANNOUNCEMENTS)),
        ("Bericht Frühjahr", Asked(Asks.REPORT, "Frühjahr")),
        ("STATUS  Quaywise  Advisory", Asked(Asks.STATUS, "Quaywise Advisory")),
        ("statut D-123456", Asked(Asks.STATUS, "D-123456")),
        ("décider D-123456", Asked(Asks.DECIDE, "D-123456")),
        ("approve D-123456", Asked(Asks.ORDER, "approve D-123456")),
        ("D-123456: refuse: too late", Asked(Asks.ORDER, "D-123456: refuse: too late")),
        ("rechazar D-123456: motivo\nsegunda línea", Asked(Asks.ORDER, "rechazar D-123456: motivo\nsegunda línea")),
        ("refuse D-123456: R&amp;D has it &lt;now&gt;", Asked(Asks.ORDER, "refuse D-123456: R&D has it <now>")),
        ("help me with D-123456", Asked(Asks.ORDER, "help me with D-123456")),
        ("announcements are late", Asked(Asks.ORDER, "announcements are late")),
    ],
)
def test_the_first_word_says_what_is_asked(words: str, found: Asked) -> None:
    assert asked(words) == found


@given(st.text(max_size=5_000))
def test_anything_is_taken(words: str) -> None:
    assert len(asked(words).words) <= 3_000
