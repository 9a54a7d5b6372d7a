"""A command called in this process, as typed: the start of a process of its own costs more than most commands do."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout

from bot.cli.app import main


def called(*words: object) -> tuple[int, str, str]:
    """Its exit code, and what it wrote; a traceback comes out as its exception."""
    out, err = io.StringIO(), io.StringIO()
    with _logging_kept(), redirect_stdout(out), redirect_stderr(err):
        try:
            main([str(word) for word in words])
        except SystemExit as ended:
            code = ended.code
    return code if isinstance(code, int) else 0, out.getvalue(), err.getvalue()


@contextmanager
def _logging_kept() -> Iterator[None]:
    before = list(logging.getLogger().handlers)
    try:
        yield
    finally:
        logging.getLogger().handlers[:] = before
