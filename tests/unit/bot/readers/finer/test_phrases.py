"""Every finer wish over phrasings of many writers in five languages, and over those that only sound like it.

The files hold two halves: `first` was at hand when the rules were written, `second` was written afterwards.
"""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from benchmarks.reader.catalogue import CATALOGUE
from bot.ports import Readable, Reader
from bot.readers.builtin.reader import BuiltinReader
from bot.readers.finer.reader import FinerReader
from bot.steps.understand import for_reader
from bot.vocabulary.message import ThreadContext, ThreadKind
from bot.vocabulary.requests import Finer, PreferenceFields, labelled

PHRASES = Path(__file__).parent / "phrases"
WISHES = tuple(sorted(path.stem for path in PHRASES.glob("*.toml") if path.stem in set(Finer)))
LANGUAGES = ("en", "de", "fr", "nl", "es")
RECEIVED = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return FinerReader(BuiltinReader(CATALOGUE))


@cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((PHRASES / f"{name}.toml").read_text(encoding="utf-8"))


def _said(wish: str, kind: str, language: str) -> list[str]:
    table = _table(wish)
    return [phrase for half in ("first", "second") for phrase in table.get(half, {}).get(kind, {}).get(language, ())]


def _thread(wish: str) -> ThreadContext:
    table = _table(wish)
    if table.get("thread") == "announcement":
        return ThreadContext(kind=ThreadKind.ANNOUNCEMENT, announcement_id="a-1", agent_took_part=True)
    question = table.get("question")
    if question is None:
        return ThreadContext()
    return for_reader(ThreadContext(kind=ThreadKind.QUESTION, asked=(question,), agent_took_part=True))


def _found(reader: Reader, wish: str, phrase: str) -> bool:
    """What stands behind an arrow is read as well."""
    said, _, value = phrase.partition(" => ")
    readable = Readable(said, RECEIVED, sender="office@brightpath.example", thread=_thread(wish))
    found = [request.fields for request in reader.read(readable).requests if request.finer == wish]
    if not value:
        return bool(found)
    return any(value in (f.route, f.language, str(f.digest)) for f in found if isinstance(f, PreferenceFields))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("wish", WISHES)
def test_a_wish_is_found_however_it_is_put(reader: Reader, wish: str, language: str) -> None:
    missed = [phrase for phrase in _said(wish, "wish", language) if not _found(reader, wish, phrase)]
    assert missed == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("wish", WISHES)
def test_what_only_sounds_like_a_wish_is_none(reader: Reader, wish: str, language: str) -> None:
    mistaken = [phrase for phrase in _said(wish, "near", language) if _found(reader, wish, phrase)]
    assert mistaken == []


def test_every_finer_wish_has_its_phrases() -> None:
    assert set(WISHES) == {finer.value for finer in Finer}


@pytest.mark.parametrize("asked", [(), ("close_date",)])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_correction_brings_the_field_it_sets_right(reader: Reader, language: str, asked: tuple[str, ...]) -> None:
    table = _table("corrections")
    kind = ThreadKind.QUESTION if asked else None
    thread = ThreadContext("t", kind, asked, subject_ref="D-1234", agent_took_part=True)
    for phrase, field, value in table["first"][language] + table["second"][language]:
        rows = [labelled(r) for r in reader.read(Readable(phrase, RECEIVED, thread=thread)).requests]
        told = [row["fields"].get(field) for row in rows if row["intent"] in ("provide_field", "update_deal")]
        assert told == [value], phrase


@pytest.mark.parametrize("language", LANGUAGES)
def test_why_a_deal_was_lost_stands_in_the_words_of_the_sender(reader: Reader, language: str) -> None:
    for phrase, reason in _table("lost")["first"][language]:
        assert [request.said for request in reader.read(Readable(phrase, RECEIVED)).requests] == [reason], phrase
