"""Looks for every finer wish in a reading, and puts what it finds in the place of what the words were taken for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.readers.finer.announced import ANNOUNCED
from bot.readers.finer.answers import ANSWERS
from bot.readers.finer.choice import CHOICE
from bot.readers.finer.days import DAY
from bot.readers.finer.extend import EXTEND
from bot.readers.finer.joined import JOINED
from bot.readers.finer.left import LEFT
from bot.readers.finer.lost import LOST
from bot.readers.finer.own_deals import OWN_DEALS
from bot.readers.finer.plain_answer import PLAIN_ANSWER
from bot.readers.finer.preferences import PREFERENCES
from bot.readers.finer.repeat import REPEAT
from bot.readers.finer.scene import IDLE, Hit, Scene, Wish
from bot.readers.finer.tier_history import TIER_HISTORY
from bot.readers.finer.why_tier import WHY_TIER
from bot.readers.finer.withdraw import WITHDRAW
from bot.readers.finer.won import WON
from bot.vocabulary.message import Question
from bot.vocabulary.requests import Finer, Intent, Reading, Request
from crm.records import Channel

WISHES: tuple[Wish, ...] = (
    EXTEND, WITHDRAW, REPEAT, CHOICE, PREFERENCES, LEFT, JOINED, LOST, WON, TIER_HISTORY, WHY_TIER, OWN_DEALS,
    ANNOUNCED, DAY, PLAIN_ANSWER, ANSWERS,
)  # fmt: skip
"""In the order in which they are looked for; what one has taken, a later one leaves alone."""

_SAME_AS_YES = {
    Question.EXTEND: Finer.EXTEND,
    Question.WITHDRAW: Finer.WITHDRAW,
}
"""Where the question put this very wish forward, the wish is the yes."""
_OF_WRITING = frozenset({Finer.PREFER_ROUTE, Finer.PREFER_LANGUAGE, Finer.DIGEST, Finer.REJOIN})
"""What is wished of how one is written to, and is no question about what was written."""


def applied(scene: Scene) -> Reading:
    """The reading with the finer wishes; the very same where there is none."""
    hits = _found(scene)
    if not hits:
        return scene.reading
    finer = [hit.request for hit in hits]
    idle = IDLE if any(r.intent not in IDLE or r.finer for r in finer) else frozenset()
    requests = [r for r in _in_place(scene.reading.requests, hits) if r.finer or r.said or r.intent not in idle]
    requests.sort(key=lambda r: r.span)
    return replace(scene.reading, requests=tuple(requests), answer_expected=_is_answered(scene, finer))


def _in_place(requests: Iterable[Request], hits: Iterable[Hit]) -> list[Request]:
    """Each wish where the first request stood that it replaces; behind them all where it replaces none."""
    rest = list(hits)
    gone = {id(request) for hit in rest for request in hit.instead_of}
    made: list[Request] = []
    for request in requests:
        here = [hit for hit in rest if any(r is request for r in hit.instead_of)]
        made += [hit.request for hit in here]
        rest = [hit for hit in rest if hit not in here]
        if id(request) not in gone:
            made.append(request)
    return [*made, *(hit.request for hit in rest)]


def _found(scene: Scene) -> list[Hit]:
    hits: list[Hit] = []
    taken: set[int] = set()
    for wish in WISHES:
        if wish.stems and wish.stems.isdisjoint(scene.stems):
            continue
        for hit in wish.find(scene):
            # A reason belongs to a loss that still stands.
            gone = hit.finer is None and all(id(request) in taken for request in hit.instead_of)
            if not gone and not _is_said_twice(scene, hit, hits):
                hits.append(replace(hit, instead_of=tuple(r for r in hit.instead_of if id(r) not in taken)))
                taken |= {id(request) for request in hit.instead_of}
    return hits


def _is_said_twice(scene: Scene, hit: Hit, hits: Iterable[Hit]) -> bool:
    """Whether an earlier wish rests on the same words: a yes is in "yes, extend it" what "extend" says."""
    for other in hits:
        if (
            scene.question in _SAME_AS_YES
            and hit.finer is Finer.CONFIRM
            and other.finer is _SAME_AS_YES[scene.question]
        ):
            return True
        same = hit.request.span == other.request.span and hit.request.span[1] > 0
        if same and hit.finer is Finer.ABOUT_ANNOUNCEMENT and other.finer in _OF_WRITING:
            return True
        if (
            same
            and hit.finer not in (Finer.CONFIRM, Finer.DENY)
            and {hit.finer, other.finer} != {Finer.PERSON_LEFT, Finer.PERSON_JOINED}
        ):
            return hit.finer is not None and hit.request.fields == other.request.fields
    return False


def _is_answered(scene: Scene, finer: Iterable[Request]) -> bool:
    """A wish is answered; one for a person to see to only where the agent was spoken to."""
    readable = scene.readable
    spoken_to = readable.channel is not Channel.SLACK or readable.addressed
    return scene.reading.answer_expected or any(
        r.intent not in (Intent.OTHER, Intent.THANKS) or spoken_to for r in finer
    )
