"""Sample mails of the project's own, and what is to be read in each."""

from __future__ import annotations

import json
from pathlib import Path

FOLDER = Path(__file__).parent
# By the name of the mail, what its sender newly wrote.
VISIBLE: dict[str, str] = json.loads((FOLDER / "visible.json").read_text(encoding="utf-8"))


def mail(name: str) -> bytes:
    return (FOLDER / f"{name}.eml").read_bytes()
