"""All deals of one's own, asked for without naming any: a question about them, not about the program."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from benchmarks.reader.catalogue import CATALOGUE
from bot.ports import Readable, Reader
from bot.readers.builtin.reader import BuiltinReader
from bot.readers.finer.reader import FinerReader
from bot.vocabulary.requests import Intent
from crm.records import Channel

RECEIVED = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return FinerReader(BuiltinReader(CATALOGUE))


def intents(reader: Reader, said: str) -> list[Intent]:
    return [r.intent for r in reader.read(Readable(said, RECEIVED, Channel.SLACK)).requests]


@pytest.mark.parametrize(
    "said",
    [
        "What deals do we have open?",
        "Which deals do we have open at the moment?",
        "Was haben wir an Deals offen?",
        "Quelles affaires avons-nous en cours ?",
        "Welke deals hebben we openstaan?",
        "¿Qué oportunidades tenemos abiertas?",
    ],
)
def test_which_are_open_is_where_they_stand(reader: Reader, said: str) -> None:
    assert intents(reader, said) == [Intent.ASK_DEAL_STATUS]


@pytest.mark.parametrize(
    "said",
    [
        "Which deals can we register while another is open for us?",
        "How long does it take until our registrations are open to others?",
    ],
)
def test_what_the_rules_are_is_still_about_the_program(reader: Reader, said: str) -> None:
    assert intents(reader, said) == [Intent.ASK_PROGRAM]
