"""A message from anywhere, in one neutral shape, and what the agent knows of the thread it stands in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crm.records import Channel


class ThreadKind(StrEnum):
    """What the agent last said in the thread; values are the evaluation guide's `in_reply_to`."""

    ANNOUNCEMENT = "announcement"
    STATEMENT = "statement"
    QUESTION = "question"


class Question(StrEnum):
    """What the agent may wait for a yes or no to, beside the names of fields; it stands in `ThreadContext.asked`."""

    REGISTER = "confirmation"
    UPDATE = "update"
    EXTEND = "extension"
    WITHDRAW = "withdrawal"
    LEAD = "lead"
    CONTACT = "contact"


YES_OR_NO = frozenset(Question)


@dataclass(frozen=True, slots=True)
class ThreadContext:
    """What the agent knows of a thread.

    `asked` names the fields it asked for and is still waiting for; `subject_ref` is the number of the registration
    or statement the thread is about; `announcement_id` the announcement that opened it. `proposal` is what a yes to the
    question that is asked would do, as the intent that asked it wrote it (JSON, "" for nothing). `person_spoke` where
    one of the vendor's people wrote in it after the agent's last word: what follows may well be meant for him.
    """

    id: str | None = None
    kind: ThreadKind | None = None
    asked: tuple[str, ...] = ()
    subject_ref: str = ""
    announcement_id: str | None = None
    agent_took_part: bool = False
    proposal: str = ""
    person_spoke: bool = False

    @property
    def question(self) -> Question | None:
        """The yes-or-no question that is open in the thread."""
        return next((Question(name) for name in self.asked if name in YES_OR_NO), None)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message; the bytes of a mail's stay in the stored raw message.

    `kind` says what it was found to be where it may be kept (pdf, csv, xlsx …), `refused` why it may not be. Both are
    empty for what mail programs add by themselves, and where nobody looked yet: Slack's files are fetched, and get
    their `sha256`, once their sender is proven. `file_id` is by what the channel finds such a file ("" for a mail's).
    """

    name: str
    content_type: str
    size: int
    sha256: str
    kind: str = ""
    refused: str = ""
    file_id: str = ""

    @property
    def looked_at(self) -> bool:
        return bool(self.sha256 or self.refused)


SAY, JUDGE = "say:", "feedback:"
"""What the actions of buttons below an answer begin with: those that say something, and those that judge it."""


@dataclass(frozen=True, slots=True)
class Click:
    """A button pressed instead of words: its `action`, and the opaque `value` that we gave it. Both prove nothing.

    `form` are the fields (name, value) of a form that was filled in and sent with it.
    """

    action: str
    value: str
    form: tuple[tuple[str, str], ...] = ()

    @property
    def is_of_answer(self) -> bool:
        """Whether it stands below an answer to a partner, and is pressed by that partner's people."""
        return self.action.startswith((SAY, JUDGE))


class Side(StrEnum):
    """For whom somebody spoke in a thread."""

    PARTNER = "partner"
    VENDOR = "vendor"
    AGENT = "agent"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class SaidEarlier:
    """What stands in a thread before the message that called the agent; `by` is for whom its writer spoke, `ts` where
    it stands ("" where that is of no matter), `files` what was shared with it and is not fetched yet.
    """

    by: Side
    text: str
    ts: str = ""
    files: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Sender:
    """Who the message says it is from; nothing here is proven (see `Identity`).

    `address` is a lower-case mail address for mail and empty for Slack; Slack ids are Slack's own.
    `slack_home` is True where Slack itself said that this is one of the vendor's own people.
    `proof` names what proved the sender: "dmarc", "dkim", "spf", "arc", "local", "slack", "confirmed" (the owner of
    the address said that this one message is his), "released" (a manager said so), or "" for nothing.
    """

    address: str = ""
    name: str = ""
    slack_team: str = ""
    slack_user: str = ""
    slack_channel: str = ""
    proof: str = ""
    slack_home: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One incoming message after parsing and before anything is looked up.

    `text` is what the sender newly wrote, `cut_off` the rest (quoted history, signature, footer), `forwarded` the text
    of a forwarded mail the sender passed on. `subject` is empty when it is only a reply's subject. `automatic` names
    the sign of a machine, or is empty; `no_answer` the sign that an automatic answer would be wrong, which people's
    mail may carry too. `addressed` is False for a channel message that neither mentions nor answers
    the agent. `reply_to` holds what an answer needs: mail headers, or Slack channel and thread. `click` is the button
    where one was pressed. A manager's has no text; a partner's has the `text` that its button stands for, as if typed,
    and `wish` what that means (requests as JSON, "" where the text is read like any other).

    `named` are the people that a Slack message calls by their id, the agent left out.
    `earlier` is what the thread said before the agent was called into it, oldest first. `amends` is the `message_id` of
    the message that this one is the edited form of, "" for a new one; `deleted` where it was taken back.
    """

    inbox_id: str
    channel: Channel
    message_id: str
    received_at: datetime
    sender: Sender
    subject: str
    text: str
    cut_off: str = ""
    forwarded: str = ""
    automatic: str = ""
    no_answer: str = ""
    addressed: bool = True
    named: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    reply_to: ReplyAddress | None = None
    click: Click | None = None
    wish: str = ""
    earlier: tuple[SaidEarlier, ...] = ()
    amends: str = ""
    deleted: bool = False


def is_direct(slack_channel: str) -> bool:
    """Whether this is the id of direct messages (D…), or of the person (U…, W…) to whom they go."""
    return slack_channel.startswith(("D", "U", "W"))


@dataclass(frozen=True, slots=True)
class ReplyAddress:
    """Where an answer goes: `to`, `subject`, `in_reply_to`, `references`; or `slack_channel` and `slack_thread_ts`.

    `outsiders` is True when someone outside the partner would read the answer, so figures go to the asker alone.
    `slack_user` is the asker in Slack ("" elsewhere) and `slack_team` the only workspace beside ours that reads there.
    """

    to: str = ""
    subject: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    slack_channel: str = ""
    slack_thread_ts: str = ""
    outsiders: bool = False
    slack_user: str = ""
    slack_team: str = ""
