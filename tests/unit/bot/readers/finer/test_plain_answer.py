"""Below an announcement, whoever begins with a plain yes or no has answered, whatever else he asks in the same mail."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from benchmarks.reader.catalogue import CATALOGUE
from bot.ports import Readable, Reader
from bot.readers.builtin.reader import BuiltinReader
from bot.readers.finer.reader import FinerReader
from bot.vocabulary.message import ThreadContext, ThreadKind
from bot.vocabulary.requests import AnswerFields, Intent, Request

THREAD = ThreadContext(kind=ThreadKind.ANNOUNCEMENT, announcement_id="a-1", agent_took_part=True)
AT = datetime(2026, 11, 27, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return FinerReader(BuiltinReader(CATALOGUE))


def read(reader: Reader, said: str) -> tuple[Request, ...]:
    return reader.read(Readable(said, AT, sender="a@b.example", thread=THREAD)).requests


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("Non, désolé. Quelle commission touchons-nous ?", "no"),
        ("No, gracias. ¿Cuánta comisión tengo?", "no"),
        ("Sí. ¿Cuál es mi comisión?", "yes"),
        ("Ja.\nWelche Provision gibt es?", "yes"),
        ("Ninguno, lo siento.", "no"),
        ("Aucun, désolé.", "no"),
        ("None of them, sorry.", "no"),
        ("Sous réserve de mon planning, pourquoi pas", "maybe"),
    ],
)
def test_it_is_taken_as_it_was_said(reader: Reader, said: str, answer: str) -> None:
    (found,) = [r for r in read(reader, said) if isinstance(r.fields, AnswerFields)]
    assert isinstance(found.fields, AnswerFields)
    assert (found.fields.answer, found.ask) == (answer, False)


@pytest.mark.parametrize("said", ["No, but yes for my colleague", "Non. Enfin si, oui.", "No problem, we will come."])
def test_what_says_both_is_asked_again(reader: Reader, said: str) -> None:
    (found,) = [r for r in read(reader, said) if isinstance(r.fields, AnswerFields)]
    assert found.ask


@pytest.mark.parametrize("said", ["¿Con quién puedo hablar?", "À qui puis-je parler ?", "Met wie kan ik spreken?"])
def test_who_wants_to_speak_to_somebody_asks_for_a_person(reader: Reader, said: str) -> None:
    assert [request.intent for request in read(reader, said)] == [Intent.REQUEST_HUMAN]
