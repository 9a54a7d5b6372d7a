"""A reminder that is ordered on the command line goes out once the count is said and agreed to."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from bot.announcements.following_up.reminding import Awaited
from bot.cli.announcement_orders import reminded
from bot.cli.faults import Fault
from bot.vocabulary.announcing import Announcement, AnnouncementState, AnnouncementText, Composed
from bot.vocabulary.results import Done

FOUND = Announcement(
    "a-1", Composed((AnnouncementText("en", "Prices", "New."),)), AnnouncementState.SENT, "noor@lumora.example",
    datetime(2026, 11, 27, tzinfo=UTC),
)  # fmt: skip


TWO = Awaited(2, 1, {})


@dataclass
class Reminding:
    """Two people and a channel wait to be reminded, or nobody."""

    waits: Awaited = TWO
    ordered: list[int | None] = field(default_factory=list)

    async def awaited(self, announcement_id: str) -> Awaited | None:
        return self.waits if announcement_id == FOUND.id else None

    async def remind(self, by: str, announcement_id: str, count: int | None = None) -> Done:
        self.ordered.append(count)
        return Done(f"by {by}", announcement_id)


@pytest.mark.parametrize(("answer", "ordered"), [("y\n", [3]), ("n\n", [])])
async def test_the_count_is_said_and_stands_or_nobody_is_reminded(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answer: str, ordered: list[int]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    reminding = Reminding()
    await reminded(reminding, "noor@lumora.example", FOUND, yes=False)
    assert "Remind 2 people and 1 channel of “Prices”?" in capsys.readouterr().err
    assert reminding.ordered == ordered


async def test_nobody_who_could_answer_reminds_nobody_unless_yes_was_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    reminding = Reminding()
    with pytest.raises(Fault, match="nobody was reminded"):
        await reminded(reminding, "noor@lumora.example", FOUND, yes=False)
    assert reminding.ordered == []
    await reminded(reminding, "noor@lumora.example", FOUND, yes=True)
    assert reminding.ordered == [3]


async def test_where_nobody_waits_nothing_is_asked() -> None:
    reminding = Reminding(Awaited(0, 0, {"answered": 2}))
    await reminded(reminding, "noor@lumora.example", FOUND, yes=False)
    assert reminding.ordered == [None]
