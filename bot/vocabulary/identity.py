"""Who wrote, and how well that is proven."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from crm.records import Contact, Partner
from knowledge.program import Manager


class Trust(StrEnum):
    """proven: aligned mail authentication, or a mapped Slack team in a mapped channel; claimed: a known address."""

    PROVEN = "proven"
    CLAIMED = "claimed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Identity:
    """The outcome of *identify*. `reason` says in words why trust is not proven. A `manager` beside a `partner` asks in
    that partner's channel: he is told what the partner may know, and changes nothing.

    `paused` says why nothing is said or done in the channel of `partner`, whoever writes there; "" elsewhere.
    `mentions_only` where nothing but what is said to the agent itself is answered in its channel.
    """

    trust: Trust
    partner: Partner | None = None
    contact: Contact | None = None
    manager: Manager | None = None
    reason: str = ""
    paused: str = ""
    mentions_only: bool = False

    @property
    def may_be_told(self) -> bool:
        """Whether this sender may see its partner's data and change anything."""
        return self.trust is Trust.PROVEN and self.partner is not None

    @property
    def may_confirm(self) -> bool:
        """Whether the owner of the claimed address can be asked: a contact on file, whom nothing proves."""
        return self.trust is Trust.CLAIMED and self.partner is not None and self.contact is not None

    @property
    def proven_partner_id(self) -> str | None:
        """The partner whose records this sender may touch; a claim touches nobody's."""
        return self.partner.id if self.partner is not None and self.trust is Trust.PROVEN else None
