"""Folders and files for partners' words: open to the account that makes them and to nobody else, whatever the umask."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

_FOLDER, _FILE = 0o700, 0o600


def make_folder(path: Path) -> None:
    """Made where it is not there, with those above it; one that is there keeps its permissions. Raises OSError."""
    if not path.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=_FOLDER, exist_ok=True)


def open_to_others(path: Path) -> bool:
    """Whether another account on this machine may look into the folder. Raises OSError."""
    return bool(path.stat().st_mode & 0o077)


def lock_file(path: Path) -> IO[str]:
    """An empty file to hold a lock on, made where it is not there. Raises OSError."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, _FILE), "w")


def write_whole(path: Path, content: bytes) -> None:
    """All of it, or the file as it was. Raises OSError."""
    make_folder(path.parent)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)  # a process that was killed may have left one, with any permissions
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE), "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
