"""What a manager is asked or told, in Slack and by mail, and what may be done about it there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from knowledge.program import Manager


class BriefKind(StrEnum):
    """What a brief is about, which is also what kind of thing its subject is."""

    REGISTRATION = "registration"
    CONTACT = "contact"
    LEAD = "lead"
    NOTICE = "notice"
    STATEMENT = "statement"
    DISPUTE = "dispute"
    ENTRY = "entry"


class Act(StrEnum):
    """What a manager may do about it with one tap or one word.

    What stops something or asks takes words behind the verb, a payment its reference, a correction the right sum and a
    reason.
    """

    APPROVE = "approve"
    REFUSE = "refuse"
    ASK = "ask"
    ACCEPT = "accept"
    REJECT = "reject"
    DECLINE = "decline"
    POSTPONE = "postpone"
    BLOCK = "block"
    RELEASE = "release"
    PAY = "pay"
    CORRECT = "correct"
    UPHOLD = "uphold"
    RETRY = "retry"


@dataclass(frozen=True, slots=True)
class Brief:
    """One thing put before one manager.

    `key` makes it repeatable: the same key is sent once. `subject` is the number of a registration or lead, or the id
    of a held message, statement, dispute or refused entry; `named` is what people call such an id ("S-2026-10 of
    Quaywise"). `title` is one line; `facts` are (label, value) lines; `suggestion` an act with `why` in a sentence. All
    of it is English, and none of it goes to a partner. Briefs to several managers that are `shared` under one name are
    one card in a channel of managers, the first of them.
    """

    key: str
    kind: BriefKind
    subject: str
    manager: Manager
    title: str
    facts: tuple[tuple[str, str], ...] = ()
    suggestion: Act | None = None
    why: str = ""
    acts: tuple[Act, ...] = ()
    partner_id: str | None = None
    shared: str = ""
    named: str = ""
