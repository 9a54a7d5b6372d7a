"""How the ledger is hashed: a digest for each value with a salt of its own, a link for each row over the one before.

docs/ledger.md says the same for who checks it without this code: what is written here must stay as it is.
"""

from __future__ import annotations

import hashlib
import json
import math
import secrets
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.storage.codec import storable

START = "0" * 64
"""What the first row follows."""

Path = tuple[str, ...]
"""Where a value stands in a row's body: a field, or a field and the name of a part of it."""


def canonical(value: Any) -> str:
    """One text for one value: JSON with sorted names, `, ` and `: ` between, and no escapes that JSON does not need."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def digest(salt: str, value: Any) -> str:
    return _sha256(salt + canonical(value))


def row_hash(
    row_id: int,
    at: datetime,
    kind: str,
    actor: str,
    partner_id: str | None,
    inbox_id: str | None,
    digests: Mapping[str, Any],
) -> str:
    """Of a row without its values, which the digests stand for. It tells nothing of the row to who does not have it."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    return _sha256(canonical([row_id, moment, kind, actor, partner_id, inbox_id, digests]))


def link(previous: str, position: int, hashed: str) -> str:
    """The chain's value at a position: over its value before, the position, and the hash of the row there."""
    return _sha256(canonical([previous, position, hashed]))


def _sha256(said: str) -> str:
    return hashlib.sha256(said.encode()).hexdigest()


def keepable(value: Any) -> Any:
    """The value as the database gives it back, so that its digest holds: JSONB knows no NUL and writes some fractions
    otherwise (1e22, -0.0), which become text.
    """
    if isinstance(value, float):
        plain = math.isfinite(value) and "e" not in repr(value) and (value != 0 or math.copysign(1, value) > 0)
        return value if plain else repr(value)
    if isinstance(value, Mapping):
        return {storable(str(name)): keepable(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [keepable(part) for part in value]
    return storable(value)


def salted(body: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(salts, digests) of a body; a field that has parts has a digest for each, so that one can go without the rest."""
    salts: dict[str, Any] = {}
    digests: dict[str, Any] = {}
    for name, value in body.items():
        if isinstance(value, dict) and value:
            salts[name] = {part: secrets.token_hex(16) for part in value}
            digests[name] = {part: digest(salts[name][part], said) for part, said in value.items()}
        else:
            salts[name] = secrets.token_hex(16)
            digests[name] = digest(salts[name], value)
    return salts, digests


def paths(digests: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Where each value of a row stands or stood, with its digest."""
    for name, said in digests.items():
        if isinstance(said, str):
            yield (name,), said
        else:
            for part, one in said.items():
                yield (name, part), one


def missing(body: Mapping[str, Any], salts: Mapping[str, Any], digests: Mapping[str, Any]) -> list[Path] | None:
    """The values that are no longer there; None where one that is there is not what was written."""
    gone: list[Path] = []
    seen = 0
    for path, said in paths(digests):
        value = _at(body, path)
        if value is _NOTHING:
            gone.append(path)
            continue
        seen += 1
        salt = _at(salts, path)
        if not isinstance(salt, str) or digest(salt, value) != said:
            return None
    return gone if seen == _count(body, digests) else None


class _Nothing:
    """Beside every value, None too."""


_NOTHING = _Nothing()


def _at(tree: Any, path: Path) -> Any:
    for name in path:
        if not isinstance(tree, dict) or name not in tree:
            return _NOTHING
        tree = tree[name]
    return tree


def _count(body: Mapping[str, Any], digests: Mapping[str, Any]) -> int:
    """How many values the body has, those without a digest counted."""
    parted = {name for name, said in digests.items() if isinstance(said, dict)}
    return sum(len(value) if name in parted and isinstance(value, dict) else 1 for name, value in body.items())


def without(tree: Mapping[str, Any], gone: Iterator[Path] | list[Path]) -> dict[str, Any]:
    """The tree less these paths; a field that had parts stays, with those that are left."""
    left = {name: dict(value) if isinstance(value, dict) else value for name, value in tree.items()}
    for path in gone:
        if len(path) == 1:
            left.pop(path[0], None)
        elif isinstance(left.get(path[0]), dict):
            left[path[0]].pop(path[1], None)
    return left
