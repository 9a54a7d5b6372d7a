"""What HubSpot is told of a registration or a lead that is kept here: a note on the partner's company."""

from __future__ import annotations

from datetime import datetime

from crm.records import Channel, Direction, Interaction, Lead, Registration


def request_note(record: Registration | Lead, now: datetime) -> Interaction:
    """One for each state of it."""
    what = "Registration" if isinstance(record, Registration) else "Lead"
    said = [
        f"{what} {record.number}: {record.state.value.replace('_', ' ')}",
        f"Customer: {record.customer or record.customer_domain or 'not named yet'}",
        f"Products: {', '.join(record.products)}" if record.products else "",
        f"Amount: {record.amount} {record.currency}" if record.amount is not None else "",
        f"Told to the partner: {record.reason}" if record.reason else "",
    ]
    return Interaction(
        key=f"{what.lower()}:{record.number}:{record.state.value}",
        partner_id=record.partner_id or None,
        contact_id=record.contact_id,
        deal_numbers=(record.number,),
        channel=Channel.CONSOLE,
        direction=Direction.OUT,
        at=now,
        summary=said[0],
        message_id="",
        outcome=record.state.value,
        body="\n".join(filter(None, said)),
    )
