"""The marker in a text: the same for a key at every time, another for every other key, and only the last one counts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crm.adapters.hubspot.logging.markers import marker_of, markers_in, own_marker, ref, without_markers


@given(st.lists(st.text(max_size=60), min_size=2, max_size=50, unique=True))
def test_every_key_has_its_own(keys: list[str]) -> None:
    assert len({marker_of(key) for key in keys}) == len(keys)
    assert [marker_of(key) for key in keys] == [marker_of(key) for key in keys]


@given(st.text(max_size=200), st.text(max_size=40))
def test_what_is_quoted_before_it_does_not_count(quoted: str, key: str) -> None:
    assert own_marker(f"{quoted} {ref(marker_of('another'))} {ref(marker_of(key))}") == marker_of(key)


@given(st.text(max_size=200))
def test_words_of_strangers_have_none(words: str) -> None:
    said = f"{words} {ref(marker_of(words))}"
    assert markers_in(without_markers(said)) == []
