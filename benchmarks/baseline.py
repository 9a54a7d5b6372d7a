"""The simplest reader of intents, to measure ours against: n-grams of words and letters, and a logistic regression."""

from __future__ import annotations

from collections.abc import Sequence

from scipy.sparse import hstack  # type: ignore[import-untyped]
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.preprocessing import MultiLabelBinarizer

from benchmarks.reader.samples import WRITTEN_HERE, load_samples
from bot.ports import Readable
from bot.vocabulary.requests import Intent, NoFields, Reading, Request

LEAST = 0.4


class LinearBaseline:
    """Reads intents alone; learns from the same given messages as the built-in reader, without those written here."""

    name = "linear baseline"

    def __init__(self) -> None:
        samples = [s for s in load_samples() if not s.id.startswith(WRITTEN_HERE)]
        texts = [_said(s.readable) for s in samples]
        self._words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
        self._letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2)
        matrix = hstack([self._words.fit_transform(texts), self._letters.fit_transform(texts)]).tocsr()
        self._labels = MultiLabelBinarizer()
        wanted = self._labels.fit_transform([{w.intent for w in s.requests} for s in samples])
        self._model = OneVsRestClassifier(LogisticRegression(C=10, solver="liblinear")).fit(matrix, wanted)

    def read(self, readable: Readable) -> Reading:
        chances = self._model.predict_proba(self._matrix([_said(readable)]))[0]
        top = chances.max()
        labels = zip(self._labels.classes_, chances, strict=True)
        wanted = [Intent(label) for label, chance in labels if chance > LEAST or chance >= top]
        requests = tuple(Request(intent, NoFields(), (0, 0), 0.5) for intent in wanted)
        return Reading("en", requests, Intent.AUTO_REPLY not in wanted and Intent.THANKS not in wanted)

    def _matrix(self, texts: Sequence[str]) -> object:
        return hstack([self._words.transform(texts), self._letters.transform(texts)]).tocsr()


def _said(readable: Readable) -> str:
    thread = readable.thread.kind.value if readable.thread.kind else "none"
    return f"thread_{thread} channel_{readable.channel.value} {readable.subject}\n{readable.text}"
