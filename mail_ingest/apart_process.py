"""The process that reads mails apart (see `mail_ingest.apart`): one job after the other from its standard input.

A frame is eight bytes of length and a body. A job is two: how to read, pickled by us, and the mail as it came. An
answer is one byte of kind and what belongs to it: a pickled mail, or text. It ends when its input ends, so it never
outlives the agent.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from mail_ingest.errors import MailRefused
from mail_ingest.limits import Limits
from mail_ingest.parse import parse

READY, READ, REFUSED, FAULT = b"+", b"=", b"-", b"!"
TIME_IS_UP = -27  # exit code by SIGPROF: the processor time for one mail is used up
_LARGEST = 1 << 40


@dataclass(frozen=True, slots=True)
class Job:
    limits: Limits
    envelope_sender: str | None
    own_addresses: frozenset[str]


def write_frame(stream: IO[bytes], body: bytes) -> None:
    stream.write(len(body).to_bytes(8, "big"))
    stream.write(body)
    stream.flush()


def read_frame(stream: IO[bytes], most: int = _LARGEST) -> bytes:
    """The next body; empty at the end of the stream, within a frame too, and where the body is longer than `most`."""
    length = int.from_bytes(stream.read(8), "big")
    body = stream.read(length) if length <= most else b""
    return body if len(body) == length else b""


def main(seconds: float, memory: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the agent ends this process when it has stopped itself
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # Whatever a library prints would spoil an answer.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    parse(b"From: a@b.example\r\nSubject: =?utf-8?q?warm?=\r\nContent-Type: text/html\r\n\r\n<p>up")
    _limit_memory(memory)
    write_frame(answers, READY)
    while body := read_frame(sys.stdin.buffer):
        job = pickle.loads(body)  # noqa: S301 - written by the agent
        write_frame(answers, _answer(job, sys.stdin.buffer, seconds))


def _answer(job: Job, jobs: IO[bytes], seconds: float) -> bytes:
    try:
        raw = read_frame(jobs)
        _limit_time(seconds)
        mail = parse(raw, job.limits, envelope_sender=job.envelope_sender, own_addresses=job.own_addresses)
        return READ + pickle.dumps(mail)
    except MailRefused as fault:
        return REFUSED + fault.reason.encode("utf-8", "replace")
    except MemoryError:
        return REFUSED + b"needs too much memory to read"
    except Exception as fault:  # noqa: BLE001 - the agent is told, and the next mail is read
        return FAULT + f"{type(fault).__name__}: {fault}"[:500].encode("utf-8", "replace")


if sys.platform == "win32":

    def _limit_memory(memory: int) -> None:
        """Not to be had here; the limits on what is read stay."""

    def _limit_time(seconds: float) -> None:
        """Not to be had here; the agent's own deadline stays."""

else:
    import resource

    def _limit_memory(memory: int) -> None:
        """What the process may address: `memory` bytes more than it does now."""
        try:
            now = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
            _, hard = resource.getrlimit(resource.RLIMIT_AS)
            most = now + memory
            if hard == resource.RLIM_INFINITY or most < hard:
                resource.setrlimit(resource.RLIMIT_AS, (most, most))
        except (ValueError, OSError):
            return  # macOS has no /proc and refuses the limit; the limits on what is read stay

    def _limit_time(seconds: float) -> None:
        """Beyond this processor time the system ends the process, wherever in a library it may be."""
        signal.setitimer(signal.ITIMER_PROF, seconds)


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
