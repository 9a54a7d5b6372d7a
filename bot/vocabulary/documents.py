"""Documents of ours that go with a mail: what each is called, and where its bytes are kept until it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

PDF, CSV, JSON, PNG = "application/pdf", "text/csv", "application/json", "image/png"
CONTENT_TYPES = {"pdf": PDF, "csv": CSV, "json": JSON}
MOST_BYTES = 10_000_000
"""What the files of one mail may weigh together: a third more on the way, and most servers take 20 MB."""


@dataclass(frozen=True, slots=True)
class Document:
    """A mail carries this reference until it is written. `kept` is where the bytes are, in the words of whoever keeps
    them; only what has this `sha256` is sent.
    """

    name: str
    content_type: str
    size: int
    sha256: str
    kept: str


def to_payload(documents: Iterable[Document]) -> list[dict[str, Any]]:
    """As JSON holds it."""
    return [asdict(document) for document in documents]


def from_payload(payload: object) -> tuple[Document, ...]:
    """The references again; ValueError where one is none."""
    if payload is None:
        return ()
    return tuple(_document(said) for said in (payload if isinstance(payload, list) else [payload]))


def fitting(documents: Sequence[Document], most: int = MOST_BYTES) -> tuple[Document, ...]:
    """As many as one mail takes: each that still fits beside those before it."""
    taken: list[Document] = []
    for document in documents:
        if sum(d.size for d in taken) + document.size <= most:
            taken.append(document)
    return tuple(taken)


def named(documents: Iterable[Document]) -> str:
    """For a timeline: a line for each, by which it can be found and compared."""
    return "\n".join(f"Attached: {d.name} ({d.size} bytes, sha256 {d.sha256})" for d in documents)


def _document(said: object) -> Document:
    if not isinstance(said, dict) or {field.name for field in fields(Document)} != said.keys():
        raise ValueError("an attached file is not described as one")
    return Document(**said)
