"""What was learned from the vendor's own messages: a correction to the shipped intents, kept in a file of its own."""

from __future__ import annotations

import hashlib
import os
import zipfile
import zlib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.readers.builtin.linear import Features, LinearModel, unpack

_NAME = "own"
# RuntimeError and MemoryError are how a flipped bit in an archive's or a table's head shows.
_DAMAGE = (ValueError, TypeError, KeyError, EOFError, RuntimeError, MemoryError, zipfile.BadZipFile, zlib.error)
FURTHEST = 4.0
"""Log-odds by which a score is moved at most: what the shipped weights are sure of stays as it is."""


class OwnWeightsError(ValueError):
    """A file that cannot be used; the text says why and what to do."""


class Correction(Protocol):
    """Moves the shipped scores of the intents; `scores` are log-odds, one for each label of the shipped weights."""

    def corrected(self, features: Features, scores: NDArray[np.float32]) -> NDArray[np.float32]: ...


LIKELY_AT_MOST = 0.0
"""Log-odds up to which an intent that changes something may be raised: it is then likely enough to be asked about."""


class OwnMessages:
    """A linear model over the features of the shipped one; features that no own message had count nothing.

    `acting` are the intents that change something. Nobody has weighed what own messages say of them, so that they are
    raised as far as a question and no further; the shipped weights alone are sure enough to act.
    """

    def __init__(self, model: LinearModel, acting: Collection[str]) -> None:
        self.model = model
        self._highest = np.array([LIKELY_AT_MOST if label in acting else np.inf for label in model.labels], np.float32)

    def corrected(self, features: Features, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        moved = scores + np.clip(self.model.scores(features), -FURTHEST, FURTHEST)
        bounded: NDArray[np.float32] = np.minimum(moved, np.maximum(scores, self._highest))
        return bounded


def mark_of(shipped: Sequence[Path]) -> str:
    """A mark of the shipped weights, since a correction to others would correct what is no longer wrong."""
    digest = hashlib.sha256()
    for path in shipped:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def save_own(path: Path, model: LinearModel, mark: str) -> None:
    """Write the file whole or not at all, its folder too. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as stream:
            np.savez_compressed(stream, allow_pickle=False, **model.packed(_NAME), mark=np.array(mark))
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def load_own(path: Path, labels: Sequence[str], mark: str, acting: Collection[str]) -> OwnMessages:
    """What `save_own` wrote for the same shipped weights. Raises OwnWeightsError."""
    try:
        arrays = _arrays(path)
        own_mark = str(arrays["mark"])
        model = unpack(arrays, _NAME) if _fits(arrays, len(labels)) else None
    except (*_DAMAGE, OSError) as fault:
        raise OwnWeightsError(f"{path} is damaged, or not from `partnerline train`") from fault
    if model is None:
        raise OwnWeightsError(f"{path} is damaged: its tables do not fit each other")
    if own_mark != mark or model.labels != tuple(labels):
        raise OwnWeightsError(f"{path} was learned on other shipped weights")
    return OwnMessages(model, acting)


def _arrays(path: Path) -> dict[str, NDArray[np.generic]]:
    """As `load_arrays`, but the file is closed even where it is damaged."""
    with path.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def _fits(arrays: Mapping[str, NDArray[np.generic]], labels: int) -> bool:
    """Whether the tables are of one size and hold finite numbers, so that no message can fail on them."""
    hashes, weights, scale, bias = (arrays[f"{_NAME}.{part}"] for part in ("hashes", "weights", "scale", "bias"))
    sizes = hashes.ndim == 1 and len(hashes) > 0 and weights.shape == (len(hashes), labels)
    whole = np.issubdtype(hashes.dtype, np.unsignedinteger) and np.issubdtype(weights.dtype, np.integer)
    finite = all(
        part.shape == (labels,) and np.issubdtype(part.dtype, np.floating) and bool(np.all(np.isfinite(part)))
        for part in (scale, bias)
    )
    return sizes and bool(whole) and finite
