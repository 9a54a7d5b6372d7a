"""One process of the agent, as a test starts and kills it: `accept` has the edges, `work` the worker and the clock."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import sys
from collections.abc import Mapping
from multiprocessing.connection import Connection

from bot import event_loop
from bot.bootstrap import application
from bot.serve import running, working
from bot.worker.pace import Pace
from config.loading import load_settings

PACE = Pace(beat=1.0, stalled=5.0, pruned=30.0, polling=0.5, pause=0.5)
EVERY = {"rescue": 1.0, "announce": 1.0, "due": 2.0, "nudge": 1.0, "seal": 5.0, "refresh": 60.0}


async def main(role: str, ready: Connection) -> None:
    async with application(load_settings(), PACE) as app:
        around = running(app, with_worker=False) if role == "accept" else working(app, EVERY)
        async with around:
            ready.send(role)
            await asyncio.Event().wait()


def started(role: str, environment: Mapping[str, str], log: str, ready: Connection) -> None:
    """Runs until it is killed, in a process forked off one that has imported all of the agent; says `ready` once it
    is at work, and writes to `log` what else there is to say.
    """
    gc.freeze()  # what is imported stays: no search for garbage need look through it
    os.environ.clear()
    os.environ.update(environment)
    with open(log, "ab") as there:
        os.dup2(there.fileno(), sys.stderr.fileno())
    logging.basicConfig(level=logging.WARNING)
    event_loop.run(main(role, ready))
