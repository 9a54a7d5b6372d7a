"""Finds the shared folder of contracts and evaluation data, which the project itself does not carry."""

from __future__ import annotations

import os
from pathlib import Path


def shared() -> Path | None:
    """`PARTNERLINE_SHARED`, or `../shared` beside the checkout; None where there is neither."""
    named = os.environ.get("PARTNERLINE_SHARED")
    folder = Path(named) if named else Path(__file__).resolve().parents[2] / "shared"
    return folder if folder.is_dir() else None
