"""One process of the agent, as a test starts and kills it: `accept` has the edges, `work` the worker and the clock."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys

from bot import event_loop
from bot.bootstrap import application
from bot.serve import running, working
from bot.worker.pace import Pace
from config.loading import load_settings

PACE = Pace(beat=1.0, stalled=5.0, pruned=30.0, polling=0.5, pause=0.5)
EVERY = {"rescue": 1.0, "announce": 1.0, "due": 2.0, "nudge": 1.0, "seal": 5.0, "refresh": 60.0}


async def main(role: str) -> None:
    async with application(load_settings(), PACE) as app:
        around = running(app, with_worker=False) if role == "accept" else working(app, EVERY)
        async with around:
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            await asyncio.Event().wait()


def started(role: str) -> None:
    """Runs until it is killed; called without a search for garbage under way, as the command starts."""
    gc.freeze()
    gc.enable()
    logging.basicConfig(level=logging.WARNING)
    event_loop.run(main(role))
