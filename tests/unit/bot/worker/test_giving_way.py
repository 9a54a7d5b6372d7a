"""Mail to many gives way while messages wait to be read or handled; what answers somebody never does."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from bot.ports import Parcel, Sent
from bot.storage.crowd import Crowd
from bot.storage.outbox import BULK, REPLY, Destination, Due
from bot.worker.ahead import Ahead
from bot.worker.attempts import Settled


@dataclass
class Queue:
    """As many wait as it is told; `looks` counts how often it was asked."""

    waiting: int = 0
    looks: int = 0

    async def count(self) -> int:
        self.looks += 1
        return self.waiting


@dataclass
class Watch:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Far:
    """Implements `bot.ports.AheadOutlet`: `order` is what was sent, and "pause" where bulk gave way."""

    order: list[str] = field(default_factory=list)
    ahead: int = 2
    pace: float = 0.0

    async def prepare(self, parcel: Parcel) -> FarMail:
        return FarMail(self, parcel)

    async def send(self, parcel: Parcel) -> Sent:
        return await FarMail(self, parcel).send()

    async def rest(self) -> None:
        """Nothing to put away."""

    async def pause(self) -> float:
        self.order.append("pause")
        return 0.001


@dataclass
class FarMail:
    far: Far
    parcel: Parcel

    async def send(self) -> Sent:
        self.far.order.append(self.parcel.id)
        return Sent()

    def drop(self) -> None:
        """Nothing was sent."""


@dataclass
class Rows:
    """`looks` are what each look finds; after the last nothing is there."""

    looks: deque[list[Due]]

    async def look(self) -> list[Due]:
        return self.looks.popleft() if self.looks else []

    async def note(self, done: Sequence[Settled], following: Due | None) -> bool:
        return True


def row(name: str, priority: int) -> Due:
    at = datetime(2026, 11, 27, tzinfo=UTC)
    return Due(name, name, Destination.MAIL, "reply", {}, None, None, None, name, 0, 0, None, at, priority)


@pytest.mark.parametrize(("waiting", "pause"), [(0, 0.0), (3, 0.0), (8, 0.05), (13, 0.1), (5_000, 0.1)])
async def test_the_more_wait_the_longer_bulk_pauses_and_never_for_good(waiting: int, pause: float) -> None:
    assert await Crowd(Queue(waiting).count).pause() == pytest.approx(pause)


async def test_the_queue_is_looked_at_once_a_second_however_much_is_sent() -> None:
    queue, watch = Queue(13), Watch()
    crowd = Crowd(queue.count, watch)
    for _ in range(150):
        assert await crowd.pause() == pytest.approx(0.1)
    assert queue.looks == 1
    queue.waiting, watch.now = 0, 1.0
    assert (await crowd.pause(), await crowd.is_there()) == (0.0, False)
    assert queue.looks == 2


async def test_each_mail_to_many_gives_way_and_one_that_answers_does_not_wait() -> None:
    far = Far()
    rows = Rows(deque([[row("answer", REPLY), row("copy 1", BULK), row("copy 2", BULK)]]))
    await Ahead(far, rows.look, rows.note, pause=far.pause).run()
    assert far.order == ["answer", "pause", "copy 1", "pause", "copy 2"]


async def test_an_answer_that_comes_meanwhile_has_nothing_before_it_but_what_was_prepared() -> None:
    far = Far()
    copies = [row(f"copy {n}", BULK) for n in range(5)]
    rows = Rows(deque([copies, [row("answer", REPLY), *copies[1:]]]))
    await Ahead(far, rows.look, rows.note, every=0.0005, pause=far.pause).run()
    sent = [name for name in far.order if name != "pause"]
    assert sent.index("answer") <= 1 + far.ahead
    between = far.order[far.order.index("copy 0") : far.order.index("answer")]
    assert "pause" not in between
