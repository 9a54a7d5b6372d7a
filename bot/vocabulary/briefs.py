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


class Act(StrEnum):
    """What a manager may do about it with one tap or one word. A refusal and a question take words behind the verb."""

    APPROVE = "approve"
    REFUSE = "refuse"
    ASK = "ask"
    ACCEPT = "accept"
    REJECT = "reject"
    PAY = "pay"
    CORRECT = "correct"
    UPHOLD = "uphold"


@dataclass(frozen=True, slots=True)
class Brief:
    """One thing put before one manager.

    `key` makes it repeatable: the same key is sent once. `subject` is the number of a registration or lead, or the id
    of a held message. `title` is one line; `facts` are (label, value) lines; `suggestion` an act with `why` in a
    sentence. All of it is English, and none of it goes to a partner. Briefs to several managers that are `shared` under
    one name are one card in a channel of managers, the first of them.
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
