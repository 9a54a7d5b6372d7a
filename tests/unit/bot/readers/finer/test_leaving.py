"""Somebody who says below an announcement that he leaves his company has answered nothing, and leaves no list by it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from benchmarks.reader.catalogue import CATALOGUE
from bot.ports import Readable
from bot.readers.builtin.reader import BuiltinReader
from bot.readers.finer.reader import FinerReader
from bot.vocabulary.message import ThreadContext, ThreadKind
from bot.vocabulary.requests import Finer

THREAD = ThreadContext(kind=ThreadKind.ANNOUNCEMENT, announcement_id="a-1", agent_took_part=True)
AT = datetime(2026, 11, 27, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def reader() -> FinerReader:
    return FinerReader(BuiltinReader(CATALOGUE))


@pytest.mark.parametrize(
    "said",
    [
        "Just so you know, I finish up with Quaywise at the end of the month.",
        "Ich verlasse zum Jahresende leider die Firma.",
        "Je quitte l'entreprise à la fin du mois.",
        "Ik werk hier niet meer.",
        "Ik werk hier nog tot het eind van de maand, daarna stop ik bij Halvemaan.",
        "A partir de enero ya no trabajaré en la empresa.",
    ],
)
def test_who_leaves_is_read_as_leaving_and_nothing_else(reader: FinerReader, said: str) -> None:
    reading = reader.read(Readable(said, AT, sender="a@b.example", thread=THREAD))
    assert [request.finer for request in reading.requests] == [Finer.PERSON_LEFT]


@pytest.mark.parametrize("said", ["I leave the office at noon on Fridays.", "Je quitte le bureau à 18 h."])
def test_who_leaves_an_office_has_not_left_a_company(reader: FinerReader, said: str) -> None:
    reading = reader.read(Readable(said, AT, sender="a@b.example", thread=THREAD))
    assert Finer.PERSON_LEFT not in [request.finer for request in reading.requests]
