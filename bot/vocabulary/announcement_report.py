"""What became of an announcement, counted: who was reached, who answered what, and which deals came around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.vocabulary.announcing import CallKind


@dataclass(frozen=True, slots=True)
class Copies:
    """Mails, or posts in Slack. `came_back` were handed over and bounced; `failed` never left, or may not have."""

    total: int = 0
    delivered: int = 0
    came_back: int = 0
    failed: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Slice:
    """The recipients that have `label` in common, "" where nothing is known of them. `chosen` took one of the days,
    `in_words` answered a question that asks for words.
    """

    label: str
    recipients: int
    answered: int
    yes: int = 0
    no: int = 0
    maybe: int = 0
    chosen: int = 0
    in_words: int = 0

    @property
    def share(self) -> float:
        """Of the recipients, how many answered: 0 to 1."""
        return self.answered / self.recipients if self.recipients else 0.0


@dataclass(frozen=True, slots=True)
class Registered:
    """Deals that partners registered who were reached, in as much time before the announcement as after it.

    They came at that time; that they came because of it is not said.
    """

    span: timedelta
    before: int = 0
    after: int = 0
    partners_before: int = 0
    partners_after: int = 0


@dataclass(frozen=True, slots=True)
class AnnouncementReport:
    """As things stood at `taken_at`; moments are aware. `days` is how long it is followed, `registered.span` how much
    of that is over.

    `people` are all recipients as one slice, `others` those who answered and were no recipients; neither these nor
    their answers are in a slice, but `answers` has them. `answers` are yes, no, maybe, ISO days and `in_words`; `said`
    what was said beside, where one person may have said several things. `median` is the time to the answer.
    """

    id: str
    subject: str
    by: str
    call: CallKind
    began_at: datetime
    taken_at: datetime
    days: int
    partners: int
    people: Slice
    mails: Copies
    posts: Copies
    answers: tuple[tuple[str, int], ...]
    said: tuple[tuple[str, int], ...]
    by_tier: tuple[Slice, ...]
    by_region: tuple[Slice, ...]
    by_language: tuple[Slice, ...]
    by_channel: tuple[Slice, ...]
    others: int
    opted_out: int
    reminded: int
    after_reminder: int
    median: timedelta | None
    registered: Registered

    @property
    def is_over(self) -> bool:
        """Whether all the days have passed."""
        return self.registered.span >= timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class SignUp:
    """Somebody's answer: yes, no, maybe, or an ISO day. `name` and `email` are "" for who is known to Slack alone or
    was forgotten; `answered_in` is mail, Slack or "", `answered_at` aware.
    """

    answer: str
    name: str
    email: str
    partner: str
    tier: str
    answered_in: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class SignUps:
    """The list of one announcement. `days` are those that could be chosen; `silent` recipients have not answered."""

    id: str
    subject: str
    days: tuple[date, ...]
    people: tuple[SignUp, ...]
    silent: int

    def on(self, answer: str) -> tuple[SignUp, ...]:
        """Who answered just that."""
        return tuple(one for one in self.people if one.answer == answer)
