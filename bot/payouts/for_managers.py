"""What managers are asked about statements and disputes, as the desks and timers of payouts need it done."""

from __future__ import annotations

from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from crm.records import Partner
from knowledge.commission.statement import Dispute, Statement


class AsksManagers(Protocol):
    """Puts each matter before a manager once, in the caller's transaction."""

    async def approval_wanted(self, connection: AsyncConnection, statement: Statement, partner: Partner) -> None:
        """The partner's invoice has come and fits."""
        ...

    async def payment_due(
        self, connection: AsyncConnection, statement: Statement, partner: Partner, *, overdue: bool
    ) -> None:
        """An approved statement is to be paid in a few days, or should have been by now."""
        ...

    async def dispute_opened(self, connection: AsyncConnection, dispute: Dispute, partner: Partner) -> None:
        """A partner does not agree with a line."""
        ...
