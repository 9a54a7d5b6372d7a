"""What a yes to an open question would do, as plain words that are kept with the question."""

from __future__ import annotations

import json
from collections.abc import Mapping


def write(said: Mapping[str, str]) -> str:
    return json.dumps(dict(said), ensure_ascii=False)


def read(kept: str) -> dict[str, str]:
    """The words again; empty where nothing is kept, or nothing of ours."""
    try:
        said = json.loads(kept) if kept else {}
    except ValueError:
        return {}
    return {str(k): v for k, v in said.items() if isinstance(v, str)} if isinstance(said, dict) else {}
