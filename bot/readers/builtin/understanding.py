"""From a document to drafts of requests: names, wishes, what each mention is for, and the fields that follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.ports import Readable
from bot.readers.builtin.apart import told_apart
from bot.readers.builtin.awaited import answers
from bot.readers.builtin.confidence import Draft
from bot.readers.builtin.document import Document, masking, with_names
from bot.readers.builtin.intents import IntentModel, Wishes, intent_features
from bot.readers.builtin.linear import encoded, unpack
from bot.readers.builtin.meaning import WordMeanings
from bot.readers.builtin.mentions import Mention
from bot.readers.builtin.name_edges import with_edges
from bot.readers.builtin.networks.mention_facts import facts_of, places_of
from bot.readers.builtin.networks.message_network import Networks
from bot.readers.builtin.networks.name_network import NameNetwork
from bot.readers.builtin.networks.trunk import MOST_TOKENS
from bot.readers.builtin.own import Correction
from bot.readers.builtin.requests import RequestBuilder
from bot.readers.builtin.roles import MOST_MENTIONS, Role, RoleModel
from bot.readers.builtin.stages import ChoiceModel
from bot.readers.builtin.tagging import Tagger
from bot.vocabulary.requests import Intent

# Among 14,000 messages none of a person's came near this, on writers that the model had not learnt from.
MACHINE = 0.6


@dataclass(frozen=True, slots=True)
class Understood:
    """What was made of a document, and what it rests on."""

    wishes: Wishes
    roles: tuple[Role, ...]
    drafts: tuple[Draft, ...]


class Understanding:
    """The trained models, in the order in which they are asked; `arrays` are the weights, `table` what words mean."""

    def __init__(
        self, arrays: Mapping[str, NDArray[np.generic]], table: WordMeanings, own: Correction | None = None
    ) -> None:
        self._table = table
        self._tagger = tagger_of(arrays, table)
        self._machine = unpack(arrays, "machine")
        self._intents = intent_model(arrays, own)
        self._networks = Networks(arrays, table)
        self._roles = RoleModel(unpack(arrays, "roles"))
        self._builder = RequestBuilder(ChoiceModel(unpack(arrays, "stages")), ChoiceModel(unpack(arrays, "answers")))

    def of(self, document: Document, readable: Readable) -> Understood | None:
        """Everything wanted in a document that has a token at least, not yet weighed; None where a machine wrote it."""
        names = names_in(document, self._tagger)
        masked = masking(document, names)
        features = encoded(intent_features(masked, readable, self._table))
        if self._machine.best_chance(features) > MACHINE:
            return None
        mentions = with_names(document, names)[:MOST_MENTIONS]
        asked = readable.thread.asked
        answered = answers(document, mentions, asked)
        impressions = self._networks.impressions(masked, readable)
        wishes = self._intents.wishes(masked, readable, answered, features, impressions)
        places, facts = places_of(masked, mentions), facts_of(document, mentions)
        near = int((places < MOST_TOKENS).sum())
        read = [one.marked(places[:near], facts[:near], wishes) for one in impressions]
        roles = self._roles.roles(document, mentions, wishes, asked, read)
        return Understood(wishes, tuple(roles), self._builder.drafts(document, asked, wishes, roles, impressions))


def names_in(document: Document, tagger: Tagger) -> list[Mention]:
    """The names of companies and people in the document, with right edges and told apart."""
    return told_apart(document, with_edges(document, tagger.find(document))[:MOST_MENTIONS])


def tagger_of(arrays: Mapping[str, NDArray[np.generic]], table: WordMeanings) -> Tagger:
    """The tagger that the weights hold."""
    transitions = arrays["tagger.transitions"].astype("float32")
    return Tagger(unpack(arrays, "tagger"), transitions, NameNetwork(arrays, table))


def intent_model(arrays: Mapping[str, NDArray[np.generic]], own: Correction | None = None) -> IntentModel:
    """The model of intents that the weights hold."""
    model = unpack(arrays, "intents")
    if model.labels != tuple(intent.value for intent in Intent):
        raise ValueError("these weights know other intents than the reader: learn them anew with `make train`")
    least = dict(zip(map(Intent, model.labels), arrays["intents.least"].astype("float64").tolist(), strict=True))
    return IntentModel(model, least, own)
