"""What counts as an order in reply to a preview: one plain line, and nothing that only begins like one."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.announcements.by_mail.orders import Order, Unclear, Version, Word, understood
from bot.vocabulary.announcing import Zone

AT = datetime(2026, 12, 1, 9)  # noqa: DTZ001 - what clocks show


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("send", Order(Word.SEND)),
        ("Send.\n\nBest\nJonas", Order(Word.SEND)),
        ("Please send it now!", Order(Word.SEND)),
        ("send 41", Order(Word.SEND, 41)),
        ("Send to 41 people", Order(Word.SEND, 41)),
        ("send at 2026-12-01 09:00", Order(Word.SEND, None, AT)),
        ("send 41 at 2026-12-01T09:00", Order(Word.SEND, 41, AT)),
        ("send at 2026-12-01 09:00 in each partner's time", Order(Word.SEND, None, AT, Zone.PARTNER)),
        ("Senden bitte", Order(Word.SEND)),
        ("senden am 2026-12-01 09:00", Order(Word.SEND, None, AT)),
        ("Envoyer", Order(Word.SEND)),
        ("test", Order(Word.TEST)),
        ("*cancel*", Order(Word.CANCEL)),
        ("Abbrechen", Order(Word.CANCEL)),
        ("pause", Order(Word.PAUSE)),
        ("weiter", Order(Word.RESUME)),
        ("Remind them", Order(Word.REMIND)),
        ("report", Order(Word.REPORT)),
        ("status", Order(Word.PROGRESS)),
        ("Vorschau", Order(Word.PREVIEW)),
    ],
)
def test_a_plain_line_is_an_order(text: str, order: Order) -> None:
    assert understood(text) == order


@pytest.mark.parametrize(
    "text",
    [
        "", "thanks", "send it to Elite only", "send tomorrow", "don't send", "not yet, send later", "sender unknown",
        "send at noon", "send partner", "test it with Ada first", "I would cancel it", "cancel 3", "go figure",
        "send at 2026-13-01 09:00", "send at 2026-12-01", "Shall I send it?",
    ],
)  # fmt: skip
def test_what_only_resembles_an_order_is_none(text: str) -> None:
    assert isinstance(understood(text), Unclear)


@pytest.mark.parametrize("text", ["Segment: all", "# Subject\n\nText", "[de]\n# Neu\n\nText"])
def test_a_text_is_a_newer_version(text: str) -> None:
    assert understood(text) == Version(text)


def test_who_orders_and_changes_the_text_in_one_mail_sees_it_first() -> None:
    assert understood("send\n\nSegment: tier=Elite") == Version("\nSegment: tier=Elite")
