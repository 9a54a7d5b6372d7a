"""`partnerline disputes`: both views on the screen, and a decision from the shell."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from bot.bootstrap import office
from bot.storage import disputes, lines, statements
from config import load_settings
from knowledge.commission.statement import Dispute, DisputeState, LineState
from tests.unit.bot.cli.conftest import Partnerline
from tests.unit.bot.cli.test_statements import earned

__all__ = ["earned"]

_WORDS = "We sold 12 seats more, we expected EUR 1,080.00!"


@pytest.fixture
def disputed(partnerline: Partnerline, earned: str) -> str:
    """The first characters of the id of Quaywise's dispute."""
    partnerline("statements", "run", "--period", "2026-10")
    return asyncio.run(_dispute(earned))


async def _dispute(url: str) -> str:
    """As a message of the partner would write it."""
    async with office(load_settings(environ={"DATABASE_URL": url})) as at, at.database.begin() as connection:
        (statement,) = await statements.numbered(connection, "S-2026-10")
        made = Dispute(
            str(uuid4()), statement.id, statement.number, statement.lines[0], statement.partner_id, None, _WORDS,
            DisputeState.OPEN, datetime.now(UTC),
        )  # fmt: skip
        await disputes.open_(connection, made, None)
        await statements.take_off(connection, statement.id, statement.lines)
        await lines.set_state(connection, made.line, LineState.EARNED, LineState.DISPUTED)
    return made.id[:8]


def test_both_views_are_shown(partnerline: Partnerline, disputed: str) -> None:
    assert disputed in partnerline("disputes", "list").out
    shown = partnerline("disputes", "show", disputed).out
    for said in (_WORDS, "EUR 900.00", "15%", "a payment of EUR 6,000.00 on 2026-10-12", "the same sum"):
        assert said in shown


def test_a_correction_is_read_back_and_made_once(partnerline: Partnerline, disputed: str) -> None:
    correct = ("disputes", "correct", disputed, "--amount", "EUR 1,080.00", "--reason", "12 seats were missing")
    assert "corrected to EUR 1,080.00" in partnerline(*correct).out
    again = partnerline(*correct)
    assert again.code == 1
    assert "corrected by noor@lumora.example already" in again.err
    assert "no dispute waits" in partnerline("disputes", "list").out
    assert "12 seats were missing" in partnerline("disputes", "list", "--all").out


def test_a_line_that_was_right_is_upheld(partnerline: Partnerline, disputed: str) -> None:
    upheld = partnerline("disputes", "uphold", disputed, "--reason", "The seats came in November")
    assert "the line stays as it is" in upheld.out


@pytest.mark.parametrize("amount", ["1080", "EUR 1.080", "EUR", "$ 12.00", "1,08,0 EUR", "EUR 1.00 EUR 2.00", ""])
def test_a_sum_that_is_not_plain_is_no_sum(partnerline: Partnerline, disputed: str, amount: str) -> None:
    no = partnerline("disputes", "correct", disputed, "--amount", amount, "--reason", "x")
    assert no.code == 2
    assert "EUR 1234.50" in no.err


@pytest.mark.parametrize("amount", ["USD 1080.00", "EUR 900.00"])
def test_a_sum_in_another_currency_or_the_same_one_corrects_nothing(
    partnerline: Partnerline, disputed: str, amount: str
) -> None:
    assert partnerline("disputes", "correct", disputed, "--amount", amount, "--reason", "x").code == 1
    assert disputed in partnerline("disputes", "list").out


@pytest.mark.parametrize("wrong", ["", "%", "zzz", "00000000", "'; drop table disputes"])
def test_what_is_no_dispute_is_told_so(partnerline: Partnerline, disputed: str, wrong: str) -> None:
    no = partnerline("disputes", "show", wrong)
    assert no.code == 1
    assert "no dispute is" in no.err


def test_whoever_may_not_decide_is_told_who_may(partnerline: Partnerline, disputed: str) -> None:
    no = partnerline("disputes", "uphold", disputed, "--reason", "x", "--by", "jonas@lumora.example")
    assert no.code == 1
    assert "Noor Haddad may" in no.err


def test_times_are_the_vendors_and_say_so(partnerline: Partnerline, disputed: str) -> None:
    for said in (partnerline("disputes", "list").out, partnerline("disputes", "show", disputed).out):
        assert re.search(r"\d\d:\d\d CES?T", said)
