"""The networks over words and the table of what words mean: what they see, what they say, and how they are kept."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest

from benchmarks.reader.catalogue import CATALOGUE
from bot.ports import Readable
from bot.readers.builtin.document import Document, read_document
from bot.readers.builtin.glance import glance_at
from bot.readers.builtin.linear import load_arrays
from bot.readers.builtin.meaning import WordMeanings, load_meanings
from bot.readers.builtin.mentions import Kind
from bot.readers.builtin.networks.mention_facts import FACTS, facts_of, places_of
from bot.readers.builtin.networks.message_network import BASES, SAID, Impression, Networks
from bot.readers.builtin.networks.name_clues import CLUES, clues_of
from bot.readers.builtin.networks.name_network import NameNetwork
from bot.readers.builtin.networks.trunk import MOST_TOKENS, networks_in, packed, said_words, unpacked
from bot.readers.builtin.products import ProductFinder
from bot.readers.builtin.reader import WEIGHTS
from bot.readers.builtin.roles import AMOUNT, LABELS
from bot.readers.builtin.tagging import TAGS
from bot.vocabulary.message import ThreadContext, ThreadKind
from bot.vocabulary.requests import Intent

RECEIVED = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def table() -> WordMeanings:
    return load_meanings()


@pytest.fixture(scope="module")
def networks(table: WordMeanings) -> Networks:
    return Networks(load_arrays(WEIGHTS), table)


def document(text: str) -> Document:
    return read_document("", text, "", "en", date(2026, 11, 18), ProductFinder(CATALOGUE))


def read(networks: Networks, text: str, thread: ThreadKind | None = None) -> Impression:
    return networks.impressions(document(text), Readable(text, RECEIVED, thread=ThreadContext(kind=thread)))[0]


@pytest.mark.parametrize(("one", "other"), [("payment", "zahlung"), ("facture", "factura"), ("klant", "cliente")])
def test_words_of_like_meaning_lie_close_together_in_all_languages(table: WordMeanings, one: str, other: str) -> None:
    first, second, far = (table.vectors[table.rows([word])[0]] for word in (one, other, "elephant"))
    assert np.dot(first, second) / np.linalg.norm(second) > np.dot(first, far) / np.linalg.norm(far)


def test_a_word_that_nobody_knows_means_nothing(table: WordMeanings) -> None:
    assert table.groups(["qqzzxkw"]) == [None]
    assert not table.vectors[table.rows(["qqzzxkw"])[0]].any()


def test_what_counts_for_a_wish_stands_in_its_own_sentence(networks: Networks) -> None:
    text = "Hafenkontor has signed for 30 seats. By the way, which commission would we earn on it?"
    most = int(read(networks, text).shares[:, SAID.index(Intent.ASK_COMMISSION)].argmax())
    assert document(text).tokens[most].start > text.index("By the way")


def test_the_thread_changes_what_a_yes_means(networks: Networks) -> None:
    place = SAID.index(Intent.ANSWER_ANNOUNCEMENT)
    under_announcement = read(networks, "yes please", ThreadKind.ANNOUNCEMENT)
    assert under_announcement.scores[place] > read(networks, "yes please").scores[place]


def test_the_sentences_of_one_deal_tell_its_stage_whatever_the_others_say(networks: Networks) -> None:
    text = "Hafenkontor is lost, they went with somebody cheaper.\nMoser Holzbau signed the contract this morning."
    won, lost = SAID.index("stage:won"), SAID.index("stage:lost")
    impression = read(networks, text)
    first, second = impression.within([0]), impression.within([1])
    assert first is not None
    assert second is not None
    assert first[lost] - first[won] > second[lost] - second[won]


def test_nothing_is_said_of_sentences_behind_what_was_read(networks: Networks) -> None:
    impression = read(networks, "Where is our money?\n" * 100)
    assert impression.within([99]) is None
    said = impression.within([50])
    assert said is not None
    assert said.tolist() != impression.scores.tolist()


def test_nobody_asks_what_no_mention_is_for(networks: Networks) -> None:
    none = np.zeros(0, np.intp), np.zeros((0, FACTS), np.float32)
    roles, bases = read(networks, "Where is our money?").marked(*none, {Intent.ASK_PAYOUT})
    assert roles.shape == (0, len(LABELS))
    assert bases.shape == (0, len(BASES))


def test_a_sum_and_a_head_count_are_told_apart_by_the_words_around_them(networks: Networks) -> None:
    said = document("Please register Moser Holzbau for us, 40 people would use it and they pay 9600 each year.")
    numbers = [m for m in said.mentions if m.kind is Kind.NUMBER]
    impression = networks.impressions(said, Readable(said.text, RECEIVED))[0]
    facts = np.zeros((len(numbers), FACTS), np.float32)
    roles, _ = impression.marked(places_of(said, numbers), facts, {Intent.REGISTER_DEAL})
    people, money = roles[:, LABELS.index(AMOUNT)].tolist()
    assert money > people


@pytest.mark.parametrize("behind", ["euro year, closing in May", "euro p/j, sign mid December", "EUR s'Jahr"])
def test_what_a_sum_is_for_is_read_where_no_phrase_says_it(networks: Networks, behind: str) -> None:
    said = document(f"Please register Moser Holzbau for us: 40 seats of Core, 9,600 {behind}")
    numbers = [m for m in said.mentions if m.kind is Kind.NUMBER]
    assert numbers[-1].basis == ""
    impression = networks.impressions(said, Readable(said.text, RECEIVED))[0]
    _, bases = impression.marked(places_of(said, numbers), facts_of(said, numbers), {Intent.REGISTER_DEAL})
    assert BASES[int(bases[-1].argmax())] == "annual"


def test_facts_and_clues_have_a_row_for_each_mention_and_token() -> None:
    said = document("Kunde: Moser Holzbau GmbH, info@moser-holzbau.at, 40 Plätze, 30.11.2026")
    assert facts_of(said, said.mentions).shape == (len(said.mentions), FACTS)
    assert clues_of(glance_at(said), MOST_TOKENS).shape == (len(said.tokens), CLUES)
    assert facts_of(said, []).shape == (0, FACTS)


def test_the_name_network_gives_each_token_a_share_for_every_tag(table: WordMeanings) -> None:
    said = document("Please register Moser Holzbau GmbH for us.")
    chances = np.exp(NameNetwork(load_arrays(WEIGHTS), table).scores(glance_at(said)))
    assert chances.shape == (len(said.tokens), len(TAGS))
    likeliest = [TAGS[place] for place in chances.argmax(axis=1)]
    assert likeliest[2:5] == ["B-customer", "I-customer", "I-customer"]
    assert likeliest[:2] == ["O", "O"]


def test_the_same_message_gets_the_same_scores(networks: Networks) -> None:
    one, other = (read(networks, "Where is our money?").scores.tolist() for _ in range(2))
    assert one == other


def test_a_huge_message_is_read_up_to_a_bound(networks: Networks) -> None:
    impression = read(networks, "commission " * 5000)
    assert len(impression.shares) == MOST_TOKENS
    assert np.isfinite(impression.scores).all()


def test_a_network_is_kept_in_a_quarter_of_its_size_and_nearly_exactly() -> None:
    random = np.random.default_rng(3)
    arrays = {"pieces": random.standard_normal((500, 64)).astype(np.float32), "bias": np.ones(64, np.float32)}
    stored = packed("some", arrays, np.array([1, 2], np.uint32))
    again, vocabulary = unpacked(stored, networks_in(stored, "some")[0])
    assert stored["some.pieces"].nbytes * 4 == arrays["pieces"].nbytes
    assert np.abs(again["pieces"] - arrays["pieces"]).max() <= stored["some.pieces.scale"].max() / 2 + 1e-6
    assert again["bias"].tolist() == arrays["bias"].tolist()
    assert vocabulary.tolist() == [1, 2]


def test_half_a_surrogate_pair_is_read_like_any_unknown_word(networks: Networks) -> None:
    assert said_words(document("register \ud83d please").tokens)
    assert np.isfinite(read(networks, "register \ud83d please").scores).all()
