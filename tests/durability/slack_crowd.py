"""A Slack that delivers until it is acknowledged: over HTTP and sockets, out of order, and more than once."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
from typing import Any

import aiohttp

from bot.channels.slack.edge.signing import sign
from tests.fakes.slack.delivering import Kind
from tests.fakes.slack.hands import Hands
from tests.fakes.slack.sockets import Sockets
from tests.fakes.slack.world import BOT_USER

_PAUSE = 0.2  # seconds before what was not acknowledged is delivered again
_NEIGHBOURS = 60  # deliveries that may overtake each other


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event of the act `key`; several events may tell of the same."""

    key: str
    payload: dict[str, Any]


def acts(hands: Hands, people: list[tuple[str, str]], count: int, random: Random) -> dict[str, list[Delivery]]:
    """`count` messages and edits by their dedupe key, each with the events that Slack makes of it: a mention is two,
    one in ten comes under several event ids.
    """
    found: dict[str, list[Delivery]] = {}
    while len(found) < count:
        user, channel = people[len(found) % len(people)]
        post = hands.write(user, channel, f"<@{BOT_USER}> How long is a deal protected? Number {len(found)}.")
        key = f"slack:{hands.slack.home}/{channel}/{post['ts']}"
        again = random.randint(2, 11) if random.random() < 0.1 else 1
        payloads = [hands.payloads.message(channel, post) for _ in range(again)]
        if random.random() < 0.3:
            payloads.append(hands.payloads.mention(channel, post))
        found[key] = [Delivery(key, payload) for payload in payloads]
    return found


def out_of_order(deliveries: Iterable[Delivery], random: Random) -> list[Delivery]:
    """Each near its place, and many before what was there first."""
    placed = enumerate(deliveries)
    return [one for _, one in sorted(placed, key=lambda place: place[0] + random.uniform(0, _NEIGHBOURS))]


class SlackCrowd:
    """`attempts` counts deliveries by their outcome: 200, another status, and 0 where none was heard.

    Of each `deaf_to`-th delivery the first acknowledgement is never heard, so that it comes again.
    """

    def __init__(self, url: str, secret: str, sockets: Sockets, deliveries: list[Delivery], *, deaf_to: int) -> None:
        self.attempts: Counter[int] = Counter()
        self._url = url
        self._secret = secret
        self._sockets = sockets
        self._waiting = deque(enumerate(deliveries))
        self._deaf_to = deaf_to
        self._left = len(deliveries)
        self._taken = 0
        self._milestones: dict[int, asyncio.Event] = defaultdict(asyncio.Event)

    async def deliver(self, at_once: int) -> None:
        """Until all are acknowledged: half over HTTP, half over sockets, and over the other one when it fails."""
        limit = aiohttp.ClientTimeout(total=3.0)
        async with aiohttp.ClientSession(timeout=limit) as session:
            await asyncio.gather(*(self._some(session) for _ in range(at_once)))

    async def has_delivered(self, count: int) -> None:
        await self._milestones[count].wait()

    async def _some(self, session: aiohttp.ClientSession) -> None:
        while self._waiting:
            number, delivery = self._waiting.popleft()
            await self._until_heard(session, number, delivery)
            self._taken += 1
            self._milestones[self._taken].set()

    async def _until_heard(self, session: aiohttp.ClientSession, number: int, delivery: Delivery) -> None:
        deaf = number % self._deaf_to == 0
        for attempt in range(1_000):
            if (number + attempt) % 2 == 0:
                status = await self._over_http(session, delivery, attempt)
            else:
                status = await self._over_a_socket(number, delivery, attempt)
            self.attempts[0 if deaf and attempt == 0 else status] += 1
            if status == 200 and not (deaf and attempt == 0):
                return
            await asyncio.sleep(_PAUSE)
        raise TimeoutError(delivery.key)

    async def _over_http(self, session: aiohttp.ClientSession, delivery: Delivery, attempt: int) -> int:
        body = json.dumps(delivery.payload).encode()
        retry = {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": "http_timeout"} if attempt else {}
        headers = {"Content-Type": "application/json", **sign(body, self._secret, int(time.time())), **retry}
        try:
            async with session.post(self._url, data=body, headers=headers) as answer:
                return answer.status
        except (aiohttp.ClientError, TimeoutError):
            return 0

    async def _over_a_socket(self, number: int, delivery: Delivery, attempt: int) -> int:
        return (await self._sockets.send(f"envelope-{number}", delivery.payload, Kind.EVENT, attempt)).status
