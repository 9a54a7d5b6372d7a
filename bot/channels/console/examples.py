"""Three things to try in the demo profile: who writes what, ready to be sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bot.channels.console.views import ManagerSeat, PartnerSeat, Seats
from bot.channels.console.words import segment


@dataclass(frozen=True, slots=True)
class Example:
    """A text to start from; the seat's page fills it in when its `key` is in the link."""

    key: str
    channel: Literal["mail", "slack"]
    subject: str
    text: Callable[[date], str]


@dataclass(frozen=True, slots=True)
class Suggestion:
    title: str
    teaser: str
    link: str
    action: str


def _registration(today: date) -> str:
    close = today + timedelta(days=66)
    return (
        "Hi,\n\nwe would like to register a deal: Northwind Bakeries (northwind-bakeries.example), "
        "contact Ida Holm, ida.holm@northwind-bakeries.example. They need 60 seats of Lumora Core, "
        f"about EUR 17,280 a year, and should sign by {close.day} {close:%B %Y}.\n\nThank you!"
    )


EXAMPLES = {
    example.key: example
    for example in (
        Example("register", "mail", "Deal registration: Northwind Bakeries", _registration),
        Example("tier", "slack", "", lambda _: "What are we still missing for the next tier?"),
        Example("tier-mail", "mail", "Our tier", lambda _: "Hello,\n\nwhat are we still missing for the next tier?"),
    )
}


def three_to_try(seats: Seats) -> tuple[Suggestion, ...]:
    """Fewer where nobody sits in such a seat."""
    found = (_register(seats.partners), _ask(seats.partners), _decide(seats.managers))
    return tuple(suggestion for suggestion in found if suggestion)


def _register(partners: tuple[PartnerSeat, ...]) -> Suggestion | None:
    seat = next((s for s in partners if s.language == "en"), partners[0] if partners else None)
    if seat is None:
        return None
    return Suggestion(
        "Register a deal by mail",
        f"Write as {seat.name} of {seat.partner_name}. The answer names the deal's number and the day of the decision.",
        f"/seats/{segment(seat.id)}?compose=mail&example=register",
        "Write the mail",
    )


def _ask(partners: tuple[PartnerSeat, ...]) -> Suggestion | None:
    seat = next((s for s in reversed(partners) if s.slack_channel), None)
    if seat:
        return Suggestion(
            "Ask in a shared channel",
            f"{seat.name} asks in #{seat.slack_channel} what is missing for the next tier, and reads figures.",
            f"/seats/{segment(seat.id)}?compose=slack&example=tier",
            "Ask in Slack",
        )
    if not partners:
        return None
    mail = partners[-1]
    return Suggestion(
        "Ask for your tier",
        f"{mail.name} of {mail.partner_name} asks what is missing for the next tier, and reads figures.",
        f"/seats/{segment(mail.id)}?compose=mail&example=tier-mail",
        "Write the mail",
    )


def _decide(managers: tuple[ManagerSeat, ...]) -> Suggestion | None:
    seat = next((m for m in managers if m.approves), None)
    if seat is None:
        return None
    return Suggestion(
        "Decide as a manager",
        f"Sit at {seat.name}’s desk: accept or refuse what waits, and the partner hears of it in the thread.",
        f"/desk/{segment(seat.id)}",
        "See what waits",
    )
