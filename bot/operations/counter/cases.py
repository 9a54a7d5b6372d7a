"""What managers decide, looked up by its number or by the button on a card: the facts, and what may be done now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.slack.managers.ports import CaseShown
from bot.desk.cases import Cases
from bot.desk.registration_brief import registration_brief
from bot.desk.showing import show
from bot.managers.acts import Deeds
from bot.managers.chosen import lacking
from bot.managers.named import meant
from bot.managers.words import numbers, said
from bot.operations.counter.forms import of_user
from bot.payouts import statement_facts
from bot.payouts.manager_briefs import ManagerBriefs
from bot.payouts.states import acts_about, worded
from bot.storage import briefs, disputes, mirror, statements
from bot.storage.briefs import SentBrief
from bot.storage.codec import storable
from bot.storage.database import Database
from bot.vocabulary.briefs import Act, Brief, BriefKind
from bot.vocabulary.layout import Listing, from_payload
from bot.vocabulary.results import NotDone
from crm.errors import CrmUnavailable
from crm.records import Partner, RegistrationState
from knowledge.commission.statement import Dispute, DisputeState, Statement, StatementState
from knowledge.program import Manager, Program

_OPEN = (RegistrationState.SUBMITTED, RegistrationState.NEEDS_INFO)
_OTHERS = {BriefKind.CONTACT: (Act.ACCEPT, Act.REJECT), BriefKind.ENTRY: (Act.RETRY,)}
_NOT_KNOWN = NotDone("nothing is known under this number", "write it as in the card, such as D-123456")
_GONE = NotDone("this button is not current any more", "open the form by the number: /partners decide D-123456")


@dataclass(frozen=True, slots=True)
class StoredCases:
    """Implements `bot.channels.slack.managers.ports.Cases`."""

    database: Database
    program: Program
    cases: Cases
    asks: ManagerBriefs
    deeds: Deeds
    now: Callable[[], datetime]

    async def named(self, words: str, by: str) -> CaseShown | NotDone:
        who = self.program.manager(by)
        number = next(iter(numbers(storable(words)[:500])), "")
        if who is None or not number:
            return _NOT_KNOWN
        if number.startswith("D"):
            return await self._registration(number, who)
        if number.startswith("L"):
            return NotDone(f"{number} is a lead", "nothing is decided about leads here; `partnerline leads` does")
        return await self._statement_named(storable(words), who)

    async def behind(self, button: str, by: str) -> CaseShown | NotDone:
        """`button` is the id of a brief, or of a button of this manager's own."""
        who = self.program.manager(by)
        if who is None:
            return _GONE
        async with self.database.reading() as connection:
            brief = await briefs.by_id(connection, button)
            own = None if brief else await of_user(connection, button, who.slack_user_id, self.now())
        if brief is not None:
            return await self._of_brief(brief, who)
        if own is None or not {"kind", "subject"} <= set(own.doc):
            return _GONE
        return await self._about(BriefKind(own.doc["kind"]), str(own.doc["subject"]), who) or _GONE

    def fault(self, kind: BriefKind, act: Act, words: str) -> str:
        return lacking(kind, act, storable(words), self.deeds)

    async def _of_brief(self, brief: SentBrief, who: Manager) -> CaseShown | NotDone:
        found = await self._about(brief.kind, brief.subject, who)
        if found is not None:
            return found
        rows = [block for block in from_payload(brief.payload.get("layout")) if isinstance(block, Listing)]
        facts = tuple((row.label, " ".join(row.values)) for listing in rows for row in listing.rows)
        title = str(brief.payload.get("subject") or brief.payload.get("text") or brief.named)
        acts = _OTHERS.get(brief.kind, ()) if brief.open else ()
        settled = f"It was settled by {brief.settled_by or 'somebody'}." if not brief.open else ""
        return CaseShown(brief.kind, brief.subject, brief.named, title, facts, acts=acts, standing=settled)

    async def _about(self, kind: BriefKind, subject: str, who: Manager) -> CaseShown | NotDone | None:
        """None for a kind that is known by its brief alone."""
        match kind:
            case BriefKind.REGISTRATION:
                return await self._registration(subject, who)
            case BriefKind.STATEMENT:
                async with self.database.reading() as connection:
                    return await self._statement(connection, subject)
            case BriefKind.DISPUTE:
                async with self.database.reading() as connection:
                    return await self._dispute(connection, subject, who)
        return None

    async def _registration(self, number: str, who: Manager) -> CaseShown | NotDone:
        try:
            found = await show(self.cases, number)
        except CrmUnavailable:
            return NotDone("the CRM does not answer just now", "it is asked before anything is decided; try again soon")
        if isinstance(found, NotDone):
            return found
        brief = registration_brief(found.case, found.verdict, who, found.accepted)
        record = found.case.registration
        if record.state in _OPEN:
            turn = () if found.turn.email == who.email else (("Next to decide", found.turn.name),)
            return _shown(replace(brief, facts=(*brief.facts, *turn)))
        by = f" by {record.decided_by}" if record.decided_by else ""
        state = record.state.value.replace("_", " ")
        return _without_acts(brief, f"{number} is {state}{by}. There is nothing to decide about it.")

    async def _statement_named(self, words: str, who: Manager) -> CaseShown | NotDone:
        """A dispute where it is called one, else the statement."""
        first, _, rest = words.partition(" ")
        about_dispute = first.casefold().rstrip(":") in ("dispute", "reklamation", "litige", "geschil", "disputa")
        order = said(f"uphold {rest}: -") if about_dispute else said(f"approve {words}")
        async with self.database.reading() as connection:
            found = await meant(connection, order, "")
            if isinstance(found, str):
                return NotDone(found)
            if found.kind is BriefKind.DISPUTE:
                return await self._dispute(connection, found.subject, who)
            return await self._statement(connection, found.subject)

    async def _statement(self, connection: AsyncConnection, statement_id: str) -> CaseShown | NotDone:
        statement = await statements.find(connection, statement_id)
        partner = await mirror.one(connection, Partner, statement.partner_id) if statement else None
        if statement is None or partner is None:
            return _NOT_KNOWN
        found = await statement_facts.facts_of(connection, statement, partner)
        waits = statement.state is StatementState.INVOICE_RECEIVED
        facts = statement_facts.approval(found) if waits else statement_facts.payment(found)
        return CaseShown(
            BriefKind.STATEMENT, statement.id, f"{statement.number} of {partner.name}",
            f"Statement {statement.number} of {partner.name}: {statement_facts.in_words(statement.total)}", facts,
            Act.APPROVE if waits and found.clear else None, _why(statement), acts_about(statement.state),
            f"It is {worded(statement.state)}. There is nothing to decide about it.",
        )  # fmt: skip

    async def _dispute(self, connection: AsyncConnection, dispute_id: str, who: Manager) -> CaseShown | NotDone:
        dispute = await disputes.find(connection, dispute_id)
        partner = await mirror.one(connection, Partner, dispute.partner_id) if dispute else None
        brief = await self.asks.about_dispute(connection, dispute, partner, who) if dispute and partner else None
        if dispute is None or brief is None:
            return _NOT_KNOWN
        return _shown(brief) if dispute.state is DisputeState.OPEN else _without_acts(brief, _ended(dispute))


def _shown(brief: Brief) -> CaseShown:
    return CaseShown(
        brief.kind, brief.subject, brief.named or brief.subject, brief.title, brief.facts, brief.suggestion, brief.why,
        brief.acts,
    )  # fmt: skip


def _without_acts(brief: Brief, standing: str) -> CaseShown:
    return CaseShown(
        brief.kind, brief.subject, brief.named or brief.subject, brief.title, brief.facts, standing=standing
    )


def _why(statement: Statement) -> str:
    return f"It is {worded(statement.state)}."


def _ended(dispute: Dispute) -> str:
    reason = f": {dispute.reason}" if dispute.reason else ""
    return f"It was {dispute.state.value}{reason}."
