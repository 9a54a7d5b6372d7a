"""References to documents survive the outbox; how many go with one mail is bounded."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.vocabulary.documents import PDF, Document, fitting, from_payload, named, to_payload

PAPER = Document("S-2026-10.pdf", PDF, 60_000, "ab" * 32, "statement/1/1/pdf")


def test_a_reference_comes_back_from_json_as_it_went() -> None:
    assert from_payload(json.loads(json.dumps(to_payload([PAPER, PAPER])))) == (PAPER, PAPER)


def test_a_row_without_files_has_none() -> None:
    assert from_payload(None) == ()
    assert from_payload([]) == ()


@pytest.mark.parametrize("said", ["a.pdf", 3, {"name": "a.pdf"}, [3], [{"name": "a.pdf", "path": "/etc/passwd"}]])
def test_what_is_no_reference_is_refused(said: object) -> None:
    with pytest.raises(ValueError, match="not described"):
        from_payload(said)


def sized(size: int) -> Document:
    return Document(f"{size}.pdf", PDF, size, "ab" * 32, "page/ab")


def test_a_file_that_is_too_large_is_left_out_and_a_smaller_one_behind_it_goes() -> None:
    assert fitting([sized(5), sized(6), sized(4)], 10) == (sized(5), sized(4))


@given(st.lists(st.integers(0, 100)), st.integers(0, 300))
def test_what_goes_never_weighs_more_than_allowed(sizes: list[int], most: int) -> None:
    assert sum(d.size for d in fitting([sized(size) for size in sizes], most)) <= most


def test_a_timeline_names_each_by_its_hash() -> None:
    assert named([PAPER]) == f"Attached: S-2026-10.pdf (60000 bytes, sha256 {'ab' * 32})"
