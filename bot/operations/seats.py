"""The seats of the console: every partner's contacts, and the managers."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.console.views import ManagerSeat, PartnerSeat, Seats
from bot.operations.names import Names, read_names
from bot.storage import slack_channels
from crm.records import Contact, language_of
from knowledge.program import Manager, Program


async def seats(connection: AsyncConnection, program: Program, *, plays_slack: bool = True) -> Seats:
    """Where Slack is not played here, nobody writes in it from a seat."""
    names = await read_names(connection)
    channels = {c.partner_id: c.name for c in await slack_channels.every(connection)} if plays_slack else {}
    people = sorted(names.contacts.values(), key=lambda c: (names.partner(c.partner_id), not c.main, c.name))
    return Seats(
        partners=tuple(
            _partner_seat(c, names, channels) for c in people if c.active and c.partner_id in names.partners
        ),
        managers=tuple(_manager_seat(m) for m in program.managers),
    )


def _partner_seat(contact: Contact, names: Names, channels: dict[str, str]) -> PartnerSeat:
    partner = names.partners[contact.partner_id]
    return PartnerSeat(
        id=contact.id,
        name=contact.name,
        email=contact.email,
        partner_id=partner.id,
        partner_name=partner.name,
        tier=partner.tier,
        language=language_of(contact, partner),
        types=tuple(kind.value for kind in partner.types),
        slack_channel=channels.get(partner.id, "") if contact.slack_user_id else "",
    )


def _manager_seat(manager: Manager) -> ManagerSeat:
    return ManagerSeat(
        id=manager.email,
        name=manager.name,
        email=manager.email,
        regions=manager.regions,
        approves=manager.approves,
        approves_up_to=manager.approves_up_to,
        announces=manager.announces,
    )
