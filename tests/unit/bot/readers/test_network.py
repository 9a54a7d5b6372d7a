"""The network over words and the table of what words mean: what they see, what they say, and how they are kept."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest

from benchmarks.reader.catalogue import CATALOGUE
from bot.ports import Readable
from bot.readers.builtin.document import Document, read_document
from bot.readers.builtin.linear import load_arrays
from bot.readers.builtin.meaning import WordMeanings, load_meanings
from bot.readers.builtin.network import MOST_TOKENS, Network, networks_in, packed, said_words, seen, unpacked
from bot.readers.builtin.products import ProductFinder
from bot.readers.builtin.reader import WEIGHTS
from bot.vocabulary.message import ThreadContext, ThreadKind
from bot.vocabulary.requests import Intent

RECEIVED = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def table() -> WordMeanings:
    return load_meanings()


@pytest.fixture(scope="module")
def network() -> Network:
    arrays = load_arrays(WEIGHTS)
    return unpacked(arrays, networks_in(arrays)[0])


def document(text: str) -> Document:
    return read_document("", text, "", "en", date(2026, 11, 18), ProductFinder(CATALOGUE))


def read(network: Network, table: WordMeanings, text: str, thread: ThreadKind | None = None) -> tuple[list[float], int]:
    """The scores, and the number of the token that counts most for a commission question."""
    readable = Readable(text, RECEIVED, thread=ThreadContext(kind=thread))
    words = said_words(document(text).tokens)
    scores, shares = network.read(seen(words, readable, table, network.vocabulary), table)
    return scores.tolist(), int(shares[:, _label(Intent.ASK_COMMISSION)].argmax())


def _label(intent: Intent) -> int:
    return [str(label) for label in load_arrays(WEIGHTS)["intents.labels"]].index(intent.value)


@pytest.mark.parametrize(("one", "other"), [("payment", "zahlung"), ("facture", "factura"), ("klant", "cliente")])
def test_words_of_like_meaning_lie_close_together_in_all_languages(table: WordMeanings, one: str, other: str) -> None:
    first, second, far = (table.vectors[table.rows([word])[0]] for word in (one, other, "elephant"))
    assert np.dot(first, second) / np.linalg.norm(second) > np.dot(first, far) / np.linalg.norm(far)


def test_a_word_that_nobody_knows_means_nothing(table: WordMeanings) -> None:
    assert table.groups(["qqzzxkw"]) == [None]
    assert not table.vectors[table.rows(["qqzzxkw"])[0]].any()


def test_what_counts_for_a_wish_stands_in_its_own_sentence(network: Network, table: WordMeanings) -> None:
    text = "Hafenkontor has signed for 30 seats. By the way, which commission would we earn on it?"
    _, most = read(network, table, text)
    assert document(text).tokens[most].start > text.index("By the way")


def test_the_thread_changes_what_a_yes_means(network: Network, table: WordMeanings) -> None:
    place = _label(Intent.ANSWER_ANNOUNCEMENT)
    under_announcement, _ = read(network, table, "yes please", ThreadKind.ANNOUNCEMENT)
    alone, _ = read(network, table, "yes please")
    assert under_announcement[place] > alone[place]


def test_the_same_message_gets_the_same_scores(network: Network, table: WordMeanings) -> None:
    assert read(network, table, "Where is our money?") == read(network, table, "Where is our money?")


def test_a_huge_message_is_read_up_to_a_bound(network: Network, table: WordMeanings) -> None:
    words = said_words(document("commission " * 5000).tokens)
    scores, shares = network.read(seen(words, Readable("", RECEIVED), table, network.vocabulary), table)
    assert len(words) == len(shares) == MOST_TOKENS
    assert np.isfinite(scores).all()


def test_a_network_is_kept_in_a_quarter_of_its_size_and_says_the_same(network: Network, table: WordMeanings) -> None:
    arrays = load_arrays(WEIGHTS)
    name = networks_in(arrays)[0]
    whole = {
        key.removeprefix(f"{name}."): array.astype(np.float32) * arrays[f"{key}.scale"].astype(np.float32)
        if f"{key}.scale" in arrays
        else array.astype(np.float32)
        for key, array in arrays.items()
        if key.startswith(f"{name}.") and not key.endswith((".scale", ".vocabulary"))
    }
    again = unpacked(packed("again", whole, network.vocabulary), "again")
    one, _ = read(network, table, "Our Q3 statement is short by 300 euros.")
    other, _ = read(again, table, "Our Q3 statement is short by 300 euros.")
    assert one == pytest.approx(other, abs=0.05)
    assert all(
        a.dtype == np.int8 for k, a in packed("again", whole, network.vocabulary).items() if k.endswith("pieces")
    )


def test_half_a_surrogate_pair_is_read_like_any_unknown_word(network: Network, table: WordMeanings) -> None:
    scores, _ = read(network, table, "register \ud83d please")
    assert np.isfinite(scores).all()
