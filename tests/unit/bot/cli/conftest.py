"""The command line called in this process, with an environment of its own."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli.app import main


@dataclass(frozen=True, slots=True)
class Result:
    code: int
    out: str
    err: str


Partnerline = Callable[..., Result]


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith("PARTNERLINE_") or name in ("DATABASE_URL", "COLUMNS", "FORCE_COLOR"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def partnerline(capsys: pytest.CaptureFixture[str]) -> Iterator[Partnerline]:
    """Runs a command as typed, without a terminal; a traceback would come out as its exception."""

    def run(*words: object) -> Result:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in words])
        said = capsys.readouterr()
        code = ended.value.code
        return Result(code if isinstance(code, int) else 0, said.out, said.err)

    before = list(logging.getLogger().handlers)
    yield run
    logging.getLogger().handlers[:] = before


@pytest.fixture
def on_database(monkeypatch: pytest.MonkeyPatch, database: str) -> str:
    """Commands work on a fresh database."""
    monkeypatch.setenv("DATABASE_URL", database)
    return database
