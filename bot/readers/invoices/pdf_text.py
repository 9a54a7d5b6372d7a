"""The text of a PDF as lines of pieces, read in a process of its own that is killed when it takes too long."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from bot.vocabulary.money import InvoiceFault

_LARGEST = 20 << 20  # bytes of a PDF that is looked at
_LARGEST_ANSWER = 8 << 20  # what the process limits itself to; one that was taken over may have written anything
_KEPT_VARIABLES = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL", "VIRTUAL_ENV", "LD_LIBRARY_PATH")


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that stands together, from `left` to `right` in points."""

    left: float
    right: float
    text: str


Lines = tuple[tuple[Piece, ...], ...]


class PdfText:
    """`seconds` is the processor time that one document may take and `patience` times as much in real time; `memory`
    what it may add to its process; `at_once` how many are read at the same moment. Methods are called from threads.
    """

    def __init__(self, seconds: int = 5, patience: float = 4.0, memory: int = 400 << 20, at_once: int = 2) -> None:
        self._seconds = seconds
        self._longest = seconds * patience
        self._memory = memory
        self._turns = threading.BoundedSemaphore(at_once)

    def read(self, content: bytes) -> Lines | InvoiceFault:
        """Never raises on any content."""
        if len(content) > _LARGEST:
            return InvoiceFault.TOO_LARGE
        with self._turns, tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answer:
            given.write(content)
            given.seek(0)
            code = self._run(given, answer)
            if code is None or code < 0:  # out of time or, with PDFium, out of memory: ended by a signal
                return InvoiceFault.TOO_LARGE
            answer.seek(0)
            said = answer.read(_LARGEST_ANSWER + 1)
        return _lines(said) if code == 0 else InvoiceFault.BROKEN

    def _run(self, given: IO[bytes], answer: IO[bytes]) -> int | None:
        """The exit code; None where it did not end in time."""
        # Nothing of the agent's environment goes along: passwords are none of a parser's business.
        environment = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        script = Path(__file__).with_name("pdf_process.py")
        command = [sys.executable, "-P", str(script), str(self._seconds), str(self._memory)]
        try:
            done = subprocess.run(  # noqa: S603 - our own module
                command, stdin=given, stdout=answer, stderr=subprocess.DEVNULL, env=environment,
                timeout=self._longest, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return None
        except OSError:
            return 1
        return done.returncode


def _lines(said: bytes) -> Lines | InvoiceFault:
    """What the process wrote, taken for what a stranger may have made it write."""
    try:
        answer: Any = json.loads(said)
        if "fault" in answer:
            return InvoiceFault(answer["fault"])
        return tuple(
            tuple(Piece(float(left), float(right), str(text)) for left, right, text in line) for line in answer["lines"]
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        return InvoiceFault.BROKEN
