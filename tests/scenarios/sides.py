"""One side of a dialogue: a partner at its seat, with the thread it is in and what it last heard."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from babel.dates import format_date

from bot.demo.slack_posts import demo_ts
from bot.texts.wording import reader_locale
from tests.scenarios.house import House, Told
from tests.scenarios.seats import Seat

_PLACE = re.compile(r"\{(?P<name>[a-z_]+)(?:(?P<days>[+-]\d+)|:(?P<of>[^}]+))?\}")


@dataclass(frozen=True)
class Before:
    """What was there before a step."""

    registrations: int
    timeline: int
    tasks: frozenset[str]
    told: frozenset[str]
    briefs: frozenset[str]
    said: frozenset[str]


@dataclass
class Side:
    house: House
    seat: Seat
    language: str
    region: str
    answers: list[str] = field(default_factory=list)
    last_mail: str = ""
    reply_to: str = ""
    thread_ts: str = ""
    number: str = ""
    lead: str = ""
    leads: dict[str, str] = field(default_factory=dict)
    other: Side | None = None
    opt_out_token: str = ""
    later: list[str] = field(default_factory=list)
    laters: list[str] = field(default_factory=list)

    async def before(self) -> Before:
        partner = self.seat.partner.id
        return Before(
            registrations=len(await self.new_registrations()),
            timeline=len(await self.house.timeline(partner)),
            tasks=frozenset(task["id"] for task in await self.house.tasks(partner_id=partner)),
            told=frozenset(told.id for told in await self.house.told(partner)),
            briefs=await self.house.brief_ids(),
            said=await self.house.said_ids(),
        )

    async def new_registrations(self) -> list[dict[str, Any]]:
        """Those of this dialogue, in the order of their last change."""
        known = self.seat.brought
        return [r for r in await self.house.registrations(self.seat.partner.id) if r["number"] not in known]

    async def heard(self, answer: Told | None) -> None:
        """Remember the thread that an answer stands in, and the number it is about."""
        if answer is not None and answer.destination == "mail":
            self.last_mail = self.house.message_id(answer)
            if answer.payload.get("reply_key"):
                self.reply_to = f"reply+{answer.payload['reply_key']}@{self.house.app.own.domain}"
        if answer is not None and answer.destination == "slack":
            self.thread_ts = str(answer.payload.get("thread_ts") or "") or demo_ts(answer.id)
        if answer is not None:
            self.opt_out_token = str(answer.payload.get("opt_out_token") or self.opt_out_token)
        if saved := await self.new_registrations():
            self.number = saved[-1]["number"]
        if leads := await self.house.leads(self.seat.partner.id):
            self.lead = leads[-1].number
            self.leads |= {lead.customer: lead.number for lead in leads}

    async def filled(self, text: str) -> str:
        """Places like {date+60}, {iso+60}, {number}, {number:Customer}, {lead}, {decide_by} and {protected_until}."""
        if "{" not in text:
            return text
        held = next((r for r in await self.new_registrations() if r["number"] == self.number), {})
        return _PLACE.sub(lambda place: self._place(place, held), text)

    def _place(self, place: re.Match[str], held: dict[str, Any]) -> str:
        name, of = place["name"], place["of"]
        if name in ("date", "iso"):
            day = self.house.app.today() + timedelta(days=int(place["days"]))
            return day.isoformat() if name == "iso" else self._day(day.isoformat())
        if name == "number":
            return self.seat.numbers[of] if of else self.number
        if name == "lead":
            return self.leads[of] if of else self.lead
        if name in ("their_lead", "their_number"):
            return "" if self.other is None else self.other.lead if name == "their_lead" else self.other.number
        if name == "statement":
            last = self.house.app.today().replace(day=1) - timedelta(days=1)
            return f"S-{last:%Y-%m}"
        if name in ("decide_by", "protected_until"):
            return self._day(held[name])
        return {
            "region": self.region,
            "email": self.seat.contacts[self.seat.main].email,
            "domain": self.seat.partner.domains[0],
            "foreign_number": self.seat.foreign.number,
            "foreign_customer": self.seat.foreign.customer,
        }[name]

    def _day(self, iso: str) -> str:
        locale = reader_locale(self.language, self.seat.partner.country)
        day = format_date(date.fromisoformat(iso), "long", locale=locale)
        return re.sub(r"^1(?= )", "1er", day) if self.language == "fr" else day
