"""What is said in a channel to nobody by name: the agent's business is taken, talk between people is left alone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.reader.catalogue import CATALOGUE
from bot.intents.overheard import concerns_agent
from bot.ports import Readable
from bot.readers.builtin.reader import BuiltinReader
from bot.readers.finer.reader import FinerReader
from bot.vocabulary.requests import DealFields, Intent, NoFields, Reading, Request
from crm.records import Channel

TALK = Path(__file__).parents[3] / "labelled" / "channel_talk"
NAMES = ("Lumora", "Core", "Connect", "Insights", "Assist")
LANGUAGES = ("en", "de", "fr", "nl", "es")


def sentences(name: str) -> list[tuple[str, str]]:
    """(language, what was written), one a line."""
    lines = (TALK / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [(line[:2], line[3:].strip()) for line in lines if line.strip()]


@pytest.fixture(scope="module")
def reader() -> FinerReader:
    return FinerReader(BuiltinReader(CATALOGUE))


def taken(reader: FinerReader, text: str) -> bool:
    read = reader.read(Readable(text, datetime(2026, 11, 27, 10, tzinfo=UTC), Channel.SLACK, addressed=False))
    return concerns_agent(read, text, names=NAMES)


def test_there_are_sixty_sentences_of_each_kind_in_five_languages() -> None:
    for name in ("business", "between_people"):
        found = sentences(name)
        assert len(found) >= 60
        assert len(set(found)) == len(found)
        assert all(sum(language == one for language, _ in found) >= 12 for one in LANGUAGES)


def test_hardly_anything_that_people_say_to_each_other_is_answered(reader: FinerReader) -> None:
    talk = sentences("between_people")
    wrongly = [text for _, text in talk if taken(reader, text)]
    assert len(wrongly) <= 0.02 * len(talk), wrongly


def test_most_of_the_agents_business_is_taken(reader: FinerReader) -> None:
    business = sentences("business")
    missed = [text for _, text in business if not taken(reader, text)]
    assert len(missed) <= 0.1 * len(business), missed


def read(*requests: Request, expected: bool = True) -> Reading:
    return Reading("en", requests, expected)


def test_what_needs_no_answer_is_nobodys_business() -> None:
    assert not concerns_agent(read(expected=False), "thanks all")
    assert not concerns_agent(read(), "")


@pytest.mark.parametrize("intent", [Intent.THANKS, Intent.OTHER, Intent.AUTO_REPLY, Intent.ANSWER_ANNOUNCEMENT])
def test_what_is_no_wish_of_its_own_is_left_alone_however_sure(intent: Intent) -> None:
    assert not concerns_agent(read(Request(intent, NoFields())), "please?")


def test_details_count_only_where_the_agent_waits_for_some() -> None:
    given = read(Request(Intent.PROVIDE_FIELD, DealFields(quantity=40), confidence=0.9))
    assert not concerns_agent(given, "40 seats")
    assert concerns_agent(given, "40 seats", asked=("quantity",))
    bare = read(Request(Intent.PROVIDE_FIELD, DealFields(), confidence=0.9))
    assert not concerns_agent(bare, "yes", asked=("quantity",))


def test_a_span_beyond_the_text_breaks_nothing() -> None:
    wish = Request(Intent.ASK_TIER, NoFields(), span=(9_000, 9_001), confidence=0.99)
    assert concerns_agent(read(wish), "Which tier are we in?")
    assert concerns_agent(read(Request(Intent.ASK_TIER, NoFields(), span=(-5, 3), confidence=0.99)), "tier?")
