"""How engaged a partner is: a score from 0 to 100, made of parts that are shown with their figures. Pure.

Each part counts up to a full figure and no further. What nobody can know of a partner, such as its answers where no
announcement reached it, has no points and no weight: the score is what was reached of all that could be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

ANSWERS_OF = timedelta(days=90)
MESSAGES_OF = timedelta(days=90)
REGISTRATIONS_OF = timedelta(days=180)
WON_OF = timedelta(days=365)
"""How far back each figure looks."""

_JUST_NOW, _LONG_AGO = 7, 90  # days since a partner was heard: all points up to the first, none from the second on
_FULL_MESSAGES, _FULL_REGISTRATIONS, _FULL_WON = 12, 4, 3


@dataclass(frozen=True, slots=True)
class Activity:
    """What is known of a partner on a day. `reached` and `answered` are contacts' copies of announcements; `messages`
    its own to us; `last_days` how many days ago it was heard last, None for never. `ever` counts registrations and won
    deals of all times; `certified_needed` is what the highest tier takes, 0 where no tier takes any.
    """

    reached: int = 0
    answered: int = 0
    messages: int = 0
    registrations: int = 0
    won: int = 0
    certified: int = 0
    certified_needed: int = 0
    last_days: int | None = None
    ever: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """`points` of `weight`, None where nothing can be known; `figure` says what they are for."""

    name: str
    figure: str
    points: float | None
    weight: int

    @property
    def in_words(self) -> str:
        """Such as "4 of 12 in 90 days, 8.3 of 25 points"."""
        return f"{self.figure}, {'no data' if self.points is None else f'{self.points:g} of {self.weight} points'}"


@dataclass(frozen=True, slots=True)
class Score:
    """`value` is None where nothing at all is known of the partner."""

    value: int | None
    parts: tuple[Part, ...]

    @property
    def in_words(self) -> str:
        return "no data yet" if self.value is None else f"{self.value} of 100"


WEIGHTS: Mapping[str, int] = {
    "answers": 25, "messages": 15, "registrations": 20, "won deals": 20, "certified people": 10, "recency": 10,
}  # fmt: skip
"""What each part counts; together 100."""


def score(known: Activity) -> Score:
    parts = tuple(_parts(known))
    if not (known.reached or known.messages or known.ever or known.certified or known.last_days is not None):
        return Score(None, tuple(Part(part.name, part.figure, None, part.weight) for part in parts))
    counted = [(part.points, part.weight) for part in parts if part.points is not None]
    reached = sum(points for points, _ in counted) / sum(weight for _, weight in counted)
    return Score(round(100 * reached), parts)


def _parts(known: Activity) -> Iterator[Part]:
    share = known.answered / known.reached if known.reached else None
    answers = f"{known.answered} of {known.reached} in 90 days" if known.reached else "no announcement in 90 days"
    yield _part("answers", answers, share)
    yield _part("messages", f"{known.messages} in 90 days", known.messages / _FULL_MESSAGES)
    yield _part("registrations", f"{known.registrations} in 180 days", known.registrations / _FULL_REGISTRATIONS)
    yield _part("won deals", f"{known.won} in 365 days", known.won / _FULL_WON)
    needed = known.certified_needed
    people = f"{known.certified} of {needed} for the highest tier" if needed else "no tier takes any"
    yield _part("certified people", people, known.certified / needed if needed else None)
    yield _part("recency", _heard(known.last_days), _recency(known.last_days))


def _part(name: str, figure: str, share: float | None) -> Part:
    weight = WEIGHTS[name]
    return Part(name, figure, None if share is None else round(weight * min(max(share, 0.0), 1.0), 1), weight)


def _heard(days: int | None) -> str:
    if days is None:
        return "never heard"
    return "heard today" if days <= 0 else f"heard {days} {'day' if days == 1 else 'days'} ago"


def _recency(days: int | None) -> float:
    if days is None:
        return 0.0
    return (_LONG_AGO - max(days, _JUST_NOW)) / (_LONG_AGO - _JUST_NOW)
