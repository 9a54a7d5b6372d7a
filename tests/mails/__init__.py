"""Sample mails of the project's own, and what is to be read in each."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent


def mail(name: str) -> bytes:
    return (FOLDER / f"{name}.eml").read_bytes()
