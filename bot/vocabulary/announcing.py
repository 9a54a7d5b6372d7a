"""An announcement as a manager composes it: texts by language, a call, files, a segment, a time and a route."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from bot.vocabulary.documents import Document
from bot.vocabulary.segment import LeftOut, Segment


class CallKind(StrEnum):
    """What is asked of whoever reads it: nothing, yes/no/maybe, one of several days to sign up for, or an answer in
    words.
    """

    NONE = "none"
    ANSWER = "answer"
    DATE = "date"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Call:
    """`dates` are the days to choose from, for DATE alone; `question` is what is asked, "" where the text says it."""

    kind: CallKind = CallKind.NONE
    dates: tuple[date, ...] = ()
    question: str = ""


@dataclass(frozen=True, slots=True)
class AnnouncementText:
    """The announcement in one language (ISO 639-1), its body in Markdown with personal fields like {first_name}.

    One that a model proposed is not `approved`, and reaches nobody, until a person says so. `by` is who wrote or
    approved it, a manager's address.
    """

    language: str
    subject: str
    body: str
    approved: bool = True
    by: str = ""


class Zone(StrEnum):
    """Whose clock a time is meant by: the vendor's, or that of each partner."""

    VENDOR = "vendor"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class Timing:
    """When it goes out. `at` has no time zone, it is what clocks show in `zone`; None is at once.

    With `keep_quiet` nobody is written to in quiet hours, at weekends and on holidays where the partner is: the copy
    waits for the next hour in which people work.
    """

    at: datetime | None = None
    zone: Zone = Zone.VENDOR
    keep_quiet: bool = True


class Route(StrEnum):
    """Where it is said: as each contact prefers, or the same way to all of them."""

    PREFERRED = "preferred"
    MAIL = "mail"
    SLACK = "slack"
    BOTH = "both"


_EVERYONE = Segment()
_NO_CALL = Call()
_NOW = Timing()


@dataclass(frozen=True, slots=True)
class Composed:
    """All that a manager decides on. `texts` has one for each language, at least one; whoever reads none of the
    approved ones gets that in `fallback` ("" is the first). `remind_after` is how many days later those who have not
    answered hear of it once more, None for never.
    """

    texts: tuple[AnnouncementText, ...]
    segment: Segment = _EVERYONE
    call: Call = _NO_CALL
    documents: tuple[Document, ...] = ()
    timing: Timing = _NOW
    route: Route = Route.PREFERRED
    fallback: str = ""
    remind_after: int | None = None

    @property
    def subject(self) -> str:
        """That of the fallback, by which managers know the announcement; without personal fields."""
        return nameless(self.text_for("").subject)

    @property
    def version(self) -> str:
        """The same for the same announcement, and another one after any change."""
        return hashlib.sha256(repr(self).encode("utf-8", "surrogatepass")).hexdigest()[:32]

    def call_in(self, language: str) -> Call:
        """What is asked below the text in a language: the question itself stands with the first text alone, which is in
        its language; the others ask in their own words.
        """
        return self.call if language == self.texts[0].language else replace(self.call, question="")

    def text_for(self, language: str) -> AnnouncementText:
        """What somebody of that language reads."""
        ready = [text for text in self.texts if text.approved] or list(self.texts)
        known = {text.language: text for text in reversed(ready)}
        return known.get(language) or known.get(self.fallback) or ready[0]


def nameless(subject: str) -> str:
    """A subject as it is spoken of: without the personal fields, which say something else to each reader."""
    said = without_fields(subject)
    if said == subject:
        return subject
    said = said.strip(_LOOSE) or said
    return said[:1].upper() + said[1:]


def without_fields(words: str) -> str:
    return _FIELD.sub("…", words)


_FIELD = re.compile(r"(?<!\\)\{[A-Za-z][A-Za-z0-9_ -]{0,40}\}")
_LOOSE = " ,;:…–—-"


class AnnouncementState(StrEnum):
    """draft -> scheduled -> sending <-> paused -> sent; cancelled from any but sent.

    Scheduled waits for its time; sending lasts until every copy has reached its end.
    """

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    SENT = "sent"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Announcement:
    """One as it is kept; moments are aware. `began_at` is when the first copies were planned, `ended_at` when all of
    them had gone or it was cancelled.
    """

    id: str
    composed: Composed
    state: AnnouncementState
    created_by: str
    created_at: datetime
    confirmed_by: str = ""
    send_at: datetime | None = None
    began_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def subject(self) -> str:
        return self.composed.subject


@dataclass(frozen=True, slots=True)
class Sample:
    """What one of the recipients will see. `slack` is the text of the post where he gets it in a channel."""

    reader: str
    partner: str
    language: str
    subject: str
    text: str = ""
    html: str = field(default="", repr=False)
    slack: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """Whom it reaches as things stand. `contacts` are people who get it, `channels` Slack channels it is posted in;
    `mails` how many mails that is. `first_at` and `last_at` are when the first and the last copy may go (aware).
    """

    partners: int
    contacts: int
    channels: int
    mails: int
    segment: str
    left_out: tuple[LeftOut, ...] = ()
    samples: tuple[Sample, ...] = ()
    first_at: datetime | None = None
    last_at: datetime | None = None
    languages: tuple[tuple[str, int], ...] = ()

    def left_out_by_reason(self) -> dict[str, int]:
        counted: dict[str, int] = {}
        for one in self.left_out:
            counted[one.why] = counted.get(one.why, 0) + 1
        return counted


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it has come, counted in copies: `total` mails and posts, of which `sent` arrived at the relay or in
    Slack, `failed` never will, `waiting` have not gone yet. `later` of those waiting have a time of their own ahead.
    `cancelled` are those that somebody stopped. The four together are the total. `people` is how many get it in so many
    `mails` and `posts`: somebody may read both, and many read one post.
    """

    state: AnnouncementState
    total: int
    sent: int
    failed: int
    waiting: int
    later: int = 0
    next_at: datetime | None = None
    cancelled: int = 0
    people: int = 0
    mails: int = 0
    posts: int = 0

    @property
    def reach(self) -> str:
        """The total as a preview counts it: `23 people: 23 mails, 4 posts`; "" where nobody is known."""
        copies = [(self.mails, "mail"), (self.posts, "post")]
        said = ", ".join(f"{count:,} {name}{'' if count == 1 else 's'}" for count, name in copies if count)
        return f"{self.people:,} {'person' if self.people == 1 else 'people'}: {said}" if self.people and said else ""


class Said(StrEnum):
    """What somebody answered beside yes, no, maybe or a day; a person may have said several of them."""

    LATER = "later"
    QUESTION = "question"
    WRONG_PERSON = "wrong_person"
    LEFT = "left"
    AWAY = "away"
    UNSUBSCRIBED = "unsubscribed"
    OTHER = "other"
