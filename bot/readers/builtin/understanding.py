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
from bot.readers.builtin.intents import IntentModel, Wishes
from bot.readers.builtin.linear import unpack
from bot.readers.builtin.meaning import WordMeanings
from bot.readers.builtin.name_edges import with_edges
from bot.readers.builtin.network import networks_in, unpacked
from bot.readers.builtin.own import Correction
from bot.readers.builtin.requests import RequestBuilder
from bot.readers.builtin.roles import Role, RoleModel
from bot.readers.builtin.stages import ChoiceModel
from bot.readers.builtin.tagging import Tagger
from bot.vocabulary.requests import Intent


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
        self._tagger = Tagger(unpack(arrays, "tagger"), arrays["tagger.transitions"].astype("float32"))
        self._intents = intent_model(arrays, table, own)
        self._roles = RoleModel(unpack(arrays, "roles"))
        self._builder = RequestBuilder(ChoiceModel(unpack(arrays, "stages")), ChoiceModel(unpack(arrays, "answers")))

    def of(self, document: Document, readable: Readable) -> Understood:
        """Everything wanted in the document, not yet weighed."""
        names = told_apart(document, with_edges(document, self._tagger.find(document)))
        mentions = with_names(document, names)
        answered = answers(document, mentions, readable.thread.asked)
        wishes = self._intents.wishes(masking(document, names), readable, answered)
        roles = self._roles.roles(document, mentions, wishes, readable.thread.asked)
        return Understood(wishes, tuple(roles), self._builder.drafts(document, readable, wishes, roles))


def intent_model(
    arrays: Mapping[str, NDArray[np.generic]], table: WordMeanings, own: Correction | None = None
) -> IntentModel:
    """The model of intents that the weights hold."""
    model = unpack(arrays, "intents")
    least = dict(zip(map(Intent, model.labels), arrays["intents.least"].astype("float64").tolist(), strict=True))
    return IntentModel(model, [unpacked(arrays, name) for name in networks_in(arrays)], table, least, own)
