"""Which statement, or which dispute, a manager means by a number that is unique within a partner only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.managers.orders import Meant
from bot.managers.verbs import Verb
from bot.managers.words import Said
from bot.storage import disputes, mirror, statements
from bot.vocabulary.briefs import BriefKind
from crm.records import Partner
from knowledge.commission.statement import Dispute, DisputeState, Statement

_ABOUT_LINES = (Verb.UPHOLD, Verb.CORRECT)
_MOST = 5  # partners that are named where it is asked which is meant


async def meant(connection: AsyncConnection, said: Said, partner_id: str) -> Meant | str:
    """What the order is about, or in a sentence why that is not plain. `partner_id` is that of the brief that is
    answered, "" for none; a partner that the manager names goes before it.
    """
    found = await statements.numbered(connection, said.number, "" if said.partner else partner_id)
    owners = {one.id: one for one in await mirror.some(connection, Partner, [s.partner_id for s in found])}
    fitting = _fitting(said.partner, found, owners)
    if not fitting:
        of = f" of a partner called {said.partner}" if said.partner else ""
        return f"there is no statement {said.number}{of}"
    if len(fitting) > 1:
        names = _told_apart([owners[s.partner_id] for s in fitting])
        return f"{said.number} is a number of {_some(names)}; {_how(said, names[0])}"
    statement, owner = fitting[0], owners[fitting[0].partner_id]
    if said.verb in _ABOUT_LINES:
        return await _dispute(connection, statement, owner)
    return Meant(BriefKind.STATEMENT, statement.id, called(statement, owner))


def called(statement: Statement, partner: Partner) -> str:
    """A statement as managers call it."""
    return f"{statement.number} of {partner.name}"


def called_dispute(dispute: Dispute, about: str, partner: Partner) -> str:
    """A dispute as managers call it; `about` is the customer or the deal of its line."""
    return f"the dispute of {partner.name} about {about} on {dispute.statement_number}"


async def _dispute(connection: AsyncConnection, statement: Statement, partner: Partner) -> Meant | str:
    of_partner = await disputes.of_partner(connection, partner.id)
    still = [d for d in of_partner if d.statement_id == statement.id and d.state is DisputeState.OPEN]
    if not still:
        return f"{partner.name} has no open dispute about {statement.number}"
    if len(still) > 1:
        several = f"{partner.name} has {len(still)} open disputes about {statement.number}"
        return f"{several}; answer the message about the one you mean, or use `partnerline disputes`"
    return Meant(BriefKind.DISPUTE, still[0].id, f"the dispute of {partner.name} on {statement.number}")


def _fitting(name: str, found: Sequence[Statement], owners: Mapping[str, Partner]) -> list[Statement]:
    """Those of partners that are called so; where one has exactly that name, a longer one is not meant."""
    known = [s for s in found if s.partner_id in owners]
    exact = [s for s in known if _plain(name) in (_plain(owners[s.partner_id].name), _plain(s.partner_id))]
    return exact if name and exact else [s for s in known if _is_called(owners[s.partner_id], name)]


def _told_apart(partners: Sequence[Partner]) -> list[str]:
    """Their names, and the ids of those that share one, in order."""
    shared = {name for name, times in Counter(_plain(p.name) for p in partners).items() if times > 1}
    return sorted(p.id if _plain(p.name) in shared else p.name for p in partners)


def _is_called(partner: Partner, said: str) -> bool:
    """By whole words of its name that stand together; nothing that says more than the name."""
    return not said or (bool(_plain(said)) and f" {_plain(said)} " in f" {_plain(partner.name)} ")


def _plain(name: str) -> str:
    return " ".join(re.findall(r"\w+", name.casefold()))


def _how(said: Said, name: str) -> str:
    verb = said.verb or Verb.APPROVE
    return f'name the partner: "{verb} {said.number} {name}"'


def _some(names: Sequence[str]) -> str:
    shown = names[:_MOST]
    more = f" and {len(names) - _MOST} more partners" if len(names) > _MOST else ""
    return f"{', '.join(shown)}{more}"
