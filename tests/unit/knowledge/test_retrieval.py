"""Questions find the passage that answers them, in the language they are asked in, and nonsense finds nothing."""

import time
import tomllib
from pathlib import Path

import pytest

from knowledge.program import Program, Section
from knowledge.retrieval import Library, search

JUDGED = tomllib.loads((Path(__file__).parent / "judged.toml").read_text())
NOTHING = JUDGED.pop("nothing")
QUESTIONS = [(language, question, want) for language, rows in JUDGED.items() for question, want in rows.items()]


def _recall(program: Program, rows: list[tuple[str, str, list[str]]], depth: int) -> float:
    hits = 0
    for language, question, want in rows:
        found = search(program, question, language, depth)
        hits += any(passage.section.anchor in want for passage in found)
    return hits / len(rows)


def test_judged_questions_name_sections_that_exist(program: Program) -> None:
    known = {section.anchor for section in program.sections}
    assert {anchor for _, _, want in QUESTIONS for anchor in want} <= known
    assert len(QUESTIONS) >= 60


def test_most_questions_find_their_passage_first_and_nearly_all_among_three(program: Program) -> None:
    assert _recall(program, QUESTIONS, 1) >= 0.92
    assert _recall(program, QUESTIONS, 3) >= 0.97


@pytest.mark.parametrize("language", sorted(JUDGED))
def test_no_language_is_left_behind(program: Program, language: str) -> None:
    assert _recall(program, [row for row in QUESTIONS if row[0] == language], 1) >= 0.8


@pytest.mark.parametrize(("language", "text"), [(language, t) for language, texts in NOTHING.items() for t in texts])
def test_what_the_pages_do_not_know_finds_nothing(program: Program, language: str, text: str) -> None:
    assert search(program, text, language) == ()


@pytest.mark.parametrize("text", ["", "   ", "???", "😀😀", "a", "\x00", "the of and", "x" * 100_000, "ab " * 100_000])
def test_odd_texts_find_nothing_and_break_nothing(program: Program, text: str) -> None:
    assert search(program, text, "en") == ()


def test_a_passage_is_in_the_language_of_the_question_with_its_source(program: Program) -> None:
    best = search(program, "Wie lange gilt der Kundenschutz?", "de")[0].section
    assert (best.language, best.page, best.anchor) == ("de", "Deal-Registrierung", "deal-registration#protection")


def test_a_language_without_pages_is_answered_from_the_english_ones(program: Program) -> None:
    assert search(program, "protection period of a registration", "it")[0].section.language == "en"
    assert search(program, "how long is a deal protected", "fr")[0].section.language == "en"


def test_coverage_tells_an_answer_from_a_mere_mention(program: Program) -> None:
    answer = search(program, "how long is a deal protected", "en")[0]
    mention = search(program, "does Connect have a native connector for Korvia sensors on Mars", "en")
    assert answer.coverage > 0.6
    assert all(passage.coverage < 0.5 for passage in mention)


def test_an_empty_library_finds_nothing() -> None:
    assert Library(()).search("protection", "en") == ()
    assert Library((Section("P", "T", "a#b", "x"),)).search("protection", "en") == ()


def test_a_long_mail_is_searched_quickly(program: Program) -> None:
    search(program, "warm", "en")
    started = time.perf_counter()
    search(program, "registration protection commission statement " * 5_000, "en")
    assert time.perf_counter() - started < 0.5
