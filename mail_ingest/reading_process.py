"""A reading process as the agent sees it: asked for one mail after the other, killed at a deadline, started anew."""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
import threading
from pathlib import Path
from typing import Self

from mail_ingest.apart_process import FAULT, REFUSED, TIME_IS_UP, Job, read_frame, write_frame
from mail_ingest.errors import MailRefused, ReaderUnavailable
from mail_ingest.limits import MB
from mail_ingest.parse import ParsedMail
from mail_ingest.read_pickle import unpickled

TOO_LONG = "took too long to read"
_LARGEST_ANSWER = 64 * MB  # a process that a mail has taken over may claim any length
_START = 60.0  # seconds; a machine may be busy, and nothing hostile has been read yet
_END = 4.0  # seconds for a process that was told to end
_KEPT_VARIABLES = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL", "VIRTUAL_ENV", "LD_LIBRARY_PATH")


class ReadingProcess:
    """Every method but `abandon` is called by one thread at a time.

    `seconds` and `memory` are the limits the process sets itself, `longest` is the agent's own, in real time.
    """

    def __init__(self, seconds: float, longest: float, memory: int) -> None:
        self._seconds = seconds
        self._longest = longest
        self._memory = memory
        self._running: subprocess.Popen[bytes] | None = None
        self._abandoned = False

    def read(self, job: Job, raw: bytes) -> ParsedMail:
        """Raises MailRefused or ReaderUnavailable."""
        self._abandoned = False
        for _ in range(2):
            process = self._started()
            with _Deadline(process, self._longest) as deadline:
                kind, body = _asked(process, job, raw)
            if kind:
                return _answer(kind, body)
            code = self._reaped()
            if deadline.passed or code == TIME_IS_UP:
                raise MailRefused(TOO_LONG)
            if self._abandoned:
                break
            # Killed from outside, or by this mail: a second process tells.
        raise MailRefused(f"ended the process that read it (exit {code})")

    def abandon(self) -> None:
        """From any thread: whoever reads just now gets no answer."""
        self._abandoned = True
        if (process := self._running) is not None:
            process.kill()

    def close(self) -> None:
        if self._running is not None:
            self._running.kill()
            self._reaped()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._running is not None and self._running.poll() is None:
            return self._running
        if self._running is not None:
            self._reaped()
        # Nothing of the agent's environment goes along: passwords are none of a parser's business.
        environment = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        environment["PYTHONPATH"] = str(Path(__file__).parents[1])
        command = [sys.executable, "-P", "-m", "mail_ingest.apart_process", str(self._seconds), str(self._memory)]
        try:
            process = subprocess.Popen(  # noqa: S603 - our own module
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
            )
        except OSError as fault:
            raise ReaderUnavailable(f"no process to read the mail in: {fault}") from fault
        self._running = process
        with _Deadline(process, _START):
            ready, _ = _received(process)
        if not ready:
            raise ReaderUnavailable(f"the process to read the mail in did not start (exit {self._reaped()})")
        return process

    def _reaped(self) -> int:
        """Away with what is left of the process; its exit code, negative for a signal."""
        process, self._running = self._running, None
        if process is None:
            return 0
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        try:
            return process.wait(_END)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()


class _Deadline:
    """Kills the process unless the block ends in time; `passed` says whether it did not."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self.passed = False
        self._process = process
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()

    def _end(self) -> None:
        self.passed = True
        self._process.kill()


def _asked(process: subprocess.Popen[bytes], job: Job, raw: bytes) -> tuple[bytes, bytes]:
    """The answer's kind and body; an empty kind where the process is gone."""
    try:
        if process.stdin is not None:
            write_frame(process.stdin, pickle.dumps(job))
            write_frame(process.stdin, raw)
    except OSError:
        return b"", b""
    return _received(process)


def _received(process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    try:
        frame = read_frame(process.stdout, _LARGEST_ANSWER) if process.stdout is not None else b""
    except OSError:
        frame = b""
    return frame[:1], frame[1:]


def _answer(kind: bytes, body: bytes) -> ParsedMail:
    if kind == REFUSED:
        raise MailRefused(body.decode("utf-8", "replace"))
    if kind == FAULT:
        raise MailRefused(f"could not be read: {body.decode('utf-8', 'replace')}")
    return unpickled(body)
