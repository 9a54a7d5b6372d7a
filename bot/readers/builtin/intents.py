"""The intents of a message: a linear model over its wording and what else is known of it."""

from __future__ import annotations

from collections import Counter

from bot.ports import Readable
from bot.readers.builtin.document import Document
from bot.readers.builtin.linear import LinearModel, block
from bot.readers.builtin.mentions import Kind
from bot.readers.builtin.wording import wording, words
from bot.vocabulary.message import ThreadKind
from bot.vocabulary.requests import Intent
from crm.records import Channel

ALONE = frozenset({Intent.THANKS, Intent.OTHER, Intent.AUTO_REPLY})
THRESHOLD = 0.42


def intent_features(document: Document, readable: Readable) -> dict[str, float]:
    """Everything the intent model sees of a message."""
    features = wording(document.tokens)
    said = words(document.tokens)
    thread = readable.thread.kind.value if readable.thread.kind else "none"
    first = said[:12]
    features |= block((f"t {thread}|{w}" for w in said), 0.6)
    features |= block((f"first {thread}|{w}" for w in first), 0.6)
    subject = words([t for t in document.tokens if t.start < document.body])
    features |= block((f"subject {w}" for w in subject), 0.5)
    features |= dict.fromkeys(_facts(document, readable, thread, len(said)), 0.35)
    return features


def _facts(document: Document, readable: Readable, thread: str, length: int) -> list[str]:
    counts = Counter(m.kind for m in document.mentions)
    facts = [f"thread {thread}", f"slack {readable.channel is Channel.SLACK}", f"addressed {readable.addressed}"]
    facts += [f"kind {kind.value} {min(counts[kind], 2)}" for kind in Kind if counts[kind]]
    facts += [f"kind {kind.value} {thread}" for kind in Kind if counts[kind]]
    facts += [f"asked {name}" for name in readable.thread.asked]
    facts.append(f"attached {bool(readable.attachments)} {thread}")
    facts.append(f"length {min(length // 15, 8)}")
    facts.append(f"questions {min(document.text.count('?'), 3)}")
    asked_kind = {"contact_email": Kind.EMAIL, "close_date": Kind.DATE, "amount": Kind.NUMBER, "product": Kind.PRODUCT}
    facts += [f"given {n} {bool(counts[asked_kind[n]])}" for n in readable.thread.asked if n in asked_kind]
    return facts


class IntentModel:
    def __init__(self, model: LinearModel) -> None:
        self._model = model

    def intents(self, document: Document, readable: Readable) -> dict[Intent, float]:
        """The intents of the message with how sure each is; never empty."""
        chances = self._model.probabilities(intent_features(document, readable))
        return chosen({Intent(label): chance for label, chance in chances.items()}, readable)


def chosen(chances: dict[Intent, float], readable: Readable) -> dict[Intent, float]:
    """The intents that hold together: what stands alone does, and what needs a thread has one."""
    if readable.thread.kind is not ThreadKind.QUESTION:
        chances = {i: c for i, c in chances.items() if i is not Intent.PROVIDE_FIELD}
    top = max(chances, key=lambda i: chances[i])
    if top in ALONE:
        return {top: chances[top]}
    kept = {i: c for i, c in chances.items() if (c >= THRESHOLD or i is top) and i not in ALONE}
    return dict(sorted(kept.items(), key=lambda item: -item[1]))
