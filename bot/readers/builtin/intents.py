"""The intents of a message: a linear model over its wording and small networks over its words, taken together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.ports import Readable
from bot.readers.builtin.awaited import is_short
from bot.readers.builtin.document import Document
from bot.readers.builtin.lexicon import meanings
from bot.readers.builtin.linear import Encoded, LinearModel, block
from bot.readers.builtin.meaning import WordMeanings
from bot.readers.builtin.mentions import Kind
from bot.readers.builtin.networks.message_network import Impression
from bot.readers.builtin.own import Correction
from bot.readers.builtin.plain_wishes import asks_to_register, is_unsubscribe
from bot.readers.builtin.wording import wording, words
from bot.vocabulary.message import ThreadKind
from bot.vocabulary.requests import ACTING, Intent
from crm.records import Channel

_OPENING = re.compile(
    r"\W*(?:(?:and|und|et|en|y|but|aber|mais|maar|pero|hi|hallo|hello|bonjour|hola|so|ok)\W+)*"
    r"(?:where|what|when|how|why|who|which|can|could|do|does|is there|are there|"
    r"wo|was|wann|wie|warum|wieso|wer|welche[rs]?|kann|können|gibt es|"
    r"où|quand|comment|pourquoi|qui|quel(?:le)?s?|combien|est-ce|qu'|"
    r"waar|wat|wanneer|hoe|waarom|wie|welke?|kunnen|"
    r"dónde|donde|qué|cuándo|cuando|cómo|cuánto|por qué|quién|cuál)(?!\w)",
    re.I,
)
QUESTIONS = frozenset(
    {
        Intent.ASK_DEAL_STATUS,
        Intent.ASK_TIER,
        Intent.ASK_COMMISSION,
        Intent.ASK_PAYOUT,
        Intent.ASK_CONTENT,
        Intent.ASK_TRAINING,
        Intent.ASK_PROGRAM,
    }
)
DEALS = (Intent.REGISTER_DEAL, Intent.REFER_LEAD, Intent.UPDATE_DEAL)
_ASKING = re.compile(
    r"[?¿]|(?<!\w)(?:how|what|when|where|whether|which|why|can (?:we|i|you)|could (?:we|i|you)|does|know|tell|explain|"
    r"wonder\w*|curious|question\w*|clarif\w*|remind|understand|"
    r"wie|was|wann|wo|ob|welche\w*|warum|wieso|kann|können|darf|dürfen|gilt|gelten|wissen|weiß|sag\w*|erklär\w*|frag\w*|"
    r"comment|quoi|quand|quel\w*|pourquoi|combien|peut-on|pouvez|savoir|dites|expliqu\w*|"
    r"hoe|wat|wanneer|waar|welke?|waarom|kunnen|mogen|weten|zeg\w*|uitleg\w*|vraag\w*|vragen|"
    r"cómo|qué|cuándo|dónde|cuál\w*|cuánt\w*|podemos|podéis|saber|dime|explic\w*|duda\w*|pregunt\w*)(?!\w)",
    re.I,
)
ALONE = frozenset({Intent.THANKS, Intent.OTHER, Intent.AUTO_REPLY})
# Below this the likeliest intent is a guess; one that changes something needs more.
FLOOR, ACTING_FLOOR, FAINT = 0.04, 0.12, 0.02
PLAIN, ANSWERED, SURE, ASKED_FOR = 0.98, 0.9, 0.7, 0.6


def intent_features(document: Document, readable: Readable, table: WordMeanings) -> dict[str, float]:
    """What the linear model sees of the message."""
    tokens, text = document.tokens, document.text
    features = wording(tokens)
    said = words(tokens)
    thread = readable.thread.kind.value if readable.thread.kind else "none"
    features |= block((f"t {thread}|{w}" for w in said), 0.6)
    features |= block((f"first {thread}|{w}" for w in said[:12]), 0.6)
    features |= block((f"subject {w}" for w in words([t for t in tokens if t.start < document.body])), 0.5)
    named = meanings(text)
    ask = "?" if "?" in text else "."
    features |= dict.fromkeys([f"m {n}" for n in named] + [f"m {n}{ask}" for n in named], 0.4)
    features |= dict.fromkeys((f"mm {a}&{b}" for i, a in enumerate(named) for b in named[i + 1 :]), 0.2)
    features |= dict.fromkeys((f"mt {thread}&{n}" for n in named), 0.3)
    features |= table.features(said, thread)
    counts = Counter(t.mention.kind for t in tokens if t.mention)
    features |= dict.fromkeys(_facts(counts, readable, thread, len(said), text), 0.35)
    return features


def _facts(counts: Counter[Kind], readable: Readable, thread: str, length: int, text: str) -> list[str]:
    facts = [f"thread {thread}", f"slack {readable.channel is Channel.SLACK}", f"addressed {readable.addressed}"]
    facts += [f"kind {kind.value} {min(counts[kind], 2)}" for kind in Kind if counts[kind]]
    facts += [f"kind {kind.value} {thread}" for kind in Kind if counts[kind]]
    facts += [f"asked {name}" for name in readable.thread.asked]
    facts.append(f"attached {bool(readable.attachments)} {thread}")
    facts.append(f"length {min(length // 15, 8)}")
    facts.append(f"questions {min(text.count('?'), 3)}")
    facts += [f"given {n} {bool(counts[_ASKED[n]])}" for n in readable.thread.asked if n in _ASKED]
    return facts


_ASKED = {"contact_email": Kind.EMAIL, "close_date": Kind.DATE, "amount": Kind.NUMBER, "product": Kind.PRODUCT}


@dataclass(frozen=True, slots=True)
class Wish:
    """How likely an intent is, and the offset of the segment that says it most plainly.

    `plain` where the form of the whole message leaves no doubt.
    """

    chance: float
    place: int
    plain: bool = False


Wishes = dict[Intent, Wish]


class IntentModel:
    """A linear model sees all wording at once, the networks which words stand together; each has half a say.

    `least` is the chance from which each intent is taken for wanted.
    """

    def __init__(
        self,
        model: LinearModel,
        least: Mapping[Intent, float],
        own: Correction | None = None,
    ) -> None:
        self.intents = tuple(map(Intent, model.labels))
        self._own = own
        self._model = model
        self._least = dict(least)

    def wishes(
        self,
        document: Document,
        readable: Readable,
        answered: bool,
        features: Encoded,
        impressions: Sequence[Impression],
    ) -> Wishes:
        """The intents of the message, the likeliest first; never empty.

        `features` are the document's `intent_features`, `impressions` what the networks make of it; `answered` tells
        whether the text holds something of the kind that the agent asked for.
        """
        if readable.thread.kind is not ThreadKind.QUESTION and is_unsubscribe(document.text[document.body :]):
            return {Intent.UNSUBSCRIBE: Wish(PLAIN, document.body, plain=True)}
        chances = self.chances(features, impressions)
        shares = np.mean([one.shares for one in impressions], axis=0)
        if _is_asked_for(document):
            # A wish that is put as a question is no question about the program.
            chances |= {
                Intent.REGISTER_DEAL: max(chances[Intent.REGISTER_DEAL], ASKED_FOR),
                Intent.ASK_PROGRAM: chances[Intent.ASK_PROGRAM] / 2,
            }
        if max(chances[i] for i in DEALS) >= ANSWERED and not _ASKING.search(document.text[document.body :]):
            # Who tells of a deal and asks nothing does not ask about the program, whatever the subject says.
            chances |= {Intent.ASK_PROGRAM: chances[Intent.ASK_PROGRAM] / 2}
        kept = chosen(chances, document, readable, answered, self._least)
        wishes = {intent: Wish(chance, self._place(document, intent, shares)) for intent, chance in kept.items()}
        return _one_to_a_sentence(wishes, document)

    def chances(self, features: Encoded, impressions: Sequence[Impression]) -> dict[Intent, float]:
        """The chance of each intent."""
        linear = self._model.scores(features)
        scores = (linear + np.mean([one.scores[: len(linear)] for one in impressions], axis=0)) / 2
        if self._own is not None:
            scores = self._own.corrected(features.names, scores)
        chances = (1 / (1 + np.exp(-np.clip(scores, -30, 30)))).tolist()
        return dict(zip(self.intents, chances, strict=True))

    def _place(self, document: Document, intent: Intent, shares: Shares) -> int:
        """Where the body says an intent most plainly: the beginning of the segment that counts most for it."""
        if intent in ALONE:
            return document.body
        label = self.intents.index(intent)
        counted: Counter[int] = Counter()
        for token, share in zip(document.tokens, shares[:, label].tolist(), strict=False):
            if document.body <= token.start < document.forwarded:
                counted[document.segment_of(token.start)] += share
        return document.segments[max(counted, key=lambda n: counted[n])].start if counted else document.body


Shares = NDArray[np.float32]


def _one_to_a_sentence(wishes: Wishes, document: Document) -> Wishes:
    """The wishes without a question that rests on the very words of a likelier one: one sentence, one question."""
    said = [s for s in document.segments if s.start >= document.body and document.text[s.start : s.end].strip()]
    asked = [intent for intent in wishes if intent in QUESTIONS]
    if len(said) > 1 or len(asked) < 2 or not _is_one_clause(document):
        return wishes
    best = max(asked, key=lambda i: wishes[i].chance)
    return {i: w for i, w in wishes.items() if i not in QUESTIONS or i is best}


def _is_one_clause(document: Document) -> bool:
    return not _JOINED.search(document.text[document.body :])


_JOINED = re.compile(r"[,;:+&\n]|(?<!\w)(?:and|und|et|en|y|e|also|sowie|plus|or|oder|ou|of|o)(?!\w)", re.I)


def _is_asked_for(document: Document) -> bool:
    """Whether a deal is to be registered that the message tells of: "can you protect Acme for us? 65 seats, March"."""
    kinds = {t.mention.kind for t in document.tokens if t.mention}
    told = len(kinds & _TELLING) > 1 and Kind.DEAL_REF not in kinds
    return told and asks_to_register(document.text[document.body :])


_TELLING = frozenset({Kind.NUMBER, Kind.DATE, Kind.DOMAIN, Kind.EMAIL, Kind.PRODUCT})


def asks(document: Document) -> bool:
    """Whether the body is put as a question."""
    body = document.text[document.body :]
    return "?" in body or bool(_OPENING.match(body))


def chosen(
    chances: dict[Intent, float],
    document: Document,
    readable: Readable,
    answered: bool,
    least: Mapping[Intent, float],
) -> dict[Intent, float]:
    """The intents that hold together: what stands alone does, what needs a thread has one, nothing is a mere guess."""
    chances = _in_thread(chances, document, readable, answered)
    top = max(chances, key=lambda i: chances[i])
    if chances[top] < (ACTING_FLOOR if top in ACTING else FLOOR):
        return _hardly_anything(chances, readable)
    if top in ALONE:
        return {top: chances[top]}
    kept = {i: c for i, c in chances.items() if (c >= least[i] or i is top) and i not in ALONE}
    return dict(sorted(kept.items(), key=lambda item: -item[1]))


def _in_thread(
    chances: dict[Intent, float], document: Document, readable: Readable, answered: bool
) -> dict[Intent, float]:
    """The chances as the thread bends them: a field is provided only where one was asked for."""
    if readable.thread.kind is not ThreadKind.QUESTION or (not answered and asks(document)):
        return {i: c for i, c in chances.items() if i is not Intent.PROVIDE_FIELD}
    if answered and is_short(document) and not asks(document):
        likely = {i: c for i, c in chances.items() if c >= SURE and i not in ALONE}
        return likely | {Intent.PROVIDE_FIELD: max(ANSWERED, chances[Intent.PROVIDE_FIELD])}
    return chances


def _hardly_anything(chances: dict[Intent, float], readable: Readable) -> dict[Intent, float]:
    """What is left where nothing is likely: the answer that the thread waits for, else a riddle for a person."""
    answer = chances.get(Intent.ANSWER_ANNOUNCEMENT, 0.0)
    if readable.thread.kind is ThreadKind.ANNOUNCEMENT and answer >= FAINT:
        return {Intent.ANSWER_ANNOUNCEMENT: answer}
    harmless = {i: c for i, c in chances.items() if i not in ACTING and c >= FLOOR}
    best = max(harmless, key=lambda i: harmless[i], default=Intent.OTHER)
    return {best: chances.get(best, 0.0)}
