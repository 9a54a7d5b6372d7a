"""Two deals in one sentence: each has its own stage, or none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from benchmarks.reader.catalogue import CATALOGUE
from bot.ports import Readable
from bot.readers.builtin.reader import BuiltinReader
from bot.readers.finer.reader import FinerReader
from bot.vocabulary.requests import UpdateFields
from crm.records import Stage


@pytest.fixture(scope="module")
def reader() -> FinerReader:
    return FinerReader(BuiltinReader(CATALOGUE))


def news(reader: FinerReader, text: str) -> dict[str, tuple[Stage | None, bool]]:
    """The stage of each deal, and whether a date is told of it."""
    requests = reader.read(Readable(text, datetime(2026, 11, 27, 9, tzinfo=UTC))).requests
    said = [request.fields for request in requests if isinstance(request.fields, UpdateFields)]
    return {str(one.customer): (one.stage, one.close_date is not None) for one in said}


@pytest.mark.parametrize(
    "text",
    [
        "Clonmore Dairies has moved to negotiation and Larkfield Schools will now close on 16 April 2027.",
        "Larkfield Schools will now close on 16 April 2027 and Clonmore Dairies has moved to negotiation.",
        "Clonmore Dairies ist jetzt in Verhandlung und Larkfield Schools schließt erst am 16. April 2027.",
        "Clonmore Dairies zit nu in onderhandeling en Larkfield Schools sluit nu op 16 april 2027.",
    ],
)
def test_a_deal_of_which_a_date_is_told_does_not_take_over_the_others_stage(reader: FinerReader, text: str) -> None:
    assert news(reader, text) == {
        "Clonmore Dairies": (Stage.NEGOTIATION, False),
        "Larkfield Schools": (None, True),
    }


def test_each_keeps_the_stage_that_it_is_said_to_be_in(reader: FinerReader) -> None:
    text = (
        "Clonmore Dairies has moved to negotiation and Larkfield Schools is in negotiation, too, closing on 16 April "
        "2027."
    )
    assert {stage for stage, _ in news(reader, text).values()} == {Stage.NEGOTIATION}
