"""Forms that managers have open: each its own, for a day; and buttons that stay the same however often made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.operations.counter.forms import StoredForms, decide_button, of_user
from bot.storage import slack_buttons
from bot.storage.database import Database
from bot.storage.slack_buttons import Button, ButtonKind
from bot.vocabulary.briefs import BriefKind
from tests.unit.bot.storage.conftest import queue, storage

__all__ = ["queue", "storage"]

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)


def forms(storage: Database, at: datetime = NOW) -> StoredForms:
    return StoredForms(storage, lambda: at)


async def test_a_form_is_found_by_the_one_who_opened_it_alone(storage: Database) -> None:
    form = await forms(storage).open("U0NOOR", {"subject": "News\0"})
    assert await forms(storage).find(form, "U0NOOR") == {"subject": "News\ufffd"}
    assert await forms(storage).find(form, "U0JONAS") is None
    assert not await forms(storage).keep(form, "U0JONAS", {"subject": "Mine"})
    assert await forms(storage).keep(form, "U0NOOR", {"subject": "Newer"})
    assert await forms(storage).find(form, "U0NOOR") == {"subject": "Newer"}


async def test_a_form_is_good_for_a_day(storage: Database) -> None:
    form = await forms(storage).open("U0NOOR", {})
    later = NOW + timedelta(hours=24)
    assert await forms(storage, later).find(form, "U0NOOR") is None
    assert not await forms(storage, later).keep(form, "U0NOOR", {"subject": "x"})


@pytest.mark.parametrize("form", ["", "x", "'; drop table slack_buttons", "0" * 4_000])
async def test_what_is_no_form_is_none(storage: Database, form: str) -> None:
    assert await forms(storage).find(form, "U0NOOR") is None


async def test_another_kind_of_button_is_no_form(storage: Database) -> None:
    async with storage.begin() as connection:
        other = await slack_buttons.make(connection, Button(ButtonKind.SAY, {"words": "yes"}, channel="U0NOOR"), NOW)
    assert await forms(storage).find(other, "U0NOOR") is None


async def test_a_button_for_deciding_is_the_same_however_often_it_is_made(storage: Database) -> None:
    async with storage.begin() as connection:
        first = await decide_button(connection, "U0NOOR", BriefKind.REGISTRATION, "D-123456", NOW)
        again = await decide_button(connection, "U0NOOR", BriefKind.REGISTRATION, "D-123456", NOW + timedelta(days=9))
        others = await decide_button(connection, "U0JONAS", BriefKind.REGISTRATION, "D-123456", NOW)
    assert first == again != others
    assert "123456" not in first
    async with storage.reading() as connection:
        late = NOW + timedelta(days=35)
        assert await of_user(connection, first, "U0NOOR", late) is not None
        assert await of_user(connection, others, "U0JONAS", late) is None
        assert await of_user(connection, first, "U0JONAS", NOW) is None
