"""What others than partners do in a dialogue: managers, the CRM's people, the recipient of a mail, and time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from bot.announcements.segment import parse_segment
from bot.vocabulary.results import Done
from bot.vocabulary.segment import Announced
from crm.money import Money
from crm.records import Deal, Stage
from tests.scenarios.dialogue import Step
from tests.scenarios.doors import Doors
from tests.scenarios.house import House
from tests.scenarios.sides import Side

_numbers = count(9_000)  # of the vendor's own deals: four digits, which no partner's have


class Acts:
    def __init__(self, house: House, side: Side) -> None:
        self.house = house
        self.side = side
        self.announcement_id = ""

    async def __call__(self, step: Step, side: Side) -> None:
        """Have it done; `side` is whose registration, lead or deal it is about."""
        self.side = side
        await getattr(self, f"_{step.does}")(step)

    async def _approve(self, step: Step) -> None:
        _done(await self.house.app.registration_desk.approve(self.side.number, step.manager))

    async def _refuse(self, step: Step) -> None:
        _done(await self.house.app.registration_desk.refuse(self.side.number, step.manager, step.reason))

    async def _ask(self, step: Step) -> None:
        _done(await self.house.app.registration_desk.ask(self.side.number, step.manager, step.says))

    async def _mails(self, step: Step) -> None:
        """A manager answers the newest mail that he got about the registration, lead or person."""
        brief = await self._brief(step, "mail")
        subject, key = f"Re: {brief.payload.get('subject', '')}", brief.payload["reply_key"]
        await Doors(self.house).mail(
            step.manager, await self.side.filled(step.says), subject, in_reply_to=self.house.message_id(brief),
            to=f"reply+{key}@{self.house.app.own.domain}",
        )  # fmt: skip

    async def _brief(self, step: Step, destination: str) -> Any:
        subject = self.side.number if step.act != "lead" else self.side.lead
        sent = [b for b in await self.house.briefs() if b.destination == destination]
        about = [b for b in sent if step.act == "contact" or subject in b.text]
        mine = [b for b in about if destination == "slack" or b.to == step.manager]
        assert mine, f"no manager was asked about {subject}"
        return mine[-1]

    async def _waits(self, step: Step) -> None:
        await self.house.pass_time(timedelta(days=step.days))

    async def _changes(self, step: Step) -> None:
        """Somebody of the vendor changes the deal in the CRM."""
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
        announced = await desk.announce(step.manager, segment, step.subject, step.says, dry_run=False)
        assert isinstance(announced, Announced), announced
        self.announcement_id = announced.announcement_id

    async def _unsubscribe(self, step: Step) -> None:
        assert step.does
        assert await Doors(self.house).post(f"/unsubscribe/{self.side.opt_out_token}", {}) == 200


def _done(result: object) -> None:
    assert isinstance(result, Done), result
