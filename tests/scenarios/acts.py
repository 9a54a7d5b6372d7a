"""What others than partners do in a dialogue: managers, the CRM's people, the recipient of a mail, and time."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from bot.announcements.segments.parsing import parse_segment
from bot.demo.slack_people import DEMO_INSTALLATION
from bot.demo.slack_posts import demo_ts
from bot.payouts.run import StatementRun
from bot.payouts.run_report import RunReport
from bot.vocabulary.results import Done
from crm.money import Money
from crm.records import Attribution, ContactRight, Deal, Lead, LeadSource, LeadState, Stage
from tests.fakes.slack.presses import press_payload
from tests.scenarios.announced import announced
from tests.scenarios.dialogue import Step
from tests.scenarios.doors import Doors
from tests.scenarios.house import House
from tests.scenarios.sides import Side

_numbers = count(9_000)  # of the vendor's own deals: four digits, which no partner's have


class Acts:
    def __init__(self, house: House, side: Side, channel: str) -> None:
        self.house = house
        self.side = side
        self.channel = channel
        self.announcement_id = ""
        self._shared: list[str] = []

    async def __call__(self, step: Step, side: Side) -> None:
        """Have it done; `side` is whose registration, lead or deal it is about."""
        self.side = side
        await getattr(self, f"_{step.does}")(step)

    async def _approve(self, step: Step) -> None:
        _done(await self.house.app.registration_desk.approve(self.side.number, step.manager))

    async def _states(self, step: Step) -> None:
        """Last month is closed for the side's partner, which gets its statement."""
        assert step.does
        app = self.house.app
        last = app.today().replace(day=1) - timedelta(days=1)
        run = StatementRun(app.database, app.queue, app.programs, self.house.clock, self.house.mirror)
        report = await run(f"{last:%Y-%m}", partner_id=self.side.seat.partner.id)
        assert isinstance(report, RunReport)
        assert report.issued, report

    async def _refuse(self, step: Step) -> None:
        _done(await self.house.app.registration_desk.refuse(self.side.number, step.manager, step.reason))

    async def _ask(self, step: Step) -> None:
        _done(await self.house.app.registration_desk.ask(self.side.number, step.manager, step.says))

    async def _decides(self, step: Step) -> None:
        """A manager answers as the channel has it: by mail, or with a button and what it then asks for."""
        if self.channel == "mail":
            await self._mails(step)
            return
        verb, _, words = step.says.partition(":")
        await self._clicks(step, verb)
        if words:
            await self.house.quiet()
            await self._under_the_card(step, words.strip())

    async def _clicks(self, step: Step, verb: str = "") -> None:
        """A button of the newest card about it; `act` says which. `who` is one of a partner's, who has no right to."""
        brief, (user, team) = await self._brief(step, "slack"), self._presser(step)
        value = _buttons(brief)[0]["value"]
        pressed = press_payload(
            user, team, f"D0{user}", f"brief:{verb or step.act}", value, message_ts=demo_ts(brief.id)
        )
        await Doors(self.house).press(pressed)

    def _presser(self, step: Step) -> tuple[str, str]:
        """Slack's ids of who presses, and of the workspace."""
        if step.who:
            seat = self.side.seat
            return seat.contacts[step.who].slack_user_id, seat.channel.partner_team_id
        manager = self.house.app.program.manager(step.manager)
        assert manager is not None
        return manager.slack_user_id, DEMO_INSTALLATION.team

    async def _under_the_card(self, step: Step, text: str) -> None:
        """Words in the thread of the card, in the manager's direct messages."""
        doors, brief, (user, team) = Doors(self.house), await self._brief(step, "slack"), self._presser(step)
        ts = doors.new_ts()
        await doors.event(
            {
                "type": "message", "channel_type": "im", "channel": f"D0{user}", "user": user, "text": text, "ts": ts,
                "event_ts": ts, "thread_ts": demo_ts(brief.id), "team": team,
            }
        )  # fmt: skip

    async def _mails(self, step: Step) -> None:
        """A manager answers the newest mail that he got about the registration, lead or person; so does who got hold
        of it: `who`, one of the partner's people, or an address. In a `new` mail he has to name the number.
        """
        if step.act == "new":
            await Doors(self.house).mail(step.manager, await self.side.filled(step.says), "A word")
            return
        brief = await self._brief(step, "mail")
        subject, key = f"Re: {brief.payload.get('subject', '')}", brief.payload["reply_key"]
        person = self.side.seat.contacts.get(step.who)
        await Doors(self.house).mail(
            person.email if person else step.who or step.manager, await self.side.filled(step.says), subject,
            in_reply_to=self.house.message_id(brief), to=f"reply+{key}@{self.house.app.own.domain}",
            headers=step.headers,
        )  # fmt: skip

    async def _brief(self, step: Step, destination: str) -> Any:
        await self.house.pass_time(timedelta())  # what is due now, without waiting for the clock
        subject = self.side.number if step.act != "lead" else self.side.lead
        sent = [b for b in await self.house.briefs() if b.destination == destination]
        about = [b for b in sent if step.act == "contact" or _first_number(b.text) == subject]
        # One that tells a manager's manager that it is late has no buttons.
        mine = [b for b in about if (_buttons(b) if destination == "slack" else b.to == step.manager)]
        assert mine, f"no manager was asked about {subject}"
        return mine[-1]

    async def _waits(self, step: Step) -> None:
        await self.house.pass_time(timedelta(days=step.days))

    async def clear_up(self) -> None:
        """Leads that nobody took go on to no other dialogue's partners."""
        for number in self._shared:
            await self.house.app.lead_desk.withdraw(number, "noor@lumora.example")

    async def _shares(self, step: Step) -> None:
        """The vendor has a lead, by default for the region of the side."""
        said = {"region": self.side.seat.partner.region, "customer": ""} | step.lead
        typed = await self._typed(said)
        if "amount" in typed:
            typed |= {"amount": typed["amount"].amount, "currency": typed["amount"].currency}
        made = Lead("", LeadSource.VENDOR, LeadState.OFFERED, **typed)
        done = await self.house.app.lead_desk.share(made, step.manager)
        assert isinstance(done, Done), done
        self._shared.append(done.reference)

    async def _closes(self, step: Step) -> None:
        _done(await self.house.app.people_desk.close(await self._address(step), step.manager))

    async def _permits(self, step: Step) -> None:
        """Exactly the rights that `act` names."""
        rights = [ContactRight(name) for name in step.act.split()]
        _done(await self.house.app.people_desk.change_rights(await self._address(step), rights, step.manager))

    async def _address(self, step: Step) -> str:
        return self.side.seat.person(await self.side.filled(step.who)).email

    async def _attributes(self, step: Step) -> None:
        """A manager calls the deal `act`: sourced or influenced."""
        desk = self.house.app.attribution_desk
        _done(await desk.change(self.side.number, step.manager, Attribution(step.act), step.reason))

    async def _changes(self, step: Step) -> None:
        """Somebody of the vendor changes the deal, or the lead, in the CRM."""
        if step.lead:
            number = await self.side.filled(step.lead.get("number", "{lead}"))
            lead = next(known for known in await self.house.leads(self.side.seat.partner.id) if known.number == number)
            await self.house.app.crm.save_lead(replace(lead, **await self._typed(step.lead)))
            await self.house.mirror()
            await self.house.app.jobs.housekeeping("nudge")
            return
        number = await self.side.filled(step.deal.get("number", "{number}"))
        deal = await self.house.app.crm.deal(self.side.seat.partner.id, number)
        assert deal is not None, number
        await self.house.app.crm.save_deal(replace(deal, **await self._typed(step.deal)))
        if step.act != "unseen":
            await self.house.mirror()

    async def _typed(self, said: dict[str, str]) -> dict[str, Any]:
        typed: dict[str, Any] = {}
        for name, value in said.items():
            filled = await self.side.filled(value)
            match name:
                case "stage":
                    typed[name] = Stage(filled)
                case "state":
                    typed[name] = LeadState(filled)
                case "products":
                    typed[name] = tuple(filled.split("; "))
                case "quantity":
                    typed[name] = int(filled)
                case "amount":
                    currency, _, number = filled.partition(" ")
                    typed[name] = Money(Decimal(number), currency)
                case "close_date" | "stage_since" | "created_on":
                    typed[name] = date.fromisoformat(filled)
                case "number":
                    continue
                case _:
                    typed[name] = filled
        return typed

    async def _sells(self, step: Step) -> None:
        """The vendor has a deal of its own with a customer."""
        said = await self._typed({name: value for name, value in step.deal.items() if name != "number"})
        number = f"D-{next(_numbers)}"
        made = Deal(
            id=f"own-{number}", number=number, partner_id="", customer="", customer_domain="",
            products=("Lumora Core",), amount=None, amount_basis=None, stage=Stage.PROPOSAL, close_date=None,
            created_on=self.house.app.today() - timedelta(days=30),
        )  # fmt: skip
        await self.house.app.crm.save_deal(replace(made, **said))
        await self.house.mirror()

    async def _announce(self, step: Step) -> None:
        desk = self.house.app.announcement_desk
        segment = parse_segment(step.segment, await desk.choices())
        self.announcement_id = await announced(self.house, step.manager, segment, step.subject, step.says)

    async def _unsubscribe(self, step: Step) -> None:
        assert step.does
        assert await Doors(self.house).post(f"/unsubscribe/{self.side.opt_out_token}", {}) == 200


def _buttons(brief: Any) -> list[dict[str, Any]]:
    rows = [block["elements"] for block in brief.payload["blocks"] if block["type"] == "actions"]
    return rows[0] if rows else []


def _first_number(text: str) -> str:
    """What it is about: others may be named further on."""
    found = re.search(r"[DL]-\d+", text)
    return found[0] if found else ""


def _done(result: object) -> None:
    assert isinstance(result, Done), result
