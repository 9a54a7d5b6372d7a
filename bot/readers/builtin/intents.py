"""The intents of a message: a linear model over its wording and what else is known of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.ports import Readable
from bot.readers.builtin.document import Document, Token
from bot.readers.builtin.lexicon import meanings
from bot.readers.builtin.linear import LinearModel, block
from bot.readers.builtin.mentions import Kind
from bot.readers.builtin.wording import wording, words
from bot.vocabulary.message import ThreadKind
from bot.vocabulary.requests import Intent
from crm.records import Channel

ALONE = frozenset({Intent.THANKS, Intent.OTHER, Intent.AUTO_REPLY})
THRESHOLD = 0.3
MOST_SEGMENTS = 40


def intent_features(document: Document, readable: Readable) -> dict[str, float]:
    """What the model sees of the whole message."""
    return _features(document, readable, document.tokens, document.text)


def segment_features(document: Document, readable: Readable) -> list[dict[str, float]]:
    """What the model sees of each segment of two words or more: a second wish is often one sentence of many."""
    groups: dict[int, list[Token]] = {}
    for token in document.tokens:
        groups.setdefault(document.segment_of(token.start), []).append(token)
    kept = [tokens for tokens in groups.values() if len(words(tokens)) > 1][:MOST_SEGMENTS]
    return [_features(document, readable, tokens, document.text[tokens[0].start : tokens[-1].end]) for tokens in kept]


def _features(document: Document, readable: Readable, tokens: Sequence[Token], text: str) -> dict[str, float]:
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


class IntentModel:
    def __init__(self, model: LinearModel) -> None:
        self._model = model

    def intents(self, document: Document, readable: Readable) -> dict[Intent, float]:
        """The intents of the message with how sure each is; never empty."""
        whole = self._model.probabilities(intent_features(document, readable))
        parts = [self._model.probabilities(features) for features in segment_features(document, readable)]
        chances = {Intent(label): _pooled(Intent(label), chance, parts) for label, chance in whole.items()}
        return chosen(chances, readable)


def _pooled(intent: Intent, whole: float, parts: list[dict[str, float]]) -> float:
    """The chance in the whole message or in its likeliest segment.

    What stands alone is judged by the whole; so, by half, are the two kinds of handing in a deal, which differ in the
    message's drift rather than in one sentence.
    """
    if intent in ALONE or not parts:
        return whole
    best = max(part[intent.value] for part in parts)
    return max(whole, (whole + best) / 2 if intent in _BY_DRIFT else best)


_BY_DRIFT = frozenset({Intent.REGISTER_DEAL, Intent.REFER_LEAD})


def chosen(chances: dict[Intent, float], readable: Readable) -> dict[Intent, float]:
    """The intents that hold together: what stands alone does, and what needs a thread has one."""
    if readable.thread.kind is not ThreadKind.QUESTION:
        chances = {i: c for i, c in chances.items() if i is not Intent.PROVIDE_FIELD}
    top = max(chances, key=lambda i: chances[i])
    if top in ALONE:
        return {top: chances[top]}
    kept = {i: c for i, c in chances.items() if (c >= THRESHOLD or i is top) and i not in ALONE}
    return dict(sorted(kept.items(), key=lambda item: -item[1]))
